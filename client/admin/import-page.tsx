import { createSignal, For, Show } from 'solid-js'
import type { Election } from '#contract/api.ts'
import type { ImportKind, ImportReport } from '#contract/imports.ts'
import { electionName } from '../i18n/names.ts'
import { say } from '../i18n/say.tsx'
import { useSession } from '../session-context.ts'
import type { FailureCode } from '../sync/api.ts'
import { sendList } from '../sync/imports.ts'
import { FileField, type ListFile } from './file-field.tsx'
import { AdminFrame } from './frame.tsx'
import './import.css'
import { KindField } from './kind-field.tsx'
import { type FailureWords, Report } from './report.tsx'

/** What has come of the file that is chosen. The report of its check stays in view while it is imported. */
type Progress =
  | { readonly step: 'not-asked' }
  | { readonly step: 'checking' }
  | { readonly step: 'importing'; readonly report: ImportReport }
  | { readonly step: 'answered'; readonly report: ImportReport }
  | { readonly step: 'failed'; readonly words: FailureWords }

/** Lists of the election, by its administrators: first checked, then imported, the same bytes both times. */
export default function ImportPage(props: { readonly elections: readonly Election[] }) {
  const session = useSession()
  const [kind, setKind] = createSignal<ImportKind>('committees')
  const [chosenElection, setElection] = createSignal<string>()
  const election = () => props.elections.find(({ id }) => id === chosenElection()) ?? props.elections[0]
  const [file, setFile] = createSignal<ListFile>()
  const [progress, setProgress] = createSignal<Progress>({ step: 'not-asked' })
  let reportCard: HTMLElement | undefined

  const isAsking = () => progress().step === 'checking' || progress().step === 'importing'
  /** A report is of one list and one file. */
  const begin = (change: () => void) => {
    if (isAsking()) return
    change()
    setProgress({ step: 'not-asked' })
  }
  const send = async (checked?: ImportReport) => {
    const chosen = file()
    const into = election()
    if (chosen === undefined || into === undefined || isAsking()) return
    setProgress(checked === undefined ? { step: 'checking' } : { step: 'importing', report: checked })
    const answer = await sendList(session, { election: into.id, kind: kind() }, chosen.bytes, { dry_run: checked === undefined })
    setProgress(answer.ok ? { step: 'answered', report: answer.value } : { step: 'failed', words: wordsFor(answer.error) })
    reportCard?.scrollIntoView({ block: 'nearest' })
  }
  const report = () => {
    const now = progress()
    return 'report' in now ? now.report : undefined
  }
  const toImport = () => {
    const now = report()
    return now?.dry_run === true && now.problems_total === 0 && changesIn(now) > 0 ? now : undefined
  }
  const isImporting = () => progress().step === 'importing'

  return (
    <AdminFrame
      place="import"
      title={say('import.title')}
      about={<Show when={election()}>{(shown) => <bdi>{electionName(shown())}</bdi>}</Show>}
    >
      <main class="grid grow content-start gap-2.5 overflow-y-auto px-3 py-3.5 lg:grid-cols-[minmax(0,2fr)_minmax(0,3fr)]">
        <section class="card flex flex-col gap-4 self-start p-3.5">
          <Show when={props.elections.length > 1}>
            <label>
              <span class="label mb-1 block">{say('import.election')}</span>
              <span class="field">
                <select
                  class="min-w-0 grow self-stretch bg-transparent outline-none"
                  disabled={isAsking()}
                  onChange={(event) => begin(() => setElection(event.currentTarget.value))}
                >
                  <For each={props.elections}>
                    {(one) => (
                      <option value={one.id} selected={one.id === election()?.id}>
                        {electionName(one)}
                      </option>
                    )}
                  </For>
                </select>
              </span>
            </label>
          </Show>
          <KindField kind={kind()} onChoose={(chosen) => begin(() => setKind(chosen))} disabled={isAsking()} />
          <FileField
            file={file()}
            disabled={isAsking()}
            onChoose={(chosen) => begin(() => setFile(chosen))}
            onUnreadable={() => {
              setFile(undefined)
              setProgress({ step: 'failed', words: 'import.not_read' })
            }}
          />
          <button
            type="button"
            class={`button big ${report() === undefined ? 'primary' : 'secondary'}`}
            aria-disabled={file() === undefined || isImporting()}
            aria-busy={progress().step === 'checking'}
            onClick={() => void send()}
          >
            {progress().step === 'checking' ? say('import.checking') : say('import.check')}
          </button>
        </section>
        <section
          ref={reportCard}
          class="card flex flex-col gap-3 self-start p-3.5"
          aria-labelledby="import-report"
          aria-live="polite"
          aria-busy={isAsking()}
        >
          <h2 id="import-report" class="text-title font-bold">
            {say('import.report')}
          </h2>
          <Report report={report()} failed={failedIn(progress())} />
          <Show when={toImport()}>
            {(checked) => (
              <button type="button" class="button primary big" aria-busy={isImporting()} onClick={() => void send(checked())}>
                <span>{isImporting() ? say('import.committing') : say('import.commit', { n: checked().lines })}</span>
              </button>
            )}
          </Show>
        </section>
      </main>
    </AdminFrame>
  )
}

const failedIn = (progress: Progress): FailureWords | undefined => (progress.step === 'failed' ? progress.words : undefined)

const changesIn = ({ created, updated, deactivated }: ImportReport): number => created + updated + deactivated

function wordsFor(code: FailureCode): FailureWords {
  if (code === 'offline') return 'refusal.offline'
  if (code === 'too-large') return 'import.too_large'
  if (code === 'forbidden') return 'refusal.not_allowed'
  return code === 'store-unavailable' || code === 'draining' || code === 'overloaded' ? 'refusal.busy' : 'refusal.other'
}
