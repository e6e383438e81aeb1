import * as Y from 'yjs'
import type { LiveDocument } from '#actors/committee/admission/live.ts'
import type { Row, Touch } from '#actors/journal/store.ts'
import type { ClientId } from '#contract/ids.ts'
import { isWatched, placeOf } from './watched.ts'

/** A value and the item it is in, by its last id: `<client>:<clock>`. */
export type Written = { readonly id: string; readonly client: ClientId; readonly value: unknown }

/**
 * The last write of a branch that a row brings. `onto`: what its first write was put over, by the origin that Yjs keeps: the id that
 * stood in the writer's replica then; undefined where nothing did.
 */
type Tip = Written & { readonly onto: string | undefined }

/** What a row did to one watched place. */
export type Finding = {
  readonly place: Touch
  /** What stood before the row; undefined: nothing. */
  readonly stood: Written | undefined
  /** The id that stands after it. */
  readonly stands: string | undefined
  /** By client and clock, so that every process has them in one order. At least one. */
  readonly tips: readonly Tip[]
}

/**
 * Applies a row and tells what it did to the watched places. It reads the document in between, because the values that lose are still
 * in it: Yjs throws them away when the outermost transaction ends, and `apply` has to run inside one that has begun before.
 *
 * A replica that writes a key puts down, as the new item's origin, the item that stood there: so the chain of origins, through what
 * the row itself brings, ends at what its author's device had. The ends are compared with what stands here by `book.ts`.
 */
export function detect(live: LiveDocument, row: Pick<Row, 'clients' | 'touches'>, apply: () => void): readonly Finding[] {
  const places = row.touches.filter(isWatched)
  if (places.length === 0) {
    apply()
    return []
  }
  const before = new Map(row.clients.map((client) => [client as number, live.stateOf(client)]))
  const stood = places.map((place) => standing(live, place))
  apply()
  const written = newItems(live, before)
  return places.flatMap((place, index): Finding | [] => {
    const tips = tipsOf(written.get(placeOf(place)) ?? [], before, live)
    const after = live.entryAt(place.path, place.key)
    return tips.length === 0 ? [] : { place, stood: stood[index], stands: after && nameOf(after.lastId), tips }
  })
}

/** The value that stands at a place, while it can be read. */
export function standing(live: LiveDocument, { path, key }: Touch): Written | undefined {
  const item = live.entryAt(path, key)
  return item === undefined || item.deleted ? undefined : writtenIn(item)
}

/** Undefined where the value is gone: its author's device had thrown it away before it was sent. */
function writtenIn({ lastId, content }: Y.Item): Written | undefined {
  if (!(content instanceof Y.ContentAny)) return undefined
  return { id: nameOf(lastId), client: lastId.client as ClientId, value: content.arr.at(-1) }
}

/** The items of these clients behind these clocks, by the place they stand at. O(what the row brings). */
function newItems(live: LiveDocument, before: ReadonlyMap<number, number>): ReadonlyMap<string, Y.Item[]> {
  const items = new Map<string, Y.Item[]>()
  for (const [client, clock] of before) {
    const walk = live.walk(client)
    for (let struct = walk.seek(clock); struct !== undefined; struct = walk.next(walk.state)) {
      if (!(struct instanceof Y.Item) || struct.parentSub === null) continue
      const where = live.whereIs(struct)
      if (where === 'dead' || where.slot !== 'entry') continue
      const place = placeOf({ path: where.root, key: where.key })
      const here = items.get(place)
      if (here === undefined) items.set(place, [struct])
      else here.push(struct)
    }
  }
  return items
}

/** Those that no other new item was put over, and whose value can be read. */
function tipsOf(items: readonly Y.Item[], before: ReadonlyMap<number, number>, live: LiveDocument): readonly Tip[] {
  const covered = new Set(items.map(({ origin }) => origin && nameOf(origin)))
  const known = new Map<Y.Item, string | undefined>()
  return items
    .filter(({ lastId }) => !covered.has(nameOf(lastId)))
    .flatMap((item): Tip | [] => {
      const written = writtenIn(item)
      return written === undefined ? [] : { ...written, onto: ontoOf(item, before, live, known) }
    })
    .sort((a, b) => a.client - b.client || clockOf(a.id) - clockOf(b.id))
}

/** Follows the origins out of the row. Branches share what they have in common: `known` keeps it from being walked once each. */
function ontoOf(
  tip: Y.Item,
  before: ReadonlyMap<number, number>,
  live: LiveDocument,
  known: Map<Y.Item, string | undefined>,
): string | undefined {
  const walked: Y.Item[] = []
  let item = tip
  let onto: string | undefined
  for (;;) {
    if (known.has(item)) {
      onto = known.get(item)
      break
    }
    walked.push(item)
    const { origin } = item
    // Yjs has cut the structs so that an origin is the end of one.
    const under =
      origin === null || origin.clock < (before.get(origin.client) ?? Number.MAX_SAFE_INTEGER) ? undefined : live.structAt(origin)
    if (!(under instanceof Y.Item)) {
      onto = origin === null ? undefined : nameOf(origin)
      break
    }
    item = under
  }
  for (const each of walked) known.set(each, onto)
  return onto
}

const nameOf = ({ client, clock }: Y.ID): string => `${client}:${clock}`
const clockOf = (id: string): number => Number(id.slice(id.indexOf(':') + 1))

/** The client that wrote the item of this name. */
export const clientOf = (id: string): ClientId => Number(id.slice(0, id.indexOf(':'))) as ClientId
