import type * as Y from 'yjs'
import { figuresRoot, parseFigureKey } from '#contract/document/figures.ts'
import { type FigureSource, keyOf } from '#contract/document/keys.ts'
import type { Writer } from '#contract/document/schema.ts'
import type { FigureRuling } from '#contract/document/values.ts'
import type { Refusal } from '#contract/refusals.ts'
import { err, ok, type Result } from '#contract/result.ts'

/** What writing figures needs of all writing: the one gate, and the one way into the document. */
type FigurePorts = {
  readonly doc: Y.Doc
  readonly writer: () => Writer
  readonly at_s: () => number
  readonly refuse: (path: string, key: string, value: unknown) => Refusal | undefined
  readonly write: (run: () => void) => Result<undefined, never>
}

/** The edits of the figures: what each person read, and a supervisor's word on it. */
export function createFigureWriting({ doc, writer, at_s, refuse, write }: FigurePorts) {
  const root = figuresRoot(doc)

  /** What this person read; the same again changes nothing. */
  function state(source: FigureSource, figure: string, value: number): Result<undefined, Refusal> {
    const key = keyOf.figure(source, figure, writer().user)
    const refusal = refuse('figures', key, value)
    if (refusal !== undefined) return err(refusal)
    if (root.get(key) === value) return ok()
    return write(() => void root.set(key, value))
  }

  /** Settles a figure for as long as its statements are those that stand now. */
  function rule(source: FigureSource, figure: string, value: number): Result<undefined, Refusal> {
    const key = keyOf.figureRuling(source, figure)
    const saw: Record<string, number> = {}
    for (const [other, said] of root.entries()) {
      const place = parseFigureKey(other)
      if (place?.source === source && place.figure === figure && typeof said === 'number') saw[String(place.user)] = said
    }
    const ruling: FigureRuling = { value, by: writer().user, at_s: at_s(), saw }
    const refusal = refuse('figures', key, ruling)
    if (refusal !== undefined) return err(refusal)
    return write(() => void root.set(key, ruling))
  }

  return { state, rule }
}
