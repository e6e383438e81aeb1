import FileCheck from 'lucide-solid/icons/file-check'
import LogOut from 'lucide-solid/icons/log-out'
import UserRoundCog from 'lucide-solid/icons/user-round-cog'
import Users from 'lucide-solid/icons/users'
import { For, type JSX, Show } from 'solid-js'
import type { UserId } from '#contract/ids.ts'
import { Sheet } from '../../design/sheet.tsx'
import { nameParts, personName } from '../../i18n/names.ts'
import { say } from '../../i18n/say.tsx'
import { hrefOf } from '../../route.ts'
import type { CommitteeSession } from '../../sync/committee-session.ts'
import { useCommittee } from '../context.ts'
import type { OnSheet } from './sheet-choice.ts'
import { sheetLetter } from './sheet-letter.ts'

const leave = (committee: CommitteeSession) => {
  location.hash = hrefOf({ place: 'committee', id: committee.entry.id, tab: 'roll' })
}

function Answer(props: {
  readonly icon: JSX.Element
  readonly title: JSX.Element
  readonly note: JSX.Element
  readonly onGive: () => void
}) {
  return (
    <button type="button" class="answer" onClick={() => props.onGive()}>
      {props.icon}
      <span>
        <b>{props.title}</b>
        <span>{props.note}</span>
      </span>
    </button>
  )
}

/** Before the first ballot on a sheet that others are on. What is closed unanswered leads back to where one was. */
export function SheetQuestion() {
  const { committee, counting } = useCommittee()
  return (
    <Show when={counting.question()?.sheet} keyed>
      {(sheet) => (
        <Sheet
          open
          onClose={() => counting.dismiss() || leave(committee)}
          title={say('count.ask_title', { sheet: sheetLetter(sheet) })}
          subtitle={<Who on={counting.on(sheet)} />}
        >
          <div class="flex flex-col gap-2.5 pt-1">
            <Answer
              icon={<Users size={28} />}
              title={say('count.ask_share')}
              note={say('count.ask_share_note')}
              onGive={() => counting.share()}
            />
            <Answer
              icon={<UserRoundCog size={28} />}
              title={say('count.ask_take')}
              note={say('count.ask_take_note')}
              onGive={() => counting.takeOver()}
            />
            <CheckAnswer />
          </div>
        </Sheet>
      )}
    </Show>
  )
}

/** There are four sheets; with all of them taken there is nothing to check on. */
function CheckAnswer() {
  const { counting } = useCommittee()
  return (
    <Show when={counting.check()} keyed>
      {(free) => (
        <Answer
          icon={<FileCheck size={28} />}
          title={say('count.ask_check', { sheet: sheetLetter(free) })}
          note={say('count.ask_check_note')}
          onGive={() => counting.begin(free)}
        />
      )}
    </Show>
  )
}

function Who(props: { readonly on: OnSheet }) {
  const { committee, user } = useCommittee()
  const given = (id: UserId) => nameParts(committee.nameOf(id)).given
  const live = () => [...new Set(props.on.live.map((one) => one.user))]
  const gone = () => props.on.counters.filter((id) => id !== user.id && !live().includes(id))
  return (
    <p class="flex flex-wrap gap-x-3 text-label text-text-2">
      <For each={live()}>{(id) => <span>{say('count.ask_live', { who: given(id) })}</span>}</For>
      <For each={gone()}>{(id) => <span>{say('count.ask_gone', { who: given(id) })}</span>}</For>
    </p>
  )
}

/** Somebody else took this person's sheet over: nobody goes on beside them without knowing. */
export function TakenOver() {
  const { committee, counting } = useCommittee()
  return (
    <Show when={counting.takenBy()?.client} keyed>
      {(client) => {
        const taker = committee.people().find((person) => person.client === client)?.user
        const who = taker === undefined ? '' : nameParts(personName(taker)).given
        const go = (then: () => void) => {
          counting.answer(client)
          then()
        }
        return (
          <Sheet
            open
            onClose={() => go(() => leave(committee))}
            title={say('count.taken_title', { who, sheet: sheetLetter(counting.sheet()) })}
            subtitle={<p class="text-label text-text-2">{say('count.taken_safe')}</p>}
          >
            <div class="flex flex-col gap-2.5 pt-1">
              <Answer
                icon={<LogOut size={28} class="mirror" />}
                title={say('count.taken_stop')}
                note={say('count.taken_stop_note')}
                onGive={() => go(() => leave(committee))}
              />
              <Answer
                icon={<Users size={28} />}
                title={say('count.ask_share')}
                note={say('count.ask_share_note')}
                onGive={() => go(() => counting.share())}
              />
              <Show when={counting.check()} keyed>
                {(free) => (
                  <Answer
                    icon={<FileCheck size={28} />}
                    title={say('count.ask_check', { sheet: sheetLetter(free) })}
                    note={say('count.ask_check_note')}
                    onGive={() => go(() => counting.begin(free))}
                  />
                )}
              </Show>
            </div>
          </Sheet>
        )
      }}
    </Show>
  )
}
