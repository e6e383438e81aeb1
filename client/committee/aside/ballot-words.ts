import type { AsideWrite } from '#contract/api.ts'
import type { BallotVoid, LogEntry } from '#contract/document/values.ts'
import { type CandidateNumber, sheets } from '#contract/ids.ts'
import { numeral, text } from '../../i18n/say.tsx'
import type { CommitteeSession } from '../../sync/committee-session.ts'
import { figureName } from '../figures/names.ts'
import type { Group } from './groups.ts'

const namesOf = (committee: CommitteeSession, choices: readonly CandidateNumber[]): string =>
  choices.map((candidate) => figureName(committee, `v${candidate}`)).join(text('count.comma'))

function choicesText(committee: CommitteeSession, choices: readonly CandidateNumber[] | null): string {
  if (choices === null) return text('count.invalid')
  return choices.length === 0 ? text('count.blank') : namesOf(committee, choices)
}

/** An entry of a log, one that is a ballot or strikes one: which, and what it says. */
export function ballotText(committee: CommitteeSession, group: Group, entry: LogEntry): { readonly title: string; readonly what: string } {
  if (!('void' in entry)) {
    return { title: text('aside.ballot', { n: numeral(entry.n) }), what: choicesText(committee, entry.c) }
  }
  const n = struckNumber(committee, group, entry)
  const strike = n === undefined ? text('aside.strike_unknown') : text('aside.strike', { n: numeral(n) })
  const title =
    entry.instead === undefined
      ? strike
      : `${strike}${text('count.comma')}${text('aside.instead')}: ${choicesText(committee, entry.instead)}`
  return { title, what: entry.why }
}

/** The number of the ballot that is struck: of one kept aside with it, or of one that stands. */
function struckNumber(committee: CommitteeSession, { writes }: Group, { void: [client, index] }: BallotVoid): number | undefined {
  const beside = writes.find((write) => write.index === index && write.key.endsWith(`.${client}`))
  const entry = beside === undefined ? standing(committee, client, index) : (beside as AsideWrite & { readonly value: LogEntry }).value
  return entry == null || 'void' in entry ? undefined : entry.n
}

const standing = (committee: CommitteeSession, client: number, index: number): LogEntry | null | undefined =>
  sheets
    .flatMap((sheet) => committee.aside.logs(sheet))
    .find((log) => log.client === client)
    ?.entries.at(index)
