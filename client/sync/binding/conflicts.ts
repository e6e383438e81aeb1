import { type Accessor, batch, createSignal } from 'solid-js'
import { createStore } from 'solid-js/store'
import type * as Y from 'yjs'
import { type Conflict, conflictKey, conflictsRoot, isOpen, parseConflictKey, readConflict } from '#contract/document/conflicts.ts'
import { type FigureSource, type KeyParts, keyOf } from '#contract/document/keys.ts'
import { findPlace } from '#contract/document/schema.ts'
import type { WalkinPlace } from '#contract/document/walkins.ts'
import type { ElectorSerial } from '#contract/ids.ts'

/** What people disagree about: a field of a pledge, or the ruling on an attendance, a walk-in, a figure. */
type ConflictKind = 'guarantees' | 'attendance' | 'walkins' | 'figures'

/** `at`: its key in the root. `parts`: whose, which elector, field or figure. */
export type ConflictRow = Conflict & {
  readonly at: string
  readonly root: ConflictKind
  readonly key: string
  readonly parts: KeyParts
  readonly open: boolean
}

/** Conflicts of a committee as views see them. Each place is a signal of its own: an entry wakes who shows it, and nobody else. */
export type Conflicts = {
  readonly rows: Readonly<Record<string, ConflictRow | undefined>>
  /** How many wait for a person. */
  readonly open: Accessor<number>
  /** All there are and were, in the order of their keys. Reads every one of them: for the list. */
  all(): readonly ConflictRow[]
  /** Of one elector's pledges and attendance, in the order of their keys. */
  ofElector(serial: ElectorSerial): readonly ConflictRow[]
  ofFigure(source: FigureSource, figure: string): ConflictRow | undefined
  ofWalkin(place: WalkinPlace): ConflictRow | undefined
}

const kinds: readonly string[] = ['guarantees', 'attendance', 'walkins', 'figures'] satisfies readonly ConflictKind[]
const isKind = (root: string): root is ConflictKind => kinds.includes(root)

/** The root `conflicts`: written by the server, read here. A change costs its own key. */
export function bindConflicts(doc: Y.Doc): Conflicts & { stop(): void } {
  const root = conflictsRoot(doc)
  const [rows, setRows] = createStore<Record<string, ConflictRow | undefined>>({})
  // Keys are only ever added. Those of an elector change with the first race at a place, and not when it is resolved.
  const [keys, setKeys] = createStore<Record<number, readonly string[] | undefined>>({})
  const [all, setAll] = createSignal<readonly string[]>([])
  const [open, setOpen] = createSignal(0)
  const known = new Map<string, boolean>()

  function rowOf(at: string): ConflictRow | undefined {
    const place = parseConflictKey(at)
    const conflict = readConflict(root, at)
    if (place === undefined || conflict === undefined || !isKind(place.root)) return undefined
    const found = findPlace(place.root, place.key)
    if (typeof found === 'string') return undefined
    return { ...conflict, at, root: place.root, key: place.key, parts: found.parts, open: isOpen(conflict) }
  }

  const take = (touched: Iterable<string>) =>
    batch(() => {
      const added: string[] = []
      let waiting = open()
      for (const at of touched) {
        const row = rowOf(at)
        waiting += Number(row?.open === true) - Number(known.get(at) === true)
        if (row === undefined) known.delete(at)
        else known.set(at, row.open)
        if (row !== undefined && rows[at] === undefined) {
          added.push(at)
          const { elector } = row.parts
          if (elector !== undefined) setKeys(elector, (before = []) => (before.includes(at) ? before : [...before, at].sort()))
        }
        setRows({ [at]: row }) // the whole row: set at its own path, it would be merged into the one before
      }
      if (added.length > 0) setAll((before) => [...new Set([...before, ...added])].sort())
      setOpen(waiting)
    })
  const observer = (event: Y.YMapEvent<unknown>) => take(event.keysChanged)
  take(root.keys())
  root.observe(observer)

  const rowsAt = (at: readonly string[]) => at.flatMap((one) => rows[one] ?? [])
  return {
    rows,
    open,
    all: () => rowsAt(all()),
    ofElector: (serial) => rowsAt(keys[serial] ?? []),
    ofFigure: (source, figure) => rows[conflictKey('figures', keyOf.figureRuling(source, figure))],
    ofWalkin: ({ user, client, n }) => rows[conflictKey('walkins', keyOf.walkinRuling(user, client, n))],
    stop: () => root.unobserve(observer),
  }
}
