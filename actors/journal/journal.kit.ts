import { createHash } from 'node:crypto'
import { ManualClock } from '#actors/kernel/clock.ts'
import type { CommitteeId, UserId } from '#contract/ids.ts'
import type { Refusal } from '#contract/refusals.ts'
import { err, type Result } from '#contract/result.ts'
import { Journal } from './journal.ts'
import { makeMemoryJournal, makeMemoryStore } from './memory.ts'
import { entryOf, readAll } from './store.suite.ts'
import type { Entry, JournalStore, Receipt } from './store.ts'

export const committees = ['north-1', 'north-2', 'south-1'] as [CommitteeId, CommitteeId, CommitteeId]
export const [a, b] = committees
export const stranger = 'nowhere' as CommitteeId
export const user = 7 as UserId

type Options = {
  /** Stands between the journal and the memory store. */
  readonly wrap?: (store: JournalStore, clock: ManualClock) => JournalStore
  readonly waiting_max?: number
  readonly batch_rows_max?: number
  readonly random?: () => number
}

export function makeWorld({ wrap = (store) => store, waiting_max = 1_000, batch_rows_max = 100, random = () => 1 }: Options = {}) {
  const clock = new ManualClock()
  const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest()
  const memory = makeMemoryStore(makeMemoryJournal(committees), { sha256, clock, instance: 'one' })
  /** Batches the journal asked the store for, and when. */
  const asked: { readonly at_ms: number; readonly uuids: readonly string[] }[] = []
  const cut = wrap(memory, clock)
  const store: JournalStore = {
    ...cut,
    append(entries) {
      asked.push({ at_ms: clock.now_ms(), uuids: entries.map((entry) => entry.uuid) })
      return cut.append(entries)
    },
  }
  const heard: ('away' | 'back')[] = []
  const logged: string[] = []
  const commits: [rows: number, commit_ms: number][] = []
  const line = (_fields: Readonly<Record<string, unknown>>, text: string) => logged.push(text)
  const journal = new Journal({
    store,
    clock,
    log: { info: line, warn: line, error: line },
    random,
    onStore: (state) => heard.push(state),
    observe: { committed: (rows, commit_ms) => commits.push([rows, commit_ms]) },
    limits: { journal_waiting_max: waiting_max, journal_batch_rows_max: batch_rows_max },
  })
  /** Everything answered, in order; an entry answered twice stands here twice. */
  const answers: { readonly entry: Entry; readonly answer: Result<Receipt, Refusal> }[] = []
  const append = (...entries: readonly Entry[]) => {
    for (const entry of entries) journal.append(entry, (answer) => answers.push({ entry, answer }))
  }
  const refused = () => answers.flatMap(({ entry, answer }) => (answer.ok ? [] : [[entry.uuid, answer.error.code]]))
  const committed = () => answers.flatMap(({ entry, answer }) => (answer.ok ? [entry.uuid] : []))
  const rows = async (committee: CommitteeId) => (await readAll(memory, committee)).map((row) => row.uuid)
  return { clock, memory, journal, asked, heard, logged, commits, answers, append, refused, committed, rows }
}

export const entries = (count: number, committee = a) => Array.from({ length: count }, () => entryOf(committee, user))
export const uuids = (list: readonly Entry[]) => list.map((entry) => entry.uuid)

/** Every commit takes 10 ms. */
export function slow(store: JournalStore, clock: ManualClock): JournalStore {
  return {
    ...store,
    async append(batch) {
      await new Promise<void>((resume) => clock.after(10, resume))
      return store.append(batch)
    },
  }
}

/** Away until `until_ms` by the clock. */
export function awayUntil(until_ms: number) {
  return (store: JournalStore, clock: ManualClock): JournalStore => ({
    ...store,
    append: async (batch) => (clock.now_ms() < until_ms ? err('unavailable') : store.append(batch)),
  })
}
