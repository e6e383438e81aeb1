import { describe, expect, test } from 'vitest'
import { ManualClock } from '#actors/kernel/clock.ts'
import type { CommitteeId, Sequence } from '#contract/ids.ts'
import { Grace, grace_ms } from './grace.ts'

function makeWorld(expectsRows: (committee: string) => boolean) {
  const clock = new ManualClock()
  const heads: string[] = []
  const grace = new Grace({ clock, expectsRows, onHead: (committee, sequence) => heads.push(`${committee} ${sequence}`) })
  return { clock, heads, hear: (committee: string, sequence: number) => grace.head(committee as CommitteeId, sequence as Sequence) }
}

describe('the grace of a head', () => {
  test('[N3] while rows can be expected it waits, one wait a committee and the highest number; then it is told', async () => {
    const { clock, heads, hear } = makeWorld(() => true)
    hear('a', 3)
    await clock.advance(grace_ms / 2)
    hear('a', 5)
    hear('a', 4)
    hear('b', 1)
    expect(heads).toEqual([])
    await clock.advance(grace_ms / 2)
    expect(heads).toEqual(['a 5'])
    hear('a', 6)
    await clock.advance(grace_ms)
    expect(heads).toEqual(['a 5', 'b 1', 'a 6'])
  })

  test('[N3] without a way for rows it is told at once', () => {
    const { heads, hear } = makeWorld((committee) => committee === 'a')
    hear('a', 1)
    hear('b', 1)
    expect(heads).toEqual(['b 1'])
  })
})
