import { createHash, randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { ClientId, CommitteeId, Sequence, UserId } from '#contract/ids.ts'
import type { Aside, AsidePart, Entry, JournalStore, Receipt, Row, Seal, SealAnswer, SealRequest, Touch } from './store.ts'

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
  return answer.value.map((receipt) => {
    if (receipt === null) throw new Error('not written')
    return receipt
  })
}

/** What an append answers, as numbers. */
async function appended(store: JournalStore, ...entries: readonly Entry[]): Promise<readonly (number | null)[]> {
  const answer = await store.append(entries)
  if (!answer.ok) throw new Error(`append: ${answer.error}`)
  return answer.value.map((receipt) => (receipt === null ? null : receipt.sequence))
}

const room = { entries_max: 3, bytes_max: 10_000 }
const sealOf = (client: number, user: UserId, clock = 0): Seal => ({ client: client as ClientId, user, clock })

type Made = Aside & { readonly parts: readonly [AsidePart] }

/** `length`: how much of the client it brings. */
function asideOf(user: UserId, sealed: Seal | null, length = 1, update: Uint8Array = new TextEncoder().encode(randomUUID())): Made {
  const writes = [{ path: 'attendance', key: '1/2', value: 'a\u0000b\ud800', code: 'late', admissible: true }] as const
  const reasons = [{ code: 'late', path: 'attendance', key: '1/2\u0000' }] as const
  const of = sealed && { client: sealed.client, clock: sealed.clock, end: sealed.clock + length }
  return { user, kind: 'late', reasons, more: 0, update, parts: [{ id: randomUUID(), sealed: of, writes }] }
}

async function seal(store: JournalStore, committee: CommitteeId, request: Partial<SealRequest>): Promise<SealAnswer> {
  const answer = await store.seal(committee, { after: 1_000 as Sequence, seals: [], final: false, room, ...request })
  if (!answer.ok) throw new Error(`seal: ${answer.error}`)
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

  describe(`${name}: seals`, () => {
    test('[J31] an entry of a sealed client is not written and answered null; its batch is, and other committees know nothing of it', async () => {
      await using world = await make()
      const { store, second, committees, users } = world
      const [a, b] = committees
      const of = (committee: CommitteeId, ...clients: number[]) => entryOf(committee, users[0], { clients: clients as ClientId[] })
      const before = of(a, 7)
      await append(store, before)
      expect(await seal(second, a, { seals: [sealOf(7, users[0], 3)] })).toEqual({
        answer: 'sealed',
        seals: [{ ...sealOf(7, users[0], 3), known: false }],
        kept: [],
        reasons: [],
      })
      expect(await appended(store, of(a, 8), of(a, 7), of(b, 7), of(a, 6, 7), of(a))).toEqual([2, null, 1, null, 3])
      // An answer that was lost is given again, seal or not.
      expect(await appended(store, before)).toEqual([1])
      expect((await readAll(store, a)).map(({ clients }) => clients)).toEqual([[7], [8], []])
    })

    test('[J32] a seal is behind where rows above tell of its clients; a client keeps the first clock and the first user', async () => {
      await using world = await make()
      const { store, second, committees, users } = world
      const [a] = committees
      await append(store, entryOf(a, users[0], { clients: [7] as ClientId[] }), entryOf(a, users[0], { clients: [8] as ClientId[] }))
      const both = [sealOf(7, users[0], 1), sealOf(8, users[0], 1)]
      expect(await seal(store, a, { after: 1 as Sequence, seals: both })).toEqual({ answer: 'behind' })
      expect(await store.seals(a)).toEqual({ ok: true, value: [] })
      expect(await seal(store, a, { after: 1 as Sequence, seals: both.slice(0, 1) })).toMatchObject({ answer: 'sealed' })
      expect(await seal(second, a, { seals: [sealOf(7, users[0], 5), sealOf(8, users[0], 2)] })).toEqual({
        answer: 'sealed',
        seals: [
          { ...sealOf(7, users[0], 1), known: true },
          { ...sealOf(8, users[0], 2), known: false },
        ],
        kept: [],
        reasons: [],
      })
      expect(await seal(store, a, { seals: [sealOf(8, users[1]), sealOf(9, users[1])] })).toEqual({
        answer: 'foreign',
        seals: [sealOf(8, users[0], 2)],
      })
      expect(await second.seals(a)).toEqual({ ok: true, value: [sealOf(7, users[0], 1), sealOf(8, users[0], 2)] })
      expect(await store.seals(committees[1])).toEqual({ ok: true, value: [] })
      expect(await store.seal(world.stranger, { after: 0 as Sequence, seals: [], final: false, room })).toEqual({
        ok: false,
        error: 'rejected',
      })
    })

    test('[J32] an append and a seal of one client at once: the row or the seal, never a row that the seal has not seen', async () => {
      await using world = await make()
      const { store, second, committees, users } = world
      const [a] = committees
      const outcomes = await Promise.all(
        Array.from({ length: 12 }, async (_, client) => {
          const request = { after: 0 as Sequence, seals: [sealOf(client, users[0])] }
          const entry = entryOf(a, users[0], { clients: [client] as ClientId[] })
          const [[written], { answer }] = await Promise.all([appended(store, entry), seal(second, a, request)])
          return { written: written !== null, answer }
        }),
      )
      for (const { written, answer } of outcomes) expect(answer).toBe(written ? 'behind' : 'sealed')
    })

    test('[J33] what was refused is kept with its seal, and more of the same client in its place; nothing of one sealed without it', async () => {
      await using world = await make()
      const { store, second, committees, users } = world
      const [a] = committees
      const [seven, eight] = [sealOf(7, users[0]), sealOf(8, users[0])]
      const kept = async (seals: Seal[], aside: Aside) => {
        const answer = await seal(store, a, { seals, aside })
        return answer.answer === 'sealed' ? answer.kept : answer.answer
      }
      expect(await kept([seven], asideOf(users[0], seven))).toEqual(['kept'])
      expect(await kept([seven], asideOf(users[0], seven))).toEqual(['not'])
      expect(await kept([], asideOf(users[0], seven, 5))).toEqual(['grown'])
      expect(await kept([], asideOf(users[0], seven, 4))).toEqual(['not'])
      await seal(second, a, { seals: [eight] })
      expect(await kept([eight], asideOf(users[0], eight))).toEqual(['not'])
      // Nothing to seal: by its bytes.
      const unread = asideOf(users[0], null)
      expect(await kept([], unread)).toEqual(['kept'])
      expect(await kept([], asideOf(users[0], null, 1, unread.update))).toEqual(['not'])
      expect(await kept([], asideOf(users[1], null, 1, unread.update))).toEqual(['kept'])
      // Two clients at once, each for itself.
      const [nine, ten] = [sealOf(9, users[0]), sealOf(10, users[0])]
      const parts = [asideOf(users[0], nine), asideOf(users[0], ten), asideOf(users[0], seven, 2)].flatMap((made) => made.parts)
      expect(await kept([nine, ten], { ...asideOf(users[0], nine), parts })).toEqual(['kept', 'no-room', 'not'])
    })

    test('[J33] a final seal tells what is kept of its clients, and closes it', async () => {
      await using world = await make()
      const { store, second, committees, users } = world
      const [a] = committees
      const seven = sealOf(7, users[0])
      const aside = asideOf(users[0], seven)
      await seal(store, a, { seals: [seven], aside })
      const final = () => seal(second, a, { seals: [seven, sealOf(8, users[0])], final: true })
      for (let times = 0; times < 2; times += 1) expect(await final()).toMatchObject({ answer: 'sealed', kept: [], reasons: aside.reasons })
      expect(await seal(store, a, { aside: asideOf(users[0], seven, 9) })).toMatchObject({ kept: ['not'] })
    })

    test('[J33] over its author’s room nothing is kept, and sealed all the same; others have room of their own', async () => {
      await using world = await make()
      const { store, committees, users } = world
      const [a, b] = committees
      const refuse = async (committee: CommitteeId, user: UserId, client: number, bytes = 10, length = 1) => {
        const sealed = sealOf(client, user)
        const aside = asideOf(user, sealed, length, new Uint8Array(bytes))
        const answer = await seal(store, committee, { seals: [sealed], aside })
        return answer.answer === 'sealed' ? answer.kept[0] : answer.answer
      }
      const [one, other] = users
      expect(await refuse(a, one, 1, 10_001)).toBe('no-room')
      for (const client of [2, 3, 4]) expect(await refuse(a, one, client)).toBe('kept')
      expect(await refuse(a, one, 5)).toBe('no-room')
      expect([await refuse(a, one, 4, 10_001, 2), await refuse(a, one, 4, 100, 2)]).toEqual(['no-room', 'grown'])
      expect([await refuse(a, other, 6), await refuse(b, one, 7)]).toEqual(['kept', 'kept'])
      const seals = await store.seals(a)
      expect(seals.ok && seals.value.map(({ client }) => client)).toEqual([1, 2, 3, 4, 5, 6])
    })

    test('[J34] a row that admits what was kept is written once, on whichever store it is asked, and nothing without it', async () => {
      await using world = await make()
      const { store, second, committees, users } = world
      const [a, b] = committees
      const sealed = sealOf(7, users[0])
      const aside = asideOf(users[0], sealed)
      const { id } = aside.parts[0]
      await seal(store, a, { seals: [sealed], aside })
      const admits = { by: users[1], why: 'they called' }
      const admit = (committee: CommitteeId, uuid: string) =>
        entryOf(committee, null, { uuid, admits, clients: [2 ** 32 + 5] as ClientId[] })
      expect(await appended(store, admit(a, randomUUID()), admit(b, id))).toEqual([null, null])
      const [one, two] = await Promise.all([appended(store, admit(a, id)), appended(second, admit(a, id))])
      expect([one, two]).toEqual([[1], [1]])
      expect(await readAll(store, a)).toHaveLength(1)
      // It takes no room any more.
      for (const client of [1, 2, 3]) {
        const next = sealOf(client, users[0])
        expect(await seal(store, a, { seals: [next], aside: asideOf(users[0], next) })).toMatchObject({ kept: ['kept'] })
      }
    })

    test('[J36] the time of a client’s write at a place: of its last row below a number, of nobody else’s and of no other place', async () => {
      await using world = await make()
      const [committee, other] = world.committees
      const [user, second] = world.users
      const [place, elsewhere] = [
        { path: 'guarantees', key: '1/2/group' },
        { path: 'guarantees', key: '1/2/quick_note' },
      ]
      const [seven, eight] = [7 as ClientId, 8 as ClientId]
      const receipts = await append(
        world.store,
        entryOf(committee, user, { clients: [seven], touches: [elsewhere, place] }),
        entryOf(committee, user, { clients: [seven, 9 as ClientId], touches: [place] }),
        entryOf(committee, second, { clients: [eight], touches: [place] }),
        entryOf(committee, user, { clients: [seven], touches: [elsewhere] }),
        entryOf(other, user, { clients: [seven], touches: [place] }),
      )
      const timeOf = async (client: ClientId, at: Touch, before: number) => {
        const answer = await world.second.timeOf(committee, client, at, before as Sequence)
        return answer.ok ? answer.value : answer.error
      }
      const times = receipts.map(({ at_ms }) => at_ms)
      expect(await timeOf(seven, place, 5)).toBe(times[1])
      expect(await timeOf(seven, place, 2)).toBe(times[0])
      expect(await timeOf(seven, elsewhere, 5)).toBe(times[3])
      expect(await timeOf(eight, place, 5)).toBe(times[2])
      expect([await timeOf(seven, place, 1), await timeOf(eight, elsewhere, 5)]).toEqual([null, null])
    })

    test('[J35] clients of the server’s own are above 32 bits and never given twice', async () => {
      await using world = await make()
      const clients: number[] = []
      for (const store of [world.store, world.second, world.store]) {
        const client = await store.serverClient()
        if (client.ok) clients.push(client.value)
      }
      expect(new Set(clients).size).toBe(3)
      for (const client of clients) expect(client).toBeGreaterThanOrEqual(2 ** 32)
    })
  })
}
