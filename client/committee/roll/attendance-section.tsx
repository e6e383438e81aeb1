import Check from 'lucide-solid/icons/check'
import CheckCheck from 'lucide-solid/icons/check-check'
import Smartphone from 'lucide-solid/icons/smartphone'
import Undo from 'lucide-solid/icons/undo-2'
import { createSignal, For, Show } from 'solid-js'
import type { Elector } from '#contract/api.ts'
import { Avatar } from '../../design/avatar.tsx'
import { clock, say, text } from '../../i18n/say.tsx'
import { useCommittee } from '../context.ts'
import { withdraw } from './attend.ts'

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
            <li class="text-label text-text-2">{say(props.elector.sex === 'f' ? 'elector.nobody_yet_f' : 'elector.nobody_yet')}</li>
          }
        >
          {(witness) => (
            <li>
              <Avatar person={{ id: witness.user, name: committee.nameOf(witness.user) }} />
              <span class="truncate-line grow font-semibold">
                <bdi>{witness.mine ? say('you') : committee.nameOf(witness.user)}</bdi>
              </span>
              <span class="columns-of-figures text-label text-text-2">{clock(witness.at_s * 1_000)}</span>
              <Show
                when={witness.durable}
                fallback={
                  <span class="chip here">
                    <Smartphone size={16} />
                    <Check size={16} />
                    {say('roll.here')}
                  </span>
                }
              >
                <span class="chip ok">
                  <CheckCheck size={16} />
                  {say('status.saved')}
                </span>
              </Show>
            </li>
          )}
        </For>
      </ul>
      <Show when={mine() && committee.rights().includes('attendance')}>
        <Withdraw elector={props.elector} />
      </Show>
    </section>
  )
}

const reasons = ['elector.why_wrong_number', 'elector.why_wrong_person', 'elector.why_not_voted'] as const
const reason_characters_max = 120

/** A mark is not deleted but withdrawn, and the record keeps why. */
function Withdraw(props: { readonly elector: Elector }) {
  const view = useCommittee()
  const [asking, setAsking] = createSignal(false)
  const [other, setOther] = createSignal('')
  const because = (why: string) => {
    if (why.trim() === '') return
    withdraw(view, props.elector.serial, why.trim())
    setAsking(false)
  }
  return (
    <Show
      when={asking()}
      fallback={
        <button type="button" class="button quiet small mt-1" onClick={() => setAsking(true)}>
          <Undo size={18} class="mirror" />
          {say('elector.withdraw')}
        </button>
      }
    >
      <form
        class="mt-2 flex flex-col gap-2"
        onSubmit={(event) => {
          event.preventDefault()
          because(other())
        }}
      >
        <p class="text-label text-text-2">{say('elector.withdraw_why')}</p>
        <div class="flex flex-wrap gap-2">
          <For each={reasons}>
            {(reason) => (
              <button type="button" class="button secondary small" onClick={() => because(text(reason))}>
                {say(reason)}
              </button>
            )}
          </For>
        </div>
        <div class="flex gap-2">
          <label class="field min-h-11! flex-1">
            <input
              aria-label={text('elector.why_other')}
              placeholder={text('elector.why_other')}
              maxLength={reason_characters_max}
              value={other()}
              onInput={(event) => setOther(event.currentTarget.value)}
            />
          </label>
          <Show
            when={other().trim() !== ''}
            fallback={
              <button type="button" class="button quiet small" onClick={() => setAsking(false)}>
                {say('elector.keep')}
              </button>
            }
          >
            <button type="submit" class="button primary small">
              {say('elector.withdraw')}
            </button>
          </Show>
        </div>
      </form>
    </Show>
  )
}
