import { batch } from 'solid-js'
import { createStore } from 'solid-js/store'
import type * as Y from 'yjs'
import { type FigureStatus, figuresRoot, judgeFigure, parseFigureKey, parseFigureRulingKey } from '#contract/document/figures.ts'
import { type FigureSource, keyOf } from '#contract/document/keys.ts'
import { type FigureRuling, isFigureRuling } from '#contract/document/values.ts'
import type { UserId } from '#contract/ids.ts'
import type { Pending } from './pending.ts'

export type FigureRow = {
  readonly status: FigureStatus
  /** The figure to go by; undefined while there is none or people differ. */
  readonly value: number | undefined
  /** What each person read, ascending by user. */
  readonly statements: readonly { readonly user: UserId; readonly value: number; readonly mine: boolean; readonly durable: boolean }[]
  /** The last ruling, also where a later statement has opened the figure again. */
  readonly ruling?: FigureRuling
}

/** Key of a row: `<source>/<figure>`. */
export const figureRowKey = (source: FigureSource, figure: string): string => `${source}/${figure}`

type Place = { readonly source: FigureSource; readonly figure: string }

/** The root `figures` as a store by `figureRowKey`: a change reaches the figures it touches, and only those are judged again. */
export function bindFigures(doc: Y.Doc, me: UserId, pending: Pending) {
  const root = figuresRoot(doc)
  const [rows, setRows] = createStore<Record<string, FigureRow | undefined>>({})
  const speakers = new Map<string, Set<UserId>>()

  function rowOf({ source, figure }: Place): FigureRow {
    const statements = [...(speakers.get(figureRowKey(source, figure)) ?? [])].flatMap((user) => {
      const value = root.get(keyOf.figure(source, figure, user))
      return typeof value === 'number' ? [{ user, value }] : []
    })
    const ruling = root.get(keyOf.figureRuling(source, figure))
    const judged = judgeFigure(statements, isFigureRuling(ruling) ? ruling : undefined)
    return {
      ...judged,
      statements: judged.statements.map(({ user, value }) => {
        const durable = user !== me || pending.follow(root, keyOf.figure(source, figure, user), () => update([{ source, figure }]))
        return { user, value, mine: user === me, durable }
      }),
    }
  }

  const update = (places: Iterable<Place>) =>
    batch(() => {
      for (const place of places) setRows(figureRowKey(place.source, place.figure), rowOf(place))
    })

  const take = (keys: Iterable<string>) => {
    const touched = new Map<string, Place>()
    for (const key of keys) {
      const statement = parseFigureKey(key)
      const { source, figure } = statement ?? parseFigureRulingKey(key) ?? {}
      if (source === undefined || figure === undefined) continue
      const row = figureRowKey(source, figure)
      if (statement?.user !== undefined) speakers.set(row, (speakers.get(row) ?? new Set()).add(statement.user))
      touched.set(row, { source, figure })
    }
    update(touched.values())
  }
  const observer = (event: Y.YMapEvent<unknown>) => take(event.keysChanged)
  take(root.keys())
  root.observe(observer)

  return { rows, stop: () => root.unobserve(observer) }
}
