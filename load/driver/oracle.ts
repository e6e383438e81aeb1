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
export function mergedOf(updates: Iterable<Uint8Array>): Y.Doc {
  const doc = new Y.Doc()
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
