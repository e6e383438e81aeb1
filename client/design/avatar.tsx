import { For, Show } from 'solid-js'
import type { UserId } from '#contract/ids.ts'
import { numeral, text } from '../i18n/say.tsx'

export type Person = { readonly id: UserId; readonly name: string; readonly presence?: 'present' | 'away' }

const hues = 8
const most_in_line = 3
const hueOf = (id: UserId): number => (id % hues) + 1

/** Gives what is theirs their colour, as a line or a word. */
export const caretClass = (id: UserId): string => `person-caret-${hueOf(id)}`

const firstLetter = (name: string): string => [...name.trim()][0] ?? '?'
const firstTwo = (name: string): string => [...name.trim()].slice(0, 2).join('\u200c')

/**
 * Letters per person: one, or two where two people on the screen begin with the same one; a zero-width non-joiner keeps Arabic
 * letters from joining into a syllable.
 */
export function lettersOf(people: readonly Person[]): ReadonlyMap<UserId, string> {
  const count = new Map<string, number>()
  for (const person of people) count.set(firstLetter(person.name), (count.get(firstLetter(person.name)) ?? 0) + 1)
  return new Map(
    people.map((person) => [person.id, (count.get(firstLetter(person.name)) ?? 0) > 1 ? firstTwo(person.name) : firstLetter(person.name)]),
  )
}

/** The letters are a picture: drawn by the style sheet, so that nobody who says or hears a button's name meets them in it. */
export function Avatar(props: {
  readonly person: Person
  readonly letters?: string | undefined
  readonly large?: boolean
  readonly small?: boolean
}) {
  return (
    <span
      class={`avatar person-${hueOf(props.person.id)} ${props.person.presence ?? ''}`}
      classList={{ large: props.large === true, small: props.small === true }}
      aria-hidden="true"
      data-letters={props.letters ?? firstLetter(props.person.name)}
    />
  )
}

/** Up to three people in a line of words. */
export function AvatarLine(props: { readonly people: readonly Person[] }) {
  const letters = () => lettersOf(props.people)
  return (
    <span class="avatar-line">
      <For each={props.people.slice(0, most_in_line)}>
        {(person) => <Avatar person={person} letters={letters().get(person.id)} small />}
      </For>
    </span>
  )
}

/** Up to `most` people and how many more; opens the list of them. */
export function AvatarStack(props: { readonly people: readonly Person[]; readonly most: number; readonly onOpen: () => void }) {
  const letters = () => lettersOf(props.people)
  // One "+1" takes the room of the person it hides.
  const shown = () => (props.people.length > props.most + 1 ? props.people.slice(0, props.most) : props.people.slice(0, props.most + 1))
  return (
    <Show when={props.people.length > 0}>
      <button
        type="button"
        class="avatar-stack"
        aria-label={text('people.open', { n: props.people.length })}
        onClick={() => props.onOpen()}
      >
        <For each={shown()}>{(person) => <Avatar person={person} letters={letters().get(person.id)} />}</For>
        <Show when={props.people.length > shown().length}>
          <span class="avatar more" aria-hidden="true" data-letters={`+${numeral(props.people.length - shown().length)}`} />
        </Show>
      </button>
    </Show>
  )
}
