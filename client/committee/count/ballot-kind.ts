import type { JSX } from 'solid-js'
import { say, text } from '../../i18n/say.tsx'
import type { Ballot } from '../../sync/committee-session.ts'

const kindOf = ({ voided, corrected, choices }: Ballot) => {
  if (voided) return 'count.is_voided'
  if (corrected) return 'count.is_corrected'
  if (choices === null) return 'count.invalid'
  return choices.length === 0 ? 'count.blank' : 'count.names'
}

/** What a ballot is, in two words: for the screen. */
export function sayKind(ballot: Ballot): JSX.Element {
  const kind = kindOf(ballot)
  return kind === 'count.names' ? say(kind, { n: ballot.choices?.length ?? 0 }) : say(kind)
}

/** The same for labels. */
export function textKind(ballot: Ballot): string {
  const kind = kindOf(ballot)
  return kind === 'count.names' ? text(kind, { n: ballot.choices?.length ?? 0 }) : text(kind)
}
