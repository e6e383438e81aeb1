/** A repeatable stream of numbers: the same seed gives the same stream on every machine. For demo data only, never for secrets. */
export type Random = {
  /** From 0 up to, not including, 1. */
  fraction(): number
  /** Whole number from 0 to `count` - 1. */
  below(count: number): number
  /** Any entry, all as likely. */
  pick<T>(list: readonly [T, ...T[]]): T
  /** Early entries far more often than late ones, as names are spread among people: of 80, the first is one in nine. */
  pickCommon<T>(list: readonly [T, ...T[]]): T
}

/**
 * Mulberry32, seeded by the FNV-1a hash of `seed`. Only integer operations and exactly rounded ones, no `Math.pow` and the like, whose
 * last bit may differ between engines: the digest of the demo is kept in a test.
 */
export function createRandom(seed: string): Random {
  let state = 0x811c9dc5
  for (const byte of new TextEncoder().encode(seed)) state = Math.imul(state ^ byte, 0x01000193)

  function fraction(): number {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }

  const at = <T>(list: readonly [T, ...T[]], place: number): T => list[Math.floor(list.length * place)] ?? list[0]

  return {
    fraction,
    below: (count) => Math.floor(fraction() * count),
    pick: (list) => at(list, fraction()),
    pickCommon(list) {
      const place = fraction()
      return at(list, place * place)
    },
  }
}
