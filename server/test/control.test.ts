import { describe, expect, test } from 'vitest'
import { marksIn } from '#load/driver/oracle.ts'
import type { Person } from '#load/driver/person.ts'
import { type Kind, startPair } from './control.kit.ts'
import { startRedis } from './redis.ts'
import { until } from './until.ts'
import { others } from './watching.ts'

// The same faults for two processes of ours and for two of Hocuspocus with the Redis extension that comes with it: what each does is
// stated here, and is why edits and presence do not travel by that extension.

const at_s = 1_763_856_000
/** Three times what P10 allows us; the stock shows people for up to 30 s after they were last heard. */
const vanish_ms_max = 15_000

const outcomes = {
  'an edit made while Redis was away, after it is back, with no further edit': { ours: 'is there', stock: 'is missing' },
  'a document that nobody had open, opened while Redis is away': { ours: 'opens', stock: 'is denied' },
  'somebody who has left the other process, as soon as the next edit from there is seen': { ours: 'has gone', stock: 'is still shown' },
  'people of a killed process, so many seconds later': { ours: 'has gone', stock: 'is still shown' },
} as const

type Fault = keyof typeof outcomes

const faults: { readonly [F in Fault]: (kind: Kind) => Promise<string> } = {
  async 'an edit made while Redis was away, after it is back, with no further edit'(kind) {
    await using redis = await startRedis()
    await using pair = await startPair(kind, redis)
    const here = await pair.person(0).synced()
    const there = await pair.person(1).synced()
    const [otherHere, otherThere] = [await pair.person(0, 'u02').synced(), await pair.person(1, 'u02').synced()]
    here.mark(1, at_s)
    await until('edits cross', () => marksIn(there.doc).length === 1)
    await redis.kill()
    here.mark(2, at_s)
    // Also the process has it, not only the phone.
    const witness = await pair.person(0).synced()
    await until('it is with the first process', () => marksIn(witness.doc).length === 2)
    // The outage is longer than the stock's client keeps what it could not send.
    await answered(pair.person(0, 'u03'))
    await redis.start()
    // Another document shows that the way is open again, in both directions.
    let own = 0
    await until('edits of another document cross again', () => {
      if (own < 100) own += 1
      otherHere.mark(2 * own, at_s)
      otherThere.mark(2 * own + 1, at_s)
      return [otherHere, otherThere].every(({ doc }) => marksIn(doc).length > own)
    })
    return marksIn(there.doc).length === 2 ? 'is there' : 'is missing'
  },

  async 'a document that nobody had open, opened while Redis is away'(kind) {
    await using redis = await startRedis()
    await using pair = await startPair(kind, redis)
    await pair.person(0).synced()
    await redis.kill()
    return await answered(pair.person(1, 'u02')) // awaited here, or both processes would be gone before it
  },

  async 'somebody who has left the other process, as soon as the next edit from there is seen'(kind) {
    await using redis = await startRedis()
    await using pair = await startPair(kind, redis)
    const watcher = await pair.person(0).synced()
    const stays = await pair.person(1).synced()
    const leaves = await pair.person(1).synced()
    leaves.show({ view: 'count' })
    await until('it is seen', () => others(watcher).has(leaves.doc.clientID))
    leaves.leave()
    // Their process has noticed.
    await until('colleagues see it', () => !others(stays).has(leaves.doc.clientID))
    stays.mark(1, at_s)
    await until('the edit is seen', () => marksIn(watcher.doc).length === 1)
    return others(watcher).has(leaves.doc.clientID) ? 'is still shown' : 'has gone'
  },

  async 'people of a killed process, so many seconds later'(kind) {
    await using redis = await startRedis()
    await using pair = await startPair(kind, redis)
    const watcher = await pair.person(0).synced()
    const person = await pair.person(1).synced()
    person.show({ view: 'count' })
    await until('it is seen', () => others(watcher).has(person.doc.clientID))
    await pair.kill()
    const killed_ms = performance.now()
    const isShown = () => others(watcher).has(person.doc.clientID)
    await until('it has gone, or time is over', () => !isShown() || performance.now() - killed_ms > vanish_ms_max)
    return isShown() ? 'is still shown' : 'has gone'
  },
}

async function answered({ provider, sentAway }: Person): Promise<'opens' | 'is denied'> {
  await until('it is opened or denied', () => provider.isSynced || sentAway.length > 0)
  return provider.isSynced ? 'opens' : 'is denied'
}

describe.each(Object.keys(outcomes) as Fault[])('%s', (fault) => {
  test.each(['ours', 'stock'] as const)('%s', async (kind) => {
    expect(await faults[fault](kind)).toBe(outcomes[fault][kind])
  })
})
