import type * as Y from 'yjs'
import type { UserId } from '#contract/ids.ts'
import { type FigureSource, keyOf, keyParser } from './keys.ts'
import { inOrder, type Statement, sameValue, sawAll } from './statements.ts'
import { type FigureRuling, isFigureRuling } from './values.ts'

/** People who must agree before a figure is settled without a ruling. */
export const figureQuorum = 2

/** `none` written · `waiting` for a second · `agreed` by a quorum · `differ` · `resolved` by a ruling that saw exactly these statements. */
export type FigureStatus = 'none' | 'waiting' | 'agreed' | 'differ' | 'resolved'

export type Figure = {
  readonly status: FigureStatus
  /** The figure to show: the ruled or agreed one, or the only one there is; undefined while people differ. */
  readonly value: number | undefined
  readonly statements: readonly Statement<number>[]
  readonly ruling?: FigureRuling
}

export const figuresRoot = (doc: Y.Doc): Y.Map<unknown> => doc.getMap('figures')
export const parseFigureKey = keyParser('<source>/<figure>/<user>')
export const parseFigureRulingKey = keyParser('<source>/<figure>/#')

/** Status of one figure: a pure function of its statements and its ruling, so every replica shows the same. */
export function judgeFigure(statements: readonly Statement<number>[], ruling?: FigureRuling): Figure {
  const ordered = inOrder(statements)
  const answer = (status: FigureStatus, value: number | undefined): Figure => ({
    status,
    value,
    statements: ordered,
    ...(ruling === undefined ? {} : { ruling }),
  })
  if (ruling !== undefined && sawAll(ruling.saw, ordered)) return answer('resolved', ruling.value)
  const first = ordered[0]
  if (first === undefined) return answer('none', undefined)
  if (!ordered.every((statement) => sameValue(statement.value, first.value))) return answer('differ', undefined)
  return answer(ordered.length >= figureQuorum ? 'agreed' : 'waiting', first.value)
}

/** One figure of one source, e.g. `minute`, `ballots`. O(keys of the root). */
export function readFigure(root: Y.Map<unknown>, source: FigureSource, figure: string): Figure {
  const statements: Statement<number>[] = []
  for (const [key, value] of root.entries()) {
    const place = parseFigureKey(key)
    if (place?.source === source && place.figure === figure && place.user !== undefined && typeof value === 'number') {
      statements.push({ user: place.user as UserId, value })
    }
  }
  const ruling = root.get(keyOf.figureRuling(source, figure))
  return judgeFigure(statements, isFigureRuling(ruling) ? ruling : undefined)
}
