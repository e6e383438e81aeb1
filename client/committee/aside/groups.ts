import type { AsideWrite } from '#contract/api.ts'
import { countBallots, type Log, parseLogKey, type Tally, tallyBallots } from '#contract/document/ballots.ts'
import type { KeyParts } from '#contract/document/keys.ts'
import { findPlace } from '#contract/document/schema.ts'
import { type Facts, isLogEntry, type LogEntry } from '#contract/document/values.ts'
import type { Sheet } from '#contract/ids.ts'
import type { RefusalCode } from '#contract/refusals.ts'

// Forty ballots are one thing to decide on, not forty: what was kept aside is shown by what it is about and why it was not taken.

const groupKinds = ['ballots', 'attendance', 'guarantees', 'notes', 'walkins', 'figures', 'rulings', 'other'] as const
export type GroupKind = (typeof groupKinds)[number]

/**
 * `admissible`: a supervisor's word brings it in. `never`: its place or value does not fit. `anew`: nothing was against it but what it
 * came with, and its author's device writes it again by itself.
 */
const verdicts = ['admissible', 'never', 'anew'] as const
type Verdict = (typeof verdicts)[number]

/** Writes of one kind with one answer; of ballots, those of one log. In the order they were written. */
export type Group = {
  readonly kind: GroupKind
  readonly verdict: Verdict
  readonly code?: RefusalCode
  readonly writes: readonly AsideWrite[]
}

export function groupWrites(writes: readonly AsideWrite[]): readonly Group[] {
  const groups = new Map<string, Group & { writes: AsideWrite[] }>()
  for (const write of writes) {
    const kind = kindOf(write)
    const verdict = verdictOf(write)
    const name = [kind, verdict, write.code, kind === 'ballots' ? write.key : ''].join('\0')
    const group = groups.get(name)
    if (group === undefined) groups.set(name, { kind, verdict, writes: [write], ...(write.code === undefined ? {} : { code: write.code }) })
    else group.writes.push(write)
  }
  const rank = ({ verdict, kind }: Group) => verdicts.indexOf(verdict) * groupKinds.length + groupKinds.indexOf(kind)
  return [...groups.values()].sort((a, b) => rank(a) - rank(b))
}

/** Groups with one answer together, so that it is said once. */
export function byAnswer(groups: readonly Group[]): readonly (readonly Group[])[] {
  const answers = new Map<string, Group[]>()
  for (const group of groups) {
    const answer = `${group.verdict}\0${group.code}`
    answers.set(answer, [...(answers.get(answer) ?? []), group])
  }
  return [...answers.values()]
}

const kindOfRoot: Readonly<Record<string, GroupKind>> = {
  ballots: 'ballots',
  attendance: 'attendance',
  guarantees: 'guarantees',
  walkins: 'walkins',
  figures: 'figures',
}

function kindOf({ path, key }: AsideWrite): GroupKind {
  const place = findPlace(path, key)
  if (typeof place === 'string') return 'other'
  if (place.row.kind === 'text') return 'notes'
  return place.row.right === 'rule' ? 'rulings' : (kindOfRoot[path] ?? 'other')
}

const verdictOf = ({ admissible, code }: AsideWrite): Verdict => {
  if (admissible) return 'admissible'
  return code === undefined ? 'anew' : 'never'
}

/** What the schema reads out of a place; nothing where there is no such place. */
export function partsOfPlace({ path, key }: Pick<AsideWrite, 'path' | 'key'>): KeyParts {
  const place = findPlace(path, key)
  return typeof place === 'string' ? {} : place.parts
}

/** A group of ballots in figures. `first`, `last`: the lowest and the highest number called; undefined where only strikes came. */
export type BallotsTold = {
  readonly sheet: Sheet | undefined
  readonly tally: Tally
  readonly first: number | undefined
  readonly last: number | undefined
  /** Ballots that are not of this group and are struck or corrected by it. */
  readonly strikes: number
}

const anyFacts: Facts = { hasElector: () => true, hasCandidate: () => true, choices_per_ballot: Number.MAX_SAFE_INTEGER }

/** Longer than any log; an index beyond it is no index. */
const entries_max = 100_000

/** What the ballots of a group come to by themselves, their own strikes among them reckoned in. */
export function tellBallots(group: Group): BallotsTold {
  const log = logOf(group)
  const entries = log?.entries ?? []
  const numbers = entries.flatMap((entry) => (entry === null || 'void' in entry ? [] : [entry.n]))
  const isOwn = (entry: LogEntry | null) =>
    entry !== null && 'void' in entry && entry.void[0] === log?.client && entries[entry.void[1]] != null
  return {
    sheet: log?.sheet,
    tally: tallyBallots(countBallots(log === undefined ? [] : [log])),
    first: numbers.length === 0 ? undefined : Math.min(...numbers),
    last: numbers.length === 0 ? undefined : Math.max(...numbers),
    strikes: entries.filter((entry) => entry !== null && 'void' in entry && !isOwn(entry)).length,
  }
}

/** The group's log with nothing in it but the group, each entry in its place. */
function logOf({ writes }: Group): Log | undefined {
  const place = parseLogKey(writes[0]?.key ?? '')
  if (place?.sheet === undefined || place.user === undefined || place.client === undefined) return undefined
  const entries: (LogEntry | null)[] = []
  for (const { index = entries_max, value } of writes) {
    if (index >= entries_max || !isLogEntry(value, anyFacts)) continue
    while (entries.length < index) entries.push(null)
    entries[index] = value
  }
  return { sheet: place.sheet, user: place.user, client: place.client, entries }
}

/** The logs of a sheet as they would be with a group admitted: as the server does it, only what comes next in its log is added. */
export function withGroup(logs: readonly Log[], group: Group): readonly Log[] {
  const added = logOf(group)
  if (added === undefined) return logs
  const there = logs.find(({ user, client }) => user === added.user && client === added.client)
  const entries = [...(there?.entries ?? [])]
  for (let at = entries.length; at < added.entries.length && added.entries[at] != null; at += 1) entries.push(added.entries[at] ?? null)
  // By user and client, so that of two strikes of one ballot the same one holds as in the document.
  return [...logs.filter((log) => log !== there), { ...added, entries }].sort((a, b) => a.user - b.user || a.client - b.client)
}
