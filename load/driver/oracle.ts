import * as Y from 'yjs'

// Plain Yjs and nothing of ours: what is in the bytes, counted by hand.

/** A called ballot as it stands in a document. `id` is `<log>#<index>`. */
export type FoundBallot = { readonly id: string; readonly n: number; readonly choices: readonly number[] | null; readonly struck: boolean }

/** The document that journal rows make: their updates applied in the order given. Throws where they do not fit together. */
export function documentOf(updates: Iterable<Uint8Array>): Y.Doc {
  const doc = new Y.Doc()
  for (const update of updates) {
    Y.applyUpdate(doc, update)
    if (doc.store.pendingStructs !== null || doc.store.pendingDs !== null) throw new Error('a row builds on what no row before it has')
  }
  return doc
}

/** What of the rows fits together; what builds on a row that is not there is left out. For comparing, where a gap must show as figures. */
export function mergedOf(updates: Iterable<Uint8Array>, { gc = true } = {}): Y.Doc {
  const doc = new Y.Doc({ gc })
  doc.transact(() => {
    for (const update of updates) Y.applyUpdate(doc, update)
  })
  return doc
}

/** Every ballot of a sheet, struck or not, log by log. */
export function ballotsIn(doc: Y.Doc, sheet: string): readonly FoundBallot[] {
  const logs = [...doc.getMap<Y.Array<Record<string, unknown>>>('ballots').entries()]
    .filter(([key]) => key.startsWith(`${sheet}/`))
    .map(([key, log]) => ({ key, client: Number(key.split('.')[1]), entries: log.toArray() }))
  const struck = new Set(logs.flatMap(({ entries }) => entries.flatMap((entry) => (entry.void === undefined ? [] : [String(entry.void)]))))
  return logs.flatMap(({ key, client, entries }) =>
    entries.flatMap((entry, index) =>
      entry.void === undefined
        ? [{ id: `${key}#${index}`, n: entry.n as number, choices: entry.c as number[] | null, struck: struck.has(`${client},${index}`) }]
        : [],
    ),
  )
}

/** Votes per candidate of a sheet, without what was struck. */
export function votesIn(doc: Y.Doc, sheet: string): Record<number, number> {
  const votes: Record<number, number> = {}
  for (const { choices, struck } of ballotsIn(doc, sheet)) {
    if (!struck) for (const candidate of choices ?? []) votes[candidate] = (votes[candidate] ?? 0) + 1
  }
  return votes
}

/** `<elector>/<user>` of every mark that stands. */
export function marksIn(doc: Y.Doc): readonly string[] {
  return [...doc.getMap('attendance').entries()].flatMap(([key, value]) => (typeof value === 'number' ? [key] : [])).sort()
}

/** What a client wrote at one of its clocks, and where; `key` is null in a text. `isLive`: it has not been overwritten or deleted. */
export type Written = { readonly root: string; readonly key: string | null; readonly value: unknown; readonly isLive: boolean }

/** Found by its name in the document's store, whatever came over it since; undefined where it is not there, or was collected as garbage. */
export function writtenAt(doc: Y.Doc, client: number, clock: number): Written | undefined {
  if (clock < 0 || clock >= Y.getState(doc.store, client)) return undefined
  const item: unknown = Y.getItem(doc.store, Y.createID(client, clock))
  if (!(item instanceof Y.Item) || !(item.parent instanceof Y.AbstractType)) return undefined
  const { content, parent, deleted } = item
  const offset = clock - item.id.clock
  const value = content instanceof Y.ContentAny ? content.arr[offset] : content instanceof Y.ContentString ? content.str[offset] : undefined
  if (value === undefined) return undefined
  // A log lies one deeper: it is a value of its root, and the root's key is its name.
  const { _item: log } = parent
  const root = log === null ? parent : log.parent
  if (!(root instanceof Y.AbstractType)) return undefined
  return { root: Y.findRootTypeKey(root), key: log === null ? item.parentSub : log.parentSub, value, isLive: !deleted }
}

/** Which clocks of which client are in rows at all, whether or not the rows fit together. */
export function clocksIn(updates: Iterable<Uint8Array>): ReadonlyMap<number, readonly (readonly [from: number, to: number])[]> {
  const ranges = new Map<number, [number, number][]>()
  for (const update of updates) {
    const { from, to } = Y.parseUpdateMeta(update)
    for (const [client, end] of to) {
      const found = ranges.get(client) ?? []
      found.push([from.get(client) ?? 0, end])
      ranges.set(client, found)
    }
  }
  return ranges
}
