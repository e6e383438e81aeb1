import type { DeleteRange } from './decode.ts'

/** Of one client: `[from, to)` of all ranges, and where the last question was answered. */
type Stretch = { readonly from: number; readonly to: number; at: number }

/** Membership in sorted, disjoint ranges: O(log n) each, and O(1) where the questions come in the order of the ranges. */
export class RangeSet {
  private readonly ranges: readonly DeleteRange[]
  private readonly stretches = new Map<number, Stretch>()
  // The questions come client by client.
  private asked: { readonly client: number; readonly stretch: Stretch | undefined } | undefined

  /** Each client's ranges together, as they come. */
  constructor(ranges: readonly DeleteRange[]) {
    this.ranges = ranges
    for (let from = 0, to = 0; from < ranges.length; from = to) {
      const { client } = ranges[from] as DeleteRange
      while (ranges[to]?.client === client) to += 1
      this.stretches.set(client, { from, to, at: from })
    }
  }

  has(client: number, clock: number): boolean {
    const stretch = this.stretchOf(client)
    if (stretch === undefined) return false
    const index = firstEndingAfter(this.ranges, stretch, clock)
    return index < stretch.to && (this.ranges[index] as DeleteRange).clock <= clock
  }

  /** How many of `[from, to)` are in it. */
  countIn(client: number, from: number, to: number): number {
    const stretch = this.stretchOf(client)
    if (stretch === undefined) return 0
    let count = 0
    for (let index = firstEndingAfter(this.ranges, stretch, from); index < stretch.to; index += 1) {
      const range = this.ranges[index] as DeleteRange
      if (range.clock >= to) break
      count += overlap(range, from, to)
    }
    return count
  }

  private stretchOf(client: number): Stretch | undefined {
    if (this.asked?.client !== client) this.asked = { client, stretch: this.stretches.get(client) }
    return this.asked.stretch
  }
}

/** Looks where it found the last one, and one further, before it searches. */
function firstEndingAfter(ranges: readonly DeleteRange[], stretch: Stretch, clock: number): number {
  const { from, to, at } = stretch
  const endsAfter = (index: number): boolean => index >= to || endOf(ranges[index] as DeleteRange) > clock
  if (at === from || !endsAfter(at - 1)) {
    if (endsAfter(at)) return at
    if (endsAfter(at + 1)) {
      stretch.at = at + 1
      return at + 1
    }
  }
  let low = from
  let high = to
  while (low < high) {
    const middle = (low + high) >> 1
    if (endsAfter(middle)) high = middle
    else low = middle + 1
  }
  stretch.at = low
  return low
}

const endOf = (range: DeleteRange): number => range.clock + range.length

/** How much of a range lies in `[from, to)`. */
export const overlap = (range: DeleteRange, from: number, to: number): number =>
  Math.max(0, Math.min(range.clock + range.length, to) - Math.max(range.clock, from))
