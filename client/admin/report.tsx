import CheckCheck from 'lucide-solid/icons/check-check'
import FileCheck from 'lucide-solid/icons/file-check'
import FileX from 'lucide-solid/icons/file-x'
import { type Component, For, type JSX, Match, Show, Switch } from 'solid-js'
import { Dynamic } from 'solid-js/web'
import type { ImportMade, ImportProblem, ImportReport } from '#contract/imports.ts'
import { Nothing } from '../design/nothing.tsx'
import { figure, numeral, say } from '../i18n/say.tsx'
import type { WordKey } from '../i18n/words.ts'

/** Why there is no report. */
export type FailureWords = Extract<
  WordKey,
  'refusal.offline' | 'refusal.not_allowed' | 'refusal.busy' | 'refusal.other' | 'import.too_large' | 'import.not_read'
>

/** What a file does, or what is wrong with it, in plain words. */
export function Report(props: { readonly report: ImportReport | undefined; readonly failed: FailureWords | undefined }) {
  return (
    <Switch fallback={<Nothing icon={<FileCheck size={28} />} title={say('import.waiting')} next={say('import.waiting_next')} />}>
      <Match when={props.failed}>
        {(words) => (
          <p class="import-verdict bad" role="alert">
            <FileX size={24} />
            {say(words())}
          </p>
        )}
      </Match>
      <Match when={props.report}>
        {(report) => (
          <Show when={report().problems_total === 0} fallback={<Bad report={report()} />}>
            <Good report={report()} />
          </Show>
        )}
      </Match>
    </Switch>
  )
}

function Verdict(props: {
  readonly good: boolean
  readonly icon: Component<{ size: number }>
  readonly title: JSX.Element
  readonly next: JSX.Element
}) {
  return (
    <div class={`import-verdict ${props.good ? 'good' : 'bad'}`}>
      <Dynamic component={props.icon} size={28} />
      <div>
        <b class="text-title">{props.title}</b>
        <p class="text-label">{props.next}</p>
      </div>
    </div>
  )
}

const counts = ['created', 'updated', 'unchanged'] as const

function Good(props: { readonly report: ImportReport }) {
  const words = () => {
    const { dry_run, created, updated, deactivated } = props.report
    if (!dry_run) return 'done'
    return created + updated + deactivated > 0 ? 'good' : 'same'
  }
  const made = () => Object.entries(props.report.made).filter(([, n]) => n > 0) as [ImportMade, number][]
  // Only on a roll is anybody ever struck through; there it is said also that nobody is.
  const figures = () => [...counts, ...(props.report.kind === 'roll' ? (['deactivated'] as const) : [])]
  return (
    <div class="flex flex-col gap-3">
      <Verdict
        good
        icon={words() === 'good' ? FileCheck : CheckCheck}
        title={say(`import.${words()}`)}
        next={say(`import.${words()}_next`)}
      />
      <dl class="import-figures">
        <For each={figures()}>
          {(name) => (
            <div classList={{ struck: name === 'deactivated' && props.report.deactivated > 0 }}>
              <dt>{say(`import.${name}`)}</dt>
              <dd>{figure(props.report[name])}</dd>
            </div>
          )}
        </For>
      </dl>
      <Show when={made().length > 0}>
        <ul class="flex flex-wrap gap-1.5">
          <For each={made()}>{([what, n]) => <li class="chip ink">{say(`import.made_${what}`, { n })}</li>}</For>
        </ul>
      </Show>
      <Ignored columns={props.report.ignored_columns} />
    </div>
  )
}

function Bad(props: { readonly report: ImportReport }) {
  const more = () => props.report.problems_total > props.report.problems.length
  return (
    <div class="flex flex-col gap-3">
      <Verdict good={false} icon={FileX} title={say('import.bad', { n: props.report.problems_total })} next={say('import.bad_next')} />
      <Show when={more()}>
        <p class="label">{say('import.first_of', { n: props.report.problems.length, of: props.report.problems_total })}</p>
      </Show>
      <ul class="import-problems">
        <For each={props.report.problems}>{(problem) => <Problem problem={problem} />}</For>
      </ul>
      <Ignored columns={props.report.ignored_columns} />
    </div>
  )
}

function Problem(props: { readonly problem: ImportProblem }) {
  return (
    <li>
      <b class="columns-of-figures text-label">{say('import.line', { line: numeral(props.problem.line) })}</b>
      <div class="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1">
        <Show when={props.problem.column}>
          <bdi class="import-column">{props.problem.column}</bdi>
        </Show>
        <span>
          {say(`import.problem_${props.problem.code}`)}
          <Show when={props.problem.first_line}>{(line) => <> · {say('import.same_as', { line: numeral(line()) })}</>}</Show>
        </span>
        <Show when={props.problem.value}>
          <bdi class="chip min-w-0 whitespace-normal! [overflow-wrap:anywhere]">{props.problem.value}</bdi>
        </Show>
      </div>
    </li>
  )
}

/** Perhaps a name misspelt, and a column that nobody misses until the day. */
function Ignored(props: { readonly columns: readonly string[] }) {
  return (
    <Show when={props.columns.length > 0}>
      <p class="text-label text-warn">{say('import.ignored', { columns: props.columns.join(', ') })}</p>
    </Show>
  )
}
