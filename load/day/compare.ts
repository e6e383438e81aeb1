import { isDeepStrictEqual } from 'node:util'
import type * as Y from 'yjs'
import { clocksIn, mergedOf, writtenAt } from '../driver/oracle.ts'
import type { Deed } from '../driver/record.ts'

// The drivers' own record against what the server kept. Plain Yjs and nothing of ours: every acknowledged edit is looked up by the name
// of its struct, so that one that was overwritten since is still asked for.

/** What one person did in one committee. */
export type Testimony = { readonly user: number; readonly committee: string; readonly deeds: readonly Deed[] }

export type Loss = {
  readonly committee: string
  readonly user: number
  readonly edit: string
  readonly witness: 'journal' | 'client'
  readonly how: string
}

/** Where an edit has to stand, and with what value; a text has no key. `length`: clocks it takes. */
type Place = { readonly root: string; readonly key: string | null; readonly value: unknown; readonly length: number }

function placeOf({ did, client }: Deed, user: number): Place {
  const one = (root: string, key: string, value: unknown): Place => ({ root, key, value, length: 1 })
  switch (did.kind) {
    case 'mark':
      return one('attendance', `${did.elector}/${user}`, did.at_s)
    case 'withdraw':
      return one('attendance', `${did.elector}/${user}`, { at_s: 0, why: did.why })
    case 'pledge':
      return one('guarantees', `${did.elector}/${user}/${did.field}`, did.value)
    case 'note':
      return { root: `note/${did.elector}`, key: null, value: did.text, length: did.text.length }
    case 'figure':
      return one('figures', `${did.source}/${did.figure}/${user}`, did.value)
    case 'ballot':
      return one('ballots', did.log, { n: did.n, at_s: did.at_s, c: did.choices })
    case 'void':
      return one('ballots', `${did.sheet}/${user}.${client}`, { void: [did.client, did.index], at_s: did.at_s, why: did.why })
  }
}

const last = ({ root, key }: Place) => `${root} ${key}`
/** Logs and texts only grow; of a map's key the last value stands. */
const isOverwritable = ({ root, key }: Place) => key !== null && root !== 'ballots'

/** What is wrong with an edit in a document; undefined: it is there as it was done. */
function faultIn(doc: Y.Doc, { client, clock_end }: Deed, place: Place, mustStand: boolean): string | undefined {
  const found = Array.from({ length: place.length }, (_, index) => writtenAt(doc, client, clock_end - place.length + index))
  const [first] = found
  if (first === undefined || found.includes(undefined)) return 'is not there'
  if (first.root !== place.root || first.key !== place.key) return `stands at ${first.root} ${first.key}`
  const value = place.key === null ? found.map((piece) => piece?.value).join('') : first.value
  if (!isDeepStrictEqual(value, place.value)) return `reads ${JSON.stringify(value)}`
  return mustStand && !found.every((piece) => piece?.isLive) ? 'does not stand any more' : undefined
}

const described = ({ did, client, clock_end }: Deed) => `${JSON.stringify(did)} (struct ${client}, ${clock_end - 1})`

/**
 * Every acknowledged edit of a committee that the journal's rows do not hold as it was done, and every client of whom they hold more than
 * was done. A row that is missing is told apart from what was built on it.
 */
export function lostInJournal(testimonies: readonly Testimony[], rows: readonly Uint8Array[]): readonly Loss[] {
  const doc = mergedOf(rows, { gc: false })
  const clocks = clocksIn(rows)
  const isInRows = (client: number, clock: number) => (clocks.get(client) ?? []).some(([from, to]) => from <= clock && clock < to)
  return testimonies.flatMap(({ user, committee, deeds }) => {
    const losses = deeds.flatMap((deed) => {
      if (!deed.acknowledged) return []
      const fault = faultIn(doc, deed, placeOf(deed, user), false)
      if (fault === undefined) return []
      const isMissing = fault === 'is not there'
      const how = !isMissing
        ? fault
        : isInRows(deed.client, deed.clock_end - 1)
          ? 'is in a row that builds on a missing one'
          : 'is in no row'
      return [{ committee, user, edit: described(deed), witness: 'journal' as const, how }]
    })
    const ends = new Map(deeds.map(({ client, clock_end }) => [client, clock_end]))
    const more = [...ends].filter(([client, end]) => (clocks.get(client) ?? []).some(([, to]) => to > end))
    return [
      ...losses,
      ...more.map(([client]) => ({
        committee,
        user,
        edit: `client ${client}`,
        witness: 'journal' as const,
        how: 'wrote more than was done',
      })),
    ]
  })
}

/** The same against a document the server gives to somebody who comes new: all that has not been overwritten must stand. */
export function lostForClient(testimonies: readonly Testimony[], doc: Y.Doc): readonly Loss[] {
  return testimonies.flatMap(({ user, committee, deeds }) => {
    const places = deeds.map((deed) => ({ deed, place: placeOf(deed, user) }))
    const standing = new Map(places.map(({ deed, place }) => [last(place), deed]))
    return places.flatMap(({ deed, place }) => {
      // What was overwritten is garbage to a document; the journal is asked for it.
      if (!deed.acknowledged || (isOverwritable(place) && standing.get(last(place)) !== deed)) return []
      const how = faultIn(doc, deed, place, true)
      return how === undefined ? [] : [{ committee, user, edit: described(deed), witness: 'client' as const, how }]
    })
  })
}
