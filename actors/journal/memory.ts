import type { Clock } from '#actors/kernel/clock.ts'
import type { ClientId, CommitteeId, Sequence, UserId } from '#contract/ids.ts'
import { err, ok } from '#contract/result.ts'
import { first_head, nextHead, type Sha256 } from './chain.ts'
import {
  type Aside,
  type AsidePart,
  asideBytes,
  type Entry,
  type JournalStore,
  type Kept,
  type Receipt,
  type Row,
  type Seal,
  type Snapshot,
} from './store.ts'

/** What two stores share that are to be the same journal, as two processes share a database. */
export type MemoryJournal = {
  readonly committees: ReadonlyMap<CommitteeId, Shelf>
  /** The row of each uuid. */
  readonly rows: Map<string, Row>
  server_client: number
}

type Shelf = {
  readonly rows: Row[]
  readonly owners: Map<ClientId, UserId>
  readonly seals: Map<ClientId, Seal>
  aside: KeptPart[]
  snapshot: Snapshot | null
}

export type KeptPart = Omit<Aside, 'parts'> & AsidePart & { final: boolean; decided?: { readonly by: UserId; readonly sequence: Sequence } }

export function makeMemoryJournal(committees: readonly CommitteeId[]): MemoryJournal {
  const makeShelf = (): Shelf => ({ rows: [], owners: new Map(), seals: new Map(), aside: [], snapshot: null })
  return { committees: new Map(committees.map((id) => [id, makeShelf()])), rows: new Map(), server_client: 2 ** 32 }
}

/** A store that lasts as long as the process: for tests, and for showing what a store is. Every call is one step, so atomic. */
export function makeMemoryStore(
  journal: MemoryJournal,
  ports: { readonly sha256: Sha256; readonly clock: Clock; readonly instance: string },
): JournalStore {
  function write(entry: Entry, shelf: Shelf): Row | undefined {
    const { admits, ...bare } = entry
    const admitted = admits && shelf.aside.find(({ id }) => id === entry.uuid)
    if (admits && (admitted === undefined || admitted.decided)) return undefined
    if (entry.clients.some((client) => shelf.seals.has(client))) return undefined
    const sequence = (shelf.rows.length + 1) as Sequence
    const head = nextHead(ports.sha256, shelf.rows.at(-1)?.head ?? first_head, { ...entry, sequence })
    const row = { ...bare, update: entry.update.slice(), sequence, instance: ports.instance, at_ms: ports.clock.now_ms(), head }
    shelf.rows.push(row)
    journal.rows.set(row.uuid, row)
    for (const client of entry.clients) if (entry.user !== null && !shelf.owners.has(client)) shelf.owners.set(client, entry.user)
    if (admits && admitted) admitted.decided = { by: admits.by, sequence }
    return row
  }

  return {
    async append(entries) {
      const places = entries.map((entry) => ({ entry, shelf: journal.committees.get(entry.committee) }))
      if (!places.every((place): place is { entry: Entry; shelf: Shelf } => place.shelf !== undefined)) return err('rejected')
      return ok(
        places.map(({ entry, shelf }): Receipt | null => {
          const row = journal.rows.get(entry.uuid) ?? write(entry, shelf)
          return row ? { uuid: row.uuid, sequence: row.sequence, head: row.head, at_ms: row.at_ms } : null
        }),
      )
    },
    async read(committee, after, limit) {
      return ok(journal.committees.get(committee)?.rows.slice(after, after + limit) ?? [])
    },
    async heads(committees) {
      const known = new Map<CommitteeId, Sequence>()
      for (const id of committees) {
        const shelf = journal.committees.get(id)
        if (shelf) known.set(id, shelf.rows.length as Sequence)
      }
      return ok(known)
    },
    async snapshot(committee) {
      return ok(journal.committees.get(committee)?.snapshot ?? null)
    },
    async saveSnapshot(committee, snapshot) {
      const shelf = journal.committees.get(committee)
      if (!shelf) return err('rejected')
      if (!shelf.snapshot || shelf.snapshot.sequence < snapshot.sequence) shelf.snapshot = { ...snapshot, state: snapshot.state.slice() }
      return ok()
    },
    async owners(committee) {
      return ok(new Map(journal.committees.get(committee)?.owners))
    },
    async seal(committee, { after, seals, final, aside, room }) {
      const shelf = journal.committees.get(committee)
      if (!shelf) return err('rejected')
      const asked = new Set(seals.map(({ client }) => client))
      if (shelf.rows.slice(after).some((row) => row.clients.some((client) => asked.has(client)))) return ok({ answer: 'behind' })
      const known = new Map(shelf.seals)
      const foreign = seals.flatMap(({ client, user }) => (known.get(client)?.user === user ? [] : (known.get(client) ?? [])))
      if (foreign.length > 0) return ok({ answer: 'foreign', seals: foreign })
      for (const seal of seals) if (!known.has(seal.client)) shelf.seals.set(seal.client, seal)
      const kept = aside?.parts.map((part) => keep(shelf, known, aside, part, room)) ?? []
      const theirs = final ? shelf.aside.filter(({ sealed }) => sealed !== null && asked.has(sealed.client)) : []
      for (const part of theirs) part.final = true
      return ok({
        answer: 'sealed',
        seals: seals.map((seal) => ({ ...(shelf.seals.get(seal.client) ?? seal), known: known.has(seal.client) })),
        kept,
        reasons: theirs.flatMap(({ reasons }) => reasons),
      })
    },
    async seals(committee) {
      return ok([...(journal.committees.get(committee)?.seals.values() ?? [])])
    },
    async timeOf(committee, client, { path, key }, before) {
      const wrote = ({ sequence, clients, touches }: Row) =>
        sequence < before && clients.includes(client) && touches.some((touch) => touch.path === path && touch.key === key)
      return ok(journal.committees.get(committee)?.rows.findLast(wrote)?.at_ms ?? null)
    },
    async serverClient() {
      journal.server_client += 1
      return ok(journal.server_client as ClientId)
    },
  }
}

function keep(
  shelf: Shelf,
  known: ReadonlyMap<ClientId, Seal>,
  { parts: _parts, ...aside }: Aside,
  part: AsidePart,
  room: { readonly entries_max: number; readonly bytes_max: number },
): Kept {
  const isSame = ({ user, sealed, update }: KeptPart): boolean =>
    sealed === null || part.sealed === null
      ? sealed === part.sealed && user === aside.user && String(update) === String(aside.update)
      : sealed.client === part.sealed.client && sealed.clock === part.sealed.clock
  const before = shelf.aside.find(isSame)
  const mayGrow = before?.sealed && part.sealed && !before.decided && !before.final && part.sealed.end > before.sealed.end
  if (before !== undefined ? !mayGrow : part.sealed !== null && known.has(part.sealed.client)) return 'not'
  const others = shelf.aside.filter((entry) => entry !== before && entry.user === aside.user && entry.decided === undefined)
  const bytes = others.reduce((sum, entry) => sum + asideBytes(entry, entry), asideBytes(aside, part))
  if (others.length >= room.entries_max || bytes > room.bytes_max) return 'no-room'
  const entry = { ...aside, ...part, id: before?.id ?? part.id, update: aside.update.slice(), final: false }
  shelf.aside = before === undefined ? [...shelf.aside, entry] : shelf.aside.map((kept) => (kept === before ? entry : kept))
  return before === undefined ? 'kept' : 'grown'
}
