import type { DeleteRange, Id } from './decode.ts'

/** Membership in sorted, disjoint ranges: O(log n) each. */
export class RangeSet {
  private readonly ranges = new Map<number, DeleteRange[]>()

  constructor(ranges: readonly DeleteRange[]) {
    for (const range of ranges) {
      const list = this.ranges.get(range.client)
      if (list === undefined) this.ranges.set(range.client, [range])
      else list.push(range)
    }
  }

  has({ client, clock }: Id): boolean {
    const range = this.ranges.get(client)?.[this.firstEndingAfter(client, clock)]
    return range !== undefined && range.clock <= clock
  }

  /** How many of `[from, to)` are in it. */
  countIn(client: number, from: number, to: number): number {
    const list = this.ranges.get(client) ?? []
    let count = 0
    for (let index = this.firstEndingAfter(client, from); index < list.length; index += 1) {
      const range = list[index] as DeleteRange
      if (range.clock >= to) break
      count += overlap(range, from, to)
    }
    return count
  }

  private firstEndingAfter(client: number, clock: number): number {
    const list = this.ranges.get(client) ?? []
    let low = 0
    let high = list.length
    while (low < high) {
      const middle = (low + high) >> 1
      const range = list[middle] as DeleteRange
      if (range.clock + range.length > clock) high = middle
      else low = middle + 1
    }
    return low
  }
}

/** How much of `[from, to)` is in the range. */
export const overlap = (range: DeleteRange, from: number, to: number): number =>
  Math.max(0, Math.min(range.clock + range.length, to) - Math.max(range.clock, from))
