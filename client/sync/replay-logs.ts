import * as Y from 'yjs'
import { appendToLog, parseLogKey } from '#contract/document/ballots.ts'
import { keyOf } from '#contract/document/keys.ts'
import type { LogEntry } from '#contract/document/values.ts'
import type { ClientId, Sheet, UserId } from '#contract/ids.ts'
import type { RefusalCode } from '#contract/refusals.ts'
import { isUnsent, type ReplayJob, type UnsentEdit } from './replay.ts'

/** An unsent entry of an own log. */
type Unwritten = UnsentEdit & { readonly sheet: Sheet; readonly client: ClientId; readonly user: UserId; readonly value: LogEntry }

/** What becomes of an entry: written, left out with a code, or dropped together with what it strikes. */
type Fate = 'written' | 'dropped' | { readonly code: RefusalCode }

const nameOf = (sheet: Sheet, client: number, index: number): string => `${sheet}/${client}:${index}`
const isStrike = (entry: LogEntry): entry is Extract<LogEntry, { void: unknown }> =>
  typeof entry === 'object' && entry !== null && 'void' in entry

/**
 * Appends the unsent entries of own logs, in their order, to the logs of the fresh document's client. A strike finds its ballot
 * where that stands now. Answers how many were written.
 */
export function replayLogs(job: ReplayJob): number {
  const unwritten = unsentEntries(job)
  const fates = decide(job, unwritten)
  // Where each will stand, before any is written: a strike may stand before its ballot where two tabs wrote.
  const lengths = new Map<Sheet, number>()
  const me = job.fresh.clientID as ClientId
  for (const one of unwritten) {
    const isCall = !isStrike(one.value)
    const name = nameOf(one.sheet, one.client, one.index ?? 0)
    if (fates.get(one) === 'written') {
      const index = lengths.get(one.sheet) ?? lengthOf(job.fresh, keyOf.log(one.sheet, one.user, me))
      lengths.set(one.sheet, index + 1)
      if (isCall) job.moved.set(name, [me, index])
    } else if (isCall) job.moved.set(name, null)
  }
  let written = 0
  for (const one of unwritten) {
    const fate = fates.get(one) ?? 'dropped'
    if (fate === 'dropped') continue
    if (fate !== 'written') {
      job.leaveOut({ kind: 'refused', code: fate.code, path: one.path, key: one.key, value: one.value, ...struckBy(job, one) })
      continue
    }
    appendToLog(job.fresh, one.sheet, one.user, toNewPlace(job, one.sheet, one.value))
    written += 1
  }
  return written
}

/** Own entries above the seals: log by log, the log begun first before the others. */
function unsentEntries(job: ReplayJob): readonly Unwritten[] {
  const logs: Unwritten[][] = []
  const root = job.old.getMap('ballots')
  for (const [key, log] of root.entries()) {
    const { sheet, user, client } = parseLogKey(key) ?? {}
    if (sheet === undefined || user === undefined || client === undefined || !(log instanceof Y.Array)) continue
    const entries: Unwritten[] = []
    let index = 0
    for (let item = log._start; item !== null; item = item.right) {
      if (item.deleted) continue
      for (const [offset, value] of item.content.getContent().entries()) {
        const id = { client: item.id.client, clock: item.id.clock + offset }
        if (isUnsent(job, id)) entries.push({ path: 'ballots', key, index, id, sheet, user, client, value })
        index += 1
      }
    }
    if (entries.length > 0) logs.push(entries)
  }
  return logs.sort((a, b) => beganAt(a) - beganAt(b) || (a[0]?.client ?? 0) - (b[0]?.client ?? 0)).flat()
}

const beganAt = (entries: readonly Unwritten[]): number => entries[0]?.value.at_s ?? 0

function decide(job: ReplayJob, unwritten: readonly Unwritten[]): ReadonlyMap<Unwritten, Fate> {
  const fates = new Map<Unwritten, Fate>()
  const calls = new Map<string, Unwritten>()
  const room = new Map<Sheet, number>()
  const me = job.fresh.clientID as ClientId
  const judge = (one: Unwritten, entry = one.value): Fate => {
    const key = keyOf.log(one.sheet, one.user, me)
    const left = room.get(one.sheet) ?? job.limits.log_ballots_max - lengthOf(job.fresh, key)
    const code = job.court.named(one) ?? job.court.judge('ballots', key, entry) ?? (left <= 0 ? 'too-large' : undefined)
    if (code !== undefined) return { code }
    room.set(one.sheet, left - 1)
    return 'written'
  }
  for (const one of unwritten) {
    if (isStrike(one.value)) continue
    calls.set(nameOf(one.sheet, one.client, one.index ?? 0), one)
    fates.set(one, judge(one))
  }
  for (const one of unwritten) {
    if (!isStrike(one.value)) continue
    const name = nameOf(one.sheet, ...one.value.void)
    const call = calls.get(name)
    const fate = call === undefined ? undefined : fates.get(call)
    const code = typeof fate === 'object' ? fate.code : undefined
    // With the ballot goes its strike, for there is nothing left to strike; what should have counted instead is told.
    if (code !== undefined || job.moved.get(name) === null) fates.set(one, 'instead' in one.value ? { code: code ?? 'sealed' } : 'dropped')
    // The index of a ballot that is written anew is known when all have been judged; any will do for judging.
    else fates.set(one, judge(one, call === undefined ? toNewPlace(job, one.sheet, one.value) : { ...one.value, void: [me, 0] }))
  }
  return fates
}

function toNewPlace(job: ReplayJob, sheet: Sheet, entry: LogEntry): LogEntry {
  const place = isStrike(entry) ? job.moved.get(nameOf(sheet, ...entry.void)) : undefined
  return place == null ? entry : ({ ...entry, void: place } as LogEntry)
}

/** The ballot that a strike strikes, to be shown with it. */
function struckBy(job: ReplayJob, { sheet, value }: Unwritten): { struck?: unknown } {
  if (!isStrike(value)) return {}
  const [client, index] = value.void
  for (const [key, log] of job.old.getMap('ballots').entries()) {
    const place = parseLogKey(key)
    if (place?.sheet === sheet && place.client === client && log instanceof Y.Array) return { struck: log.get(index) }
  }
  return {}
}

function lengthOf(doc: Y.Doc, key: string): number {
  const log = doc.getMap('ballots').get(key)
  return log instanceof Y.Array ? log.length : 0
}
