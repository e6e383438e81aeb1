import type * as Y from 'yjs'
import type { Id } from './decode.ts'

/** A new value of a key of a root map, as it comes: `gone` where the same update deletes it again. */
export type KeyWrite = Id & { readonly origin: Id | undefined; readonly gone: boolean }

/** One clock of a key's history, left to right as Yjs has it. */
type Link = { readonly client: number; readonly clock: number; readonly origin: Link | undefined; readonly write?: KeyWrite }

/**
 * What would stand under a key once these writes are merged: Yjs keeps all values a key ever had in one list, and the last of them
 * stands. `current` is the last of them now. Answers the write that comes last, or undefined where it is still `current`.
 *
 * This is Yjs's own order of siblings (`Item.integrate`), without a right origin, which no write of a key has.
 */
export function lastWrite(current: Y.Item, writes: readonly KeyWrite[]): KeyWrite | undefined {
  const links: Link[] = []
  const byId = new Map<string, Link>()
  const find = (id: Id | null | undefined): Link | undefined => (id ? byId.get(`${id.client}:${id.clock}`) : undefined)
  const put = (link: Link, at: number): void => {
    links.splice(at, 0, link)
    byId.set(`${link.client}:${link.clock}`, link)
  }

  const items: Y.Item[] = []
  for (let item: Y.Item | null = current; item !== null; item = item.left) items.push(item)
  for (const { id, length, origin } of items.reverse()) {
    // Deleted values that follow each other are one item in the store.
    for (let clock = id.clock; clock < id.clock + length; clock += 1) {
      const before = clock === id.clock ? origin : { client: id.client, clock: clock - 1 }
      put({ client: id.client, clock, origin: find(before) }, links.length)
    }
  }
  for (const write of writes) {
    const link = { client: write.client, clock: write.clock, origin: find(write.origin), write }
    put(link, placeAmong(links, link))
  }
  return links.at(-1)?.write
}

function placeAmong(links: readonly Link[], link: Link): number {
  let at = link.origin === undefined ? 0 : links.indexOf(link.origin) + 1
  const passed = new Set<Link>()
  const conflicting = new Set<Link>()
  for (let index = at; index < links.length; index += 1) {
    const other = links[index] as Link
    passed.add(other)
    conflicting.add(other)
    const isSibling = other.origin === link.origin
    if (isSibling && other.client >= link.client) break
    if (!isSibling && (other.origin === undefined || !passed.has(other.origin))) break
    if (isSibling || !conflicting.has(other.origin as Link)) {
      at = index + 1
      conflicting.clear()
    }
  }
  return at
}
