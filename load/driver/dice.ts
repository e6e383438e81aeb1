/** A repeatable stream of numbers, so that a day can be played again. Of its own on purpose: nothing here is the server's. */
export type Dice = {
  /** From 0 up to, not including, 1. */
  fraction(): number
  /** Whole number from 0 to `count` - 1. */
  below(count: number): number
  pick<T>(list: readonly [T, ...T[]]): T
  /** A new list in an order of chance. */
  shuffled<T>(list: readonly T[]): T[]
}

/** xorshift128, its state filled from the characters of `seed`: another seed, another stream. */
export function makeDice(seed: string): Dice {
  const state = new Uint32Array([0x9e3779b9, 0x243f6a88, 0xb7e15162, 0xdeadbeef])
  const next = (): number => {
    const [x = 0, y = 0, z = 0, w = 0] = state
    const mixed = x ^ (x << 11)
    state.set([y, z, w, w ^ (w >>> 19) ^ mixed ^ (mixed >>> 8)])
    return state[3] ?? 0
  }
  for (let index = 0; index < seed.length; index += 1) {
    state[index % 4] = (state[index % 4] ?? 0) ^ Math.imul(seed.charCodeAt(index) + index + 1, 0x01000193)
    next()
  }
  // Short seeds differ in few bits; after some rounds in all of them.
  for (let round = 0; round < 20; round += 1) next()
  const fraction = () => next() / 2 ** 32
  const below = (count: number) => Math.floor(fraction() * count)
  return {
    fraction,
    below,
    pick: (list) => list[below(list.length)] ?? list[0],
    shuffled(list) {
      const mixed = [...list]
      for (let place = mixed.length - 1; place > 0; place -= 1) {
        const other = below(place + 1)
        ;[mixed[place], mixed[other]] = [mixed[other] as (typeof mixed)[number], mixed[place] as (typeof mixed)[number]]
      }
      return mixed
    },
  }
}
