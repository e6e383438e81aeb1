import * as Y from 'yjs'
import type { CandidateNumber, ClientId, Sheet, UserId } from '#contract/ids.ts'
import { keyOf, keyParser } from './keys.ts'
import { type BallotVoid, type Facts, isLogEntry, type LogEntry } from './values.ts'

export type BallotsRoot = Y.Map<unknown>
export const ballotsRoot = (doc: Y.Doc): BallotsRoot => doc.getMap('ballots')

export const parseLogKey = keyParser('<sheet>/<user>.<client>')

/** One writer's log of one sheet. An entry's index is its place in the log and never changes; null: not an entry, counts nothing. */
export type Log = {
  readonly sheet: Sheet
  readonly user: UserId
  readonly client: ClientId
  readonly entries: readonly (LogEntry | null)[]
}

/** A ballot as it counts: `voided` says who struck it; `choices` is what counts in its place, undefined where nothing does. */
export type CountedBallot = {
  readonly client: ClientId
  readonly index: number
  readonly user: UserId
  readonly n: number
  readonly at_s: number
  readonly called: readonly CandidateNumber[] | null
  readonly choices: readonly CandidateNumber[] | null | undefined
  readonly voided?: BallotVoid & { readonly by: UserId }
}

/** Figures of one sheet. `ballots` = `valid` + `blank` + `invalid`; `votes` per candidate. */
export type Tally = {
  readonly ballots: number
  readonly valid: number
  readonly blank: number
  readonly invalid: number
  readonly votes: ReadonlyMap<CandidateNumber, number>
}

const anyFacts: Facts = { hasElector: () => true, hasCandidate: () => true, choices_per_ballot: Number.MAX_SAFE_INTEGER }

/** The logs of a sheet, ascending by user and client. */
export function readLogs(root: BallotsRoot, sheet: Sheet): readonly Log[] {
  const logs: Log[] = []
  for (const [key, value] of root.entries()) {
    const place = parseLogKey(key)
    if (place?.sheet !== sheet || place.user === undefined || place.client === undefined || !(value instanceof Y.Array)) continue
    const entries = value.toArray().map((entry) => (isLogEntry(entry, anyFacts) ? entry : null))
    logs.push({ sheet, user: place.user, client: place.client, entries })
  }
  return logs.sort((a, b) => a.user - b.user || a.client - b.client)
}

/** Every called ballot of the logs with what became of it, log by log in order. */
export function countBallots(logs: readonly Log[]): readonly CountedBallot[] {
  // Voids are final and the first in (user, client, index) order names the replacement, so every replica counts the same.
  const voids = new Map<string, BallotVoid & { by: UserId }>()
  for (const { user, entries } of logs) {
    for (const entry of entries) {
      if (entry === null || !('void' in entry)) continue
      const target = entry.void.join(':')
      if (!voids.has(target)) voids.set(target, { ...entry, by: user })
    }
  }
  return logs.flatMap(({ user, client, entries }) =>
    entries.flatMap((entry, index): CountedBallot[] => {
      if (entry === null || 'void' in entry) return []
      const voided = voids.get(`${client}:${index}`)
      const choices = voided === undefined ? entry.c : voided.instead
      return [{ client, index, user, n: entry.n, at_s: entry.at_s, called: entry.c, choices, ...(voided === undefined ? {} : { voided }) }]
    }),
  )
}

export function tallyBallots(ballots: readonly CountedBallot[]): Tally {
  const votes = new Map<CandidateNumber, number>()
  let valid = 0
  let blank = 0
  let invalid = 0
  for (const { choices } of ballots) {
    if (choices === undefined) continue
    if (choices === null) invalid += 1
    else if (choices.length === 0) blank += 1
    else {
      valid += 1
      for (const candidate of choices) votes.set(candidate, (votes.get(candidate) ?? 0) + 1)
    }
  }
  return { ballots: valid + blank + invalid, valid, blank, invalid, votes }
}

export const tallySheet = (root: BallotsRoot, sheet: Sheet): Tally => tallyBallots(countBallots(readLogs(root, sheet)))

/**
 * Appends to the writer's own log, making it on the first entry. The log's key carries the document's own client id, so two
 * tabs, or a page and the same page reloaded, never write to one log. Answers the entry's index.
 */
export function appendToLog(doc: Y.Doc, sheet: Sheet, user: UserId, entry: LogEntry): number {
  const root = ballotsRoot(doc)
  const key = keyOf.log(sheet, user, doc.clientID as ClientId)
  const kept = root.get(key)
  const log = kept instanceof Y.Array ? (kept as Y.Array<LogEntry>) : new Y.Array<LogEntry>()
  doc.transact(() => {
    if (log !== kept) root.set(key, log)
    log.push([entry])
  })
  return log.length - 1
}
