import Gavel from 'lucide-solid/icons/gavel'
import Undo from 'lucide-solid/icons/undo-2'
import { For, Show } from 'solid-js'
import type { Elector } from '#contract/api.ts'
import { Avatar } from '../../design/avatar.tsx'
import { SavedChip } from '../../design/saved.tsx'
import { clock, say } from '../../i18n/say.tsx'
import { useCommittee } from '../context.ts'
import { overrule, restore, withdraw } from './attend.ts'
import { AskWhy } from './reason-form.tsx'

export function AttendanceSection(props: { readonly elector: Elector }) {
  const { committee } = useCommittee()
  const witnesses = () => committee.attendance[props.elector.serial]?.witnesses ?? []
  const mine = () => witnesses().some((witness) => witness.mine)
  return (
    <section aria-labelledby="attendance-title">
      <h3 id="attendance-title" class="label mb-1">
        {say('elector.attendance')}
      </h3>
      <ul class="figures-list">
        <For
          each={witnesses()}
          fallback={
            <Show when={committee.attendance[props.elector.serial]?.overruled === undefined}>
              <li class="text-label text-text-2">{say(props.elector.sex === 'f' ? 'elector.nobody_yet_f' : 'elector.nobody_yet')}</li>
            </Show>
          }
        >
          {(witness) => (
            <li>
              <Avatar person={{ id: witness.user, name: committee.nameOf(witness.user) }} />
              <span class="truncate-line grow font-semibold">
                <bdi>{witness.mine ? say('you') : committee.nameOf(witness.user)}</bdi>
              </span>
              <span class="columns-of-figures text-label text-text-2">{clock(witness.at_s * 1_000)}</span>
              <SavedChip durable={witness.durable} />
            </li>
          )}
        </For>
      </ul>
      <Show when={mine() && committee.rights().includes('attendance')}>
        <Withdraw elector={props.elector} />
      </Show>
      <Show when={witnesses().length > 0 && committee.rights().includes('rule')}>
        <Rule elector={props.elector} />
      </Show>
      <Overruled elector={props.elector} />
    </section>
  )
}

/** A mark is not deleted but withdrawn, and the record keeps why. */
function Withdraw(props: { readonly elector: Elector }) {
  const view = useCommittee()
  return (
    <AskWhy
      icon={<Undo size={18} class="mirror" />}
      what={say('elector.withdraw')}
      question={say('elector.withdraw_why')}
      reasons={['elector.why_wrong_number', 'elector.why_wrong_person', 'elector.why_not_voted']}
      onReason={(why) => withdraw(view, props.elector.serial, why)}
    />
  )
}

/** A supervisor's word that the marks are wrong, whoever gave them. They stay on record beside it, and a new mark stands again. */
function Rule(props: { readonly elector: Elector }) {
  const view = useCommittee()
  return (
    <AskWhy
      icon={<Gavel size={18} />}
      what={say('elector.rule')}
      question={say('elector.rule_why')}
      reasons={['elector.why_not_here', 'elector.why_wrong_number', 'elector.why_wrong_person', 'elector.why_not_voted']}
      onReason={(why) => overrule(view, props.elector.serial, why)}
    />
  )
}

/** Who ruled, on whose marks and why. */
function Overruled(props: { readonly elector: Elector }) {
  const view = useCommittee()
  const ruling = () => view.committee.attendance[props.elector.serial]?.overruled
  return (
    <Show when={ruling()}>
      {(found) => (
        <div class="mt-2 flex flex-col items-start gap-1 rounded-control bg-sunk p-3 text-label">
          <p class="flex gap-2">
            <Gavel size={18} class="mt-0.5 flex-none" />
            <span>
              {say('elector.overruled', {
                who: view.committee.nameOf(found().by),
                when: clock(found().at_s * 1_000),
                why: found().why,
              })}
            </span>
          </p>
          <p class="text-text-2 line-through">
            <bdi>
              {found()
                .users.map((user) => view.committee.nameOf(user))
                .join(' · ')}
            </bdi>
          </p>
          <Show when={view.committee.rights().includes('rule')}>
            <button type="button" class="button quiet small px-0!" onClick={() => restore(view, props.elector.serial)}>
              <Undo size={18} class="mirror" />
              {say('elector.restore_marks')}
            </button>
          </Show>
        </div>
      )}
    </Show>
  )
}
