import Smartphone from 'lucide-solid/icons/monitor-smartphone'
import { For, type JSX, Show } from 'solid-js'
import { keyOf } from '#contract/document/keys.ts'
import { type ElectorSerial, parseElectorSerial } from '#contract/ids.ts'
import { Avatar, lettersOf, type Person as Shown } from '../../design/avatar.tsx'
import { Nothing } from '../../design/nothing.tsx'
import { Sheet } from '../../design/sheet.tsx'
import { personName, shortName } from '../../i18n/names.ts'
import { numeral, say } from '../../i18n/say.tsx'
import type { CommitteeSession } from '../../sync/committee-session.ts'
import { useCommittee } from '../context.ts'
import { sheetLetter } from '../count/sheet-letter.ts'
import { type DeviceHere, type PersonHere, peopleHere } from './here.ts'
import './people.css'

const shownOf = ({ user, away }: PersonHere): Shown => ({ id: user.id, name: personName(user), presence: away ? 'away' : 'present' })

/** For the head of a screen. */
export const othersHere = (committee: CommitteeSession): readonly Shown[] =>
  peopleHere(committee.people())
    .filter(({ me }) => !me)
    .map(shownOf)

/** Everybody here: who they are, and of each of their devices what it shows and what it has not sent. */
export function PeopleSheet(props: { readonly open: boolean; readonly onClose: () => void }) {
  const { committee } = useCommittee()
  const people = () => peopleHere(committee.people())
  const letters = () => lettersOf(people().map(shownOf))
  return (
    <Sheet open={props.open} onClose={() => props.onClose()} title={say('people.title')} toRead>
      <ul class="flex flex-col">
        <For
          each={people()}
          fallback={
            <li>
              <Nothing title={say('people.open', { n: 0 })} next={say('people.nobody')} />
            </li>
          }
        >
          {(person) => (
            <li class="person-here">
              <div class="flex items-center gap-3">
                <Avatar person={shownOf(person)} letters={letters().get(person.user.id)} large />
                <span class="min-w-0 grow">
                  <b class="truncate-line block text-body/[23px]">
                    <bdi>{personName(person.user)}</bdi>
                  </b>
                  <span class="text-meta text-text-2">
                    <span>{say(`role.${person.user.role}`)}</span>
                    <Show when={person.devices.length > 1}> · {say('people.devices', { n: person.devices.length })}</Show>
                  </span>
                </span>
                <span class="chip" classList={{ ok: !person.away }}>
                  {person.me ? say('you') : say(person.away ? 'people.away' : 'people.present')}
                </span>
              </div>
              <ul class="devices-here">
                <For each={person.devices}>
                  {(device, index) => <Device device={device} n={person.devices.length > 1 ? index() + 1 : undefined} />}
                </For>
              </ul>
            </li>
          )}
        </For>
      </ul>
    </Sheet>
  )
}

/** `n`: which of several it is. */
function Device(props: { readonly device: DeviceHere; readonly n: number | undefined }) {
  const { roll } = useCommittee()
  const named = (serial: ElectorSerial) => {
    const elector = roll().bySerial.get(serial)
    return { serial: numeral(serial), name: elector === undefined ? '' : shortName(elector.name) }
  }
  const facts = () => props.device.places.flatMap((place) => factsOf(place, named))
  return (
    <Show when={props.n !== undefined || facts().length > 0 || props.device.unsent > 0}>
      <li>
        <Show when={props.n}>
          {(n) => (
            <p class="flex items-center gap-1.5 font-semibold">
              <Smartphone size={16} class="flex-none" />
              {props.device.mine ? say('people.this_device') : say('people.device', { n: numeral(n()) })}
              <Show when={props.device.away}>
                <span class="font-normal text-text-2">· {say('people.away')}</span>
              </Show>
            </p>
          )}
        </Show>
        <For each={facts()}>{(fact) => <p>{fact}</p>}</For>
        <Show when={props.device.unsent > 0}>
          <span class="chip here waiting-here">{say('people.unsent', { n: props.device.unsent })}</span>
        </Show>
      </li>
    </Show>
  )
}

type Named = (serial: ElectorSerial) => { readonly serial: string; readonly name: string }

/** Where a page is, from the largest to the smallest; what it has not said is left out. */
function factsOf(at: DeviceHere['places'][number], named: Named): readonly JSX.Element[] {
  const { view, elector, sheet, ballot, claim, typing } = at
  const note = noteIn(typing)
  const facts: (JSX.Element | undefined)[] = [
    view === undefined || sheet !== undefined ? undefined : say(`people.in_${view}`),
    sheet === undefined ? undefined : countsOn(sheet, ballot),
    elector === undefined ? undefined : say('people.at_elector', named(elector)),
    note === undefined ? undefined : say('people.types', { serial: numeral(note) }),
    claim === undefined ? undefined : say('people.calls', named(claim.elector)),
  ]
  return facts.filter((fact) => fact !== undefined)
}

/** Whose note it is that somebody types in, where it is one. */
function noteIn(typing: string | undefined): ElectorSerial | undefined {
  const elector = parseElectorSerial(typing?.slice(typing.indexOf('/') + 1))
  return elector.ok && typing === keyOf.note(elector.value) ? elector.value : undefined
}

const countsOn = (sheet: NonNullable<DeviceHere['places'][number]['sheet']>, ballot: number | undefined): JSX.Element =>
  ballot === undefined
    ? say('people.on_sheet', { sheet: sheetLetter(sheet) })
    : say('people.counts', { sheet: sheetLetter(sheet), n: numeral(ballot) })
