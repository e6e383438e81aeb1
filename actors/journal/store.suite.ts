import { createHash, randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { ClientId, CommitteeId, Sequence, UserId } from '#contract/ids.ts'
import type { Entry, JournalStore, Receipt, Row } from './store.ts'

/** An empty journal to run the contract on. The committees and users exist, `stranger` does not. */
export type StoreWorld = AsyncDisposable & {
  readonly store: JournalStore
  /** Another store on the same journal, as another process has it. */
  readonly second: JournalStore
  /** Names of the two stores' instances. */
  readonly instances: readonly [string, string]
  readonly committees: readonly [CommitteeId, CommitteeId, CommitteeId]
  readonly users: readonly [UserId, UserId]
  readonly stranger: CommitteeId
}

export function entryOf(committee: CommitteeId, user: UserId | null, over: Partial<Entry> = {}): Entry {
  const update = new TextEncoder().encode(`update ${randomUUID()}`)
  return { uuid: randomUUID(), committee, user, clients: [], update, touches: [], ...over }
}

async function append(store: JournalStore, ...entries: readonly Entry[]): Promise<readonly Receipt[]> {
  const answer = await store.append(entries)
  if (!answer.ok) throw new Error(`append: ${answer.error}`)
  return answer.value
}

export async function readAll(store: JournalStore, committee: CommitteeId): Promise<readonly Row[]> {
  const answer = await store.read(committee, 0 as Sequence, 10_000)
  if (!answer.ok) throw new Error(`read: ${answer.error}`)
  return answer.value
}

/** The chain as `store.ts` defines it, written down a second time with nothing of ours. */
function chainOf(rows: readonly Row[]): string[] {
  const heads: string[] = []
  let head = Buffer.alloc(32)
  for (const row of rows) {
    const numbers = Buffer.alloc(16)
    numbers.writeBigUInt64BE(BigInt(row.sequence), 0)
    numbers.writeBigUInt64BE(BigInt(row.user ?? 0), 8)
    const hash = createHash('sha256').update(head).update(row.committee, 'utf8').update(numbers)
    head = Buffer.from(
      hash
        .update(Buffer.from(row.uuid.replaceAll('-', ''), 'hex'))
        .update(row.update)
        .digest(),
    )
    heads.push(head.toString('hex'))
  }
  return heads
}

/** The contract of `JournalStore`, for every implementation. Each story gets a world of its own. */
export function describeStore(name: string, make: () => Promise<StoreWorld>): void {
  describe(`${name}: appending`, () => {
    test('[J20] numbers are per committee and without gaps, in the order given, over a mix of committees', async () => {
      await using world = await make()
      const { store, committees, users } = world
      const [a, b, c] = committees
      const first = [a, b, a, c, a, b].map((committee) => entryOf(committee, users[0]))
      const second = [c, b, a].map((committee) => entryOf(committee, users[1]))
      const receipts = [...(await append(store, ...first)), ...(await append(store, ...second))]
      expect(receipts.map((receipt) => receipt.sequence)).toEqual([1, 1, 2, 1, 3, 2, 2, 3, 4])
      expect(receipts.map((receipt) => receipt.uuid)).toEqual([...first, ...second].map((entry) => entry.uuid))
      const ofA = [...first, ...second].filter((entry) => entry.committee === a)
      expect((await readAll(store, a)).map((row) => row.uuid)).toEqual(ofA.map((entry) => entry.uuid))
    })

    test('[J20] an empty batch is no batch', async () => {
      await using world = await make()
      expect(await world.store.append([])).toEqual({ ok: true, value: [] })
    })

    test('[J21] a row is what was appended, with instance and time, and its receipt says the same', async () => {
      await using world = await make()
      const { store, committees, users, instances } = world
      const full = entryOf(committees[0], users[0], {
        clients: [3, 4_294_967_295] as ClientId[],
        update: Uint8Array.from({ length: 256 }, (_, byte) => byte),
        touches: [
          { path: 'attendance', key: '17/5' },
          { path: 'note/17', key: '' },
          { path: 'guarantees', key: 'سالم "x" \\ 🗳' },
        ],
      })
      const bare = entryOf(committees[0], null)
      const receipts = await append(store, full, bare)
      const rows = await readAll(store, committees[0])
      const expected = [full, bare].map((entry, at) => ({ ...entry, ...receipts[at], instance: instances[0] }))
      expect(rows.map((row) => ({ ...row, update: Uint8Array.from(row.update) }))).toEqual(expected)
      expect(receipts.every((receipt) => Number.isFinite(receipt.at_ms) && receipt.at_ms >= 0)).toBe(true)
    })

    test('[J22] an entry asked again gets the receipt of its one row: alone, among new ones, twice in a batch', async () => {
      await using world = await make()
      const { store, committees, users } = world
      const [old, fresh, last] = [0, 1, 0].map((at) => entryOf(committees[at] ?? committees[0], users[0])) as [Entry, Entry, Entry]
      const [first] = await append(store, old)
      expect(await append(store, old)).toEqual([first])
      const mixed = await append(store, fresh, old, last, fresh, last)
      expect(mixed[1]).toEqual(first)
      expect(mixed.map((receipt) => receipt.sequence)).toEqual([1, 1, 2, 1, 2])
      expect([mixed[3], mixed[4]]).toEqual([mixed[0], mixed[2]])
      expect((await readAll(store, committees[0])).map((row) => row.uuid)).toEqual([old.uuid, last.uuid])
      expect((await readAll(store, committees[1])).map((row) => row.uuid)).toEqual([fresh.uuid])
    })

    test('[J23] the head of every row is the hash chain, per committee, however the rows were batched', async () => {
      await using world = await make()
      const { store, committees, users } = world
      const [a, b] = committees
      const receipts = await append(store, entryOf(a, users[0]), entryOf(b, users[1]), entryOf(a, null), entryOf(a, users[1]))
      await append(store, entryOf(b, null), entryOf(a, users[0], { update: new Uint8Array([0]) }))
      for (const committee of [a, b]) {
        const rows = await readAll(store, committee)
        expect(rows.length).toBe(committee === a ? 4 : 2)
        expect(rows.map((row) => row.head)).toEqual(chainOf(rows))
      }
      expect(receipts[3]?.head).toBe((await readAll(store, a))[2]?.head)
    })

    test('[J24] a batch with an unknown committee is rejected and leaves nothing; without it, it is written', async () => {
      await using world = await make()
      const { store, committees, users, stranger } = world
      const good = [entryOf(committees[0], users[0], { clients: [9] as ClientId[] }), entryOf(committees[1], users[0])]
      expect(await store.append([...good, entryOf(stranger, users[0])])).toEqual({ ok: false, error: 'rejected' })
      expect([await readAll(store, committees[0]), await readAll(store, committees[1])]).toEqual([[], []])
      expect(await store.owners(committees[0])).toEqual({ ok: true, value: new Map() })
      expect((await append(store, ...good)).map((receipt) => receipt.sequence)).toEqual([1, 1])
    })

    test('[J29] two stores that append at once leave no gap, no double and one chain', async () => {
      await using world = await make()
      const { store, second, committees, users } = world
      const [a, b, c] = committees
      const batches = Array.from({ length: 12 }, (_, n) => {
        const mix = n % 2 === 0 ? [a, b, c] : [c, b, a] // opposite orders: locks must not cross
        return mix.map((committee) => entryOf(committee, users[0]))
      })
      await Promise.all(batches.map((batch, n) => append(n % 2 === 0 ? store : second, ...batch)))
      for (const committee of committees) {
        const rows = await readAll(store, committee)
        expect(rows.map((row) => row.sequence)).toEqual(batches.map((_, n) => n + 1))
        expect(rows.map((row) => row.head)).toEqual(chainOf(rows))
        expect(new Set(rows.map((row) => row.instance))).toEqual(new Set(world.instances))
      }
    })

    test('[J29] one entry asked of two stores at once is one row', async () => {
      await using world = await make()
      const entry = entryOf(world.committees[0], world.users[0])
      const [one, other] = await Promise.all([append(world.store, entry), append(world.second, entry)])
      expect(one).toEqual(other)
      expect(await readAll(world.second, world.committees[0])).toHaveLength(1)
    })
  })

  describe(`${name}: reading`, () => {
    test('[J25] it gives what stands after a number, ascending, up to the limit', async () => {
      await using world = await make()
      const { store, committees, users, stranger } = world
      await append(store, ...Array.from({ length: 7 }, () => entryOf(committees[0], users[0])), entryOf(committees[1], users[0]))
      const page = async (after: number, limit: number) => {
        const answer = await store.read(committees[0], after as Sequence, limit)
        return answer.ok ? answer.value.map((row) => row.sequence as number) : answer.error
      }
      expect(await page(0, 3)).toEqual([1, 2, 3])
      expect(await page(3, 3)).toEqual([4, 5, 6])
      expect(await page(6, 3)).toEqual([7])
      expect(await page(7, 3)).toEqual([])
      expect(await store.read(stranger, 0 as Sequence, 3)).toEqual({ ok: true, value: [] })
    })

    test('[J26] heads are the last numbers; 0 before the first row, absent where there is no committee', async () => {
      await using world = await make()
      const { store, committees, users, stranger } = world
      const [a, b] = committees
      await append(store, entryOf(a, users[0]), entryOf(a, users[0]))
      expect(await store.heads([b, stranger, a])).toEqual({
        ok: true,
        value: new Map([
          [a, 2],
          [b, 0],
        ]),
      })
      expect(await store.heads([])).toEqual({ ok: true, value: new Map() })
    })

    test('[J27] the newest snapshot is kept, an older one ignored', async () => {
      await using world = await make()
      const { store, second, committees, users } = world
      const [a, b] = committees
      const [one, two, three] = await append(store, entryOf(a, users[0]), entryOf(a, users[0]), entryOf(a, users[0]))
      const snapshotOf = (receipt: Receipt | undefined) => {
        if (!receipt) throw new Error('no receipt')
        return { sequence: receipt.sequence, head: receipt.head, state: new Uint8Array([receipt.sequence, 0, 255]) }
      }
      const kept = async () => {
        const answer = await second.snapshot(a)
        return answer.ok && answer.value ? { ...answer.value, state: Uint8Array.from(answer.value.state) } : answer
      }
      expect(await kept()).toEqual({ ok: true, value: null })
      expect(await store.saveSnapshot(a, snapshotOf(two))).toMatchObject({ ok: true })
      expect(await kept()).toEqual(snapshotOf(two))
      expect(await store.saveSnapshot(a, snapshotOf(one))).toMatchObject({ ok: true })
      expect(await kept()).toEqual(snapshotOf(two))
      await store.saveSnapshot(a, snapshotOf(three))
      expect(await kept()).toEqual(snapshotOf(three))
      expect(await store.snapshot(b)).toEqual({ ok: true, value: null })
    })

    test('[J28] a client belongs to the first user who wrote with it, in its committee; the server claims none', async () => {
      await using world = await make()
      const { store, second, committees, users } = world
      const [a, b] = committees
      const clients = (...ids: number[]) => ({ clients: ids as ClientId[] })
      await append(store, entryOf(a, users[0], clients(1, 2)), entryOf(a, users[1], clients(2, 3)), entryOf(b, users[1], clients(1)))
      await append(second, entryOf(a, users[1], clients(1, 4)), entryOf(a, null, clients(4_294_967_301)))
      const [first, other] = users
      expect(await store.owners(a)).toEqual({
        ok: true,
        value: new Map([
          [1, first],
          [2, first],
          [3, other],
          [4, other],
        ]),
      })
      expect(await store.owners(b)).toEqual({ ok: true, value: new Map([[1, other]]) })
    })
  })
}
