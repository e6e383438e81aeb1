import { describe, expect, test } from 'vitest'
import { Pulse, silent_beats_max, unreturned_beats_max } from './pulse.ts'

/** So many beats sent, of which each comes back; who has gone. */
function beats(pulse: Pulse, count: number): readonly string[] {
  return Array.from({ length: count }).flatMap(() => {
    pulse.beat()
    return pulse.returned()
  })
}

describe('the pulse', () => {
  test('[N5] [P10] a process is gone when so many own beats came back without a word of it; one word and it is not', () => {
    const pulse = new Pulse()
    pulse.heard('b', 1)
    pulse.heard('c', 1)
    expect(beats(pulse, silent_beats_max - 1)).toEqual([])
    pulse.heard('c', 1)
    expect(beats(pulse, 1)).toEqual(['b'])
    expect(pulse.peers()).toEqual(['c'])
    expect(beats(pulse, silent_beats_max - 1)).toEqual(['c'])
    expect(beats(pulse, 100)).toEqual([])
  })

  test('[N5] [P10] beats that do not come back count for nobody: an outage, however long, declares nobody dead', () => {
    const pulse = new Pulse()
    pulse.heard('b', 1)
    for (let second = 0; second < 3_600; second += 1) pulse.beat()
    expect(pulse.peers()).toEqual(['b'])
    expect(beats(pulse, silent_beats_max - 1)).toEqual([])
  })

  test('[N5] on a new way the silence of everybody counts from the beginning', () => {
    const pulse = new Pulse()
    pulse.heard('b', 1)
    beats(pulse, silent_beats_max - 1)
    pulse.anew()
    expect(beats(pulse, silent_beats_max - 1)).toEqual([])
    expect(beats(pulse, 1)).toEqual(['b'])
  })

  test('[N6] beats that do not come back say that the way is broken, again and again; one that comes back ends it', () => {
    const pulse = new Pulse()
    const words = Array.from({ length: 3 * unreturned_beats_max + 1 }, () => pulse.beat())
    expect(words.flatMap((word, at) => (word === 'unheard' ? at : []))).toEqual([
      unreturned_beats_max,
      2 * unreturned_beats_max,
      3 * unreturned_beats_max,
    ])
    pulse.returned()
    expect(Array.from({ length: unreturned_beats_max }, () => pulse.beat())).not.toContain('unheard')
  })

  test('[N8] who says that they go is gone at once, and new when they come again', () => {
    const pulse = new Pulse()
    expect([pulse.heard('b', 1), pulse.heard('b', 1)]).toEqual(['new', 'known'])
    pulse.left('b')
    expect(pulse.peers()).toEqual([])
    expect(pulse.heard('b', 1)).toBe('new')
  })

  test('[N9] a restarted process takes the place of its life before, whose late words are known as such', () => {
    const pulse = new Pulse()
    pulse.heard('b', 1)
    expect([pulse.heard('b', 2), pulse.heard('b', 1), pulse.heard('b', 2)]).toEqual(['reborn', 'ended', 'known'])
    // Words of the life before do not keep the name alive either.
    beats(pulse, silent_beats_max - 1)
    pulse.heard('b', 1)
    expect(beats(pulse, 1)).toEqual(['b'])
    // A machine whose clock was set back: heard once the other has gone.
    expect(pulse.heard('b', 1)).toBe('new')
  })
})
