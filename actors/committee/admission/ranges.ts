import type { DeleteRange } from './decode.ts'

/** Membership in sorted, disjoint ranges: O(log n) each, and O(1) where the questions come in the order of the ranges. */
export class RangeSet {
  private readonly lists = new Map<number, { readonly ranges: DeleteRange[]; at: number }>()

  constructor(ranges: readonly DeleteRange[]) {
    for (const range of ranges) {
      const list = this.lists.get(range.client)
      if (list === undefined) this.lists.set(range.client, { ranges: [range], at: 0 })
      else list.ranges.push(range)
    }
  }

  has(client: number, clock: number): boolean {
    const list = this.lists.get(client)
    if (list === undefined) return false
    const range = list.ranges[firstEndingAfter(list, clock)]
    return range !== undefined && range.clock <= clock
  }

  /** How many of `[from, to)` are in it. */
  countIn(client: number, from: number, to: number): number {
    const list = this.lists.get(client)
    if (list === undefined) return 0
    let count = 0
    for (let index = firstEndingAfter(list, from); index < list.ranges.length; index += 1) {
      const range = list.ranges[index] as DeleteRange
      if (range.clock >= to) break
      count += overlap(range, from, to)
    }
    return count
  }
}

const endOf = (range: DeleteRange | undefined): number => (range === undefined ? Number.POSITIVE_INFINITY : range.clock + range.length)

/** Looks where it found the last one, and one further, before it searches. */
function firstEndingAfter(list: { readonly ranges: readonly DeleteRange[]; at: number }, clock: number): number {
  const { ranges, at } = list
  if (at === 0 || endOf(ranges[at - 1]) <= clock) {
    if (endOf(ranges[at]) > clock) return at
    if (endOf(ranges[at + 1]) > clock) {
      list.at = at + 1
      return at + 1
    }
  }
  let low = 0
  let high = ranges.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (endOf(ranges[middle]) > clock) high = middle
    else low = middle + 1
  }
  list.at = low
  return low
}

/** How much of a range lies in `[from, to)`. */
export const overlap = (range: DeleteRange, from: number, to: number): number =>
  Math.max(0, Math.min(range.clock + range.length, to) - Math.max(range.clock, from))
