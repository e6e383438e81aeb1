import Plus from 'lucide-solid/icons/plus'
import X from 'lucide-solid/icons/x'
import { createEffect, createMemo, createSignal, For, on, onCleanup, Show } from 'solid-js'
import type { Account, Assignment, AssignmentRequest, MeAnswer } from '#contract/api.ts'
import { parseCommitteeId } from '#contract/ids.ts'
import { type Right, rights, rightsOfRole } from '#contract/rights.ts'
import { committeeName, siteName } from '../i18n/names.ts'
import { numeral, say, text } from '../i18n/say.tsx'
import { useSession } from '../session-context.ts'
import { type AdminFailure, listAssignments, putAssignment, removeAssignment } from '../sync/admin.ts'
import { failureSaid } from './failure.tsx'
import { SelectField } from './fields.tsx'

const siteMark = 'site:'

/** Where somebody works, and with which rights beside those of the role. Each change is made at once, and undone by making it back. */
export function Assignments(props: { readonly me: MeAnswer; readonly account: Account }) {
  const session = useSession()
  const [all, setAll] = createSignal<readonly Assignment[]>()
  const [failed, setFailed] = createSignal<AdminFailure>()
  let question = 0
  const ask = async () => {
    question += 1
    const asked = question
    const answer = await listAssignments(session, props.account.id)
    if (asked !== question) return
    setFailed(answer.ok ? undefined : answer.error)
    if (answer.ok) setAll(answer.value)
  }
  createEffect(
    on(
      () => props.account.id,
      () => void ask(),
    ),
  )
  onCleanup(() => {
    question += 1
  })
  const put = async (request: AssignmentRequest) => {
    const answer = await putAssignment(session, request)
    setFailed(answer.ok ? undefined : answer.error)
    await ask()
  }
  const remove = async (assignment: Assignment) => {
    const answer = await removeAssignment(session, assignment)
    setFailed(answer.ok ? undefined : answer.error)
    await ask()
  }
  return (
    <section class="flex flex-col gap-2" aria-labelledby="adm-assignments">
      <h3 id="adm-assignments" class="text-body font-bold">
        {say('adm.assignments')}
      </h3>
      <Show when={props.account.role !== 'administrator'} fallback={<p class="text-label text-text-2">{say('adm.everywhere')}</p>}>
        <ul class="flex flex-col gap-2">
          <For
            each={all() ?? []}
            fallback={<li class="text-label text-text-2">{say(all() === undefined ? 'adm.asking' : 'adm.nowhere')}</li>}
          >
            {(assignment) => (
              <One me={props.me} account={props.account} assignment={assignment} onPut={put} onRemove={() => void remove(assignment)} />
            )}
          </For>
        </ul>
        <Add me={props.me} account={props.account} onPut={put} />
      </Show>
      <Show when={failed()}>
        {(code) => (
          <p role="alert" class="text-label font-semibold text-alarm">
            {failureSaid(code())}
          </p>
        )}
      </Show>
    </section>
  )
}

function One(props: {
  readonly me: MeAnswer
  readonly account: Account
  readonly assignment: Assignment
  readonly onPut: (request: AssignmentRequest) => Promise<void>
  readonly onRemove: () => void
}) {
  const place = () => {
    const { committee, site } = props.assignment
    const entry = props.me.committees.find(({ id }) => id === committee)
    if (entry !== undefined)
      return text('committees.of', { code: numeral(entry.code), place: `${siteName(entry)} · ${committeeName(entry)}` })
    return site === undefined ? numeral(committee ?? '') : text('adm.site', { site })
  }
  const has = (right: Right) => {
    const { added, taken } = props.assignment
    return !taken.includes(right) && (added.includes(right) || (rightsOfRole[props.account.role] as readonly Right[]).includes(right))
  }
  const turn = (right: Right) => {
    const { user, committee, site, election, added, taken } = props.assignment
    const ofRole = (rightsOfRole[props.account.role] as readonly Right[]).includes(right)
    const without = (list: readonly Right[]) => list.filter((one) => one !== right)
    const now = !has(right)
    return props.onPut({
      user,
      ...(committee === undefined ? { site: site ?? '', election } : { committee }),
      added: now && !ofRole ? [...without(added), right] : without(added),
      taken: !now && ofRole ? [...without(taken), right] : without(taken),
    })
  }
  return (
    <li class="rounded-card border border-line p-3">
      <div class="flex items-center gap-2">
        <b class="min-w-0 grow">
          <bdi>{place()}</bdi>
        </b>
        <button type="button" class="icon-button" aria-label={text('adm.remove', { place: place() })} onClick={() => props.onRemove()}>
          <X size={20} />
        </button>
      </div>
      <fieldset class="adm-rights">
        <legend class="sr-only">{say('adm.rights')}</legend>
        <For each={rights}>
          {(right) => (
            <button type="button" aria-pressed={has(right)} onClick={() => void turn(right)}>
              {say(`adm.right_${right}`)}
            </button>
          )}
        </For>
      </fieldset>
    </li>
  )
}

/** A committee, or every one of a site, also those that come to it later. */
function Add(props: { readonly me: MeAnswer; readonly account: Account; readonly onPut: (request: AssignmentRequest) => Promise<void> }) {
  const [place, setPlace] = createSignal('')
  const options = createMemo(() => {
    const { committees } = props.me
    const sites = [...new Map(committees.map((entry) => [`${entry.election}\n${entry.site}`, entry])).values()]
    return [
      ['', text('adm.choose_place')] as const,
      ...sites.map((entry) => [`${siteMark}${entry.election}\n${entry.site}`, text('adm.site', { site: siteName(entry) })] as const),
      ...committees.map((entry) => [entry.id, text('committees.of', { code: numeral(entry.code), place: siteName(entry) })] as const),
    ]
  })
  const add = async () => {
    const chosen = place()
    if (chosen === '') return
    const user = props.account.id
    setPlace('')
    const committee = parseCommitteeId(chosen)
    if (!chosen.startsWith(siteMark) && committee.ok) return props.onPut({ user, committee: committee.value })
    const [election = '', site = ''] = chosen.slice(siteMark.length).split('\n')
    return props.onPut({ user, site, election })
  }
  return (
    <div class="flex items-end gap-2">
      <div class="min-w-0 grow">
        <SelectField label={text('adm.add_place')} value={place()} options={options()} onChange={setPlace} />
      </div>
      <button type="button" class="button soft" aria-disabled={place() === ''} onClick={() => void add()}>
        <Plus size={20} />
        {say('adm.assign')}
      </button>
    </div>
  )
}
