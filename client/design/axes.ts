/** Unix milliseconds, and how many then. */
export type Point = { readonly at_ms: number; readonly n: number }
type Axis = { readonly min: number; readonly max: number; readonly ticks: readonly number[] }

const hour_ms = 3_600_000

/** Whole hours, at most seven of them. */
export function timeAxis(points: readonly Point[]): Axis {
  const min = points[0]?.at_ms ?? 0
  const max = points.at(-1)?.at_ms ?? 0
  const hours = Math.max(1, Math.ceil((max - min) / hour_ms / 6))
  const stride = hours * hour_ms
  // By the clock of this place: an hour there may begin at half of one of UTC.
  const offset_ms = new Date(min).getTimezoneOffset() * 60_000
  const first = Math.ceil((min - offset_ms) / stride) * stride + offset_ms
  const ticks: number[] = []
  for (let at = first; at <= max; at += stride) ticks.push(at)
  // Of the first hour there is no whole one: its beginning and this moment.
  return { min, max: Math.max(max, min + 1), ticks: ticks.length > 1 ? ticks : [min, max] }
}

/** Round steps, about four of them. */
export function figureAxis(most: number): Axis {
  const rough = Math.max(1, most) / 4
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = Math.max(1, ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power)
  const max = Math.max(step, Math.ceil(most / step) * step)
  return { min: 0, max, ticks: Array.from({ length: Math.round(max / step) }, (_, at) => (at + 1) * step) }
}
