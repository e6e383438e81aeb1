import { type Clock, conflate } from './clock.ts'

/** Nobody is typing who has not touched a key for so long. */
const rest_ms = 3_000
/** Between two places told of one person: a fast hand has eight letters in it. */
const pause_ms = 250

/** A selection in a text, in UTF-16 units: where it began and where the caret is. Equal: nothing is selected. */
export type Selection = { readonly anchor: number; readonly head: number }

/** One field's typing, as its page tells it. */
export type Typing = {
  /** A letter. `place` undefined: it has none that others would understand. */
  typed(place: Selection | undefined): void
  /** The caret has gone elsewhere: told only while somebody types, and no reason to go on saying so. */
  moved(place: Selection | undefined): void
  /** The field was left. */
  rest(): void
}

/** `tell`: what the others are to hear; undefined: nobody is typing any more. The beginning and the end at once, the rest joined. */
export function createTyping(clock: Clock, tell: (at: { readonly place: Selection | undefined } | undefined) => void): Typing {
  let place: Selection | undefined
  let cancel: (() => void) | undefined
  const tellLater = conflate(clock, pause_ms, () => tell({ place }))
  const rest = () => {
    if (cancel === undefined) return
    cancel()
    cancel = undefined
    tellLater.stop()
    tell(undefined)
  }
  return {
    typed: (now) => {
      place = now
      const begins = cancel === undefined
      cancel?.()
      cancel = clock.after(rest_ms, rest)
      if (begins) tell({ place })
      else tellLater.later()
    },
    moved: (now) => {
      if (cancel === undefined || (now?.anchor === place?.anchor && now?.head === place?.head)) return
      place = now
      tellLater.later()
    },
    rest,
  }
}
