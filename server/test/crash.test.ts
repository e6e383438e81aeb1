import { describe, expect, it } from 'vitest'
import { ballotsIn, documentOf, votesIn } from '#load/driver/oracle.ts'
import type { Person } from '#load/driver/person.ts'
import { demoUser } from './demo-users.ts'
import { until } from './until.ts'
import { startWorld } from './world.ts'

const at_s = 1_763_856_000
const kills = 5
const ballotsBetween = 60
const counters = ['counter1', 'counter2', 'coordinator1', 'coordinator2'] as const

const ballotsOf = (person: Person) =>
  person.book.deeds.flatMap(({ did, acknowledged }) => (did.kind === 'ballot' ? [{ ...did, acknowledged }] : []))

/** A deterministic ballot: a few candidates, now and then blank or invalid. */
const choices = (seed: number): number[] | null => {
  if (seed % 41 === 0) return null
  if (seed % 29 === 0) return []
  const picked = new Set([1, 7, 11, 13].map((step) => ((seed * step) % 30) + 1))
  return [...picked].sort((a, b) => a - b)
}

describe('kill -9 under a count', () => {
  it('5 kills, 4 counters, 1,000 ballots and more: nothing acknowledged or seen is lost, nothing is doubled', async () => {
    await using world = await startWorld({ demo: true })
    const [server] = world.instances
    const user = await demoUser(world.sql)
    const people = counters.map((login) => world.person('u01', user(login), login.startsWith('counter') ? 'counter' : 'coordinator'))
    await Promise.all(people.map((person) => person.synced()))
    let called = 0
    const call = (person: Person) => {
      called += 1
      person.call('A', called, choices(called), at_s)
    }

    const inFlight: number[] = []
    for (let kill = 0; kill < kills; kill += 1) {
      // Each goes on calling as fast as receipts come, so that edits are on the wire, in admission and in the commit at the kill.
      for (let round = 0; round < ballotsBetween / 2; round += 1) {
        for (const person of people) call(person)
        if (round % 5 === 4) await Promise.all(people.map((person) => person.book.downTo(3)))
      }
      for (const person of people) call(person)
      inFlight.push(people.reduce((sum, person) => sum + person.book.unacknowledged, 0))
      await server.kill()
      // The count does not wait for a server.
      for (let round = 0; round < ballotsBetween / 2; round += 1) for (const person of people) call(person)
      if (kill === kills - 1) break
      await server.start()
      await Promise.all(people.map((person) => person.book.downTo(ballotsBetween)))
    }
    expect(called).toBeGreaterThanOrEqual(1_000)
    expect(Math.min(...inFlight)).toBeGreaterThan(0)

    // The writers stay away; what they know is theirs alone.
    await Promise.all(people.map((person) => person.goOffline()))
    await server.start()
    const fresh = await world.person('u01', user('viewer1'), 'viewer').synced()
    const found = new Map(ballotsIn(fresh.doc, 'A').map((ballot) => [ballot.id, ballot]))
    const own = new Map<string, ReturnType<typeof ballotsOf>[number]>(
      people.flatMap((person) => ballotsOf(person).map((deed) => [`${deed.log}#${deed.index}`, deed] as const)),
    )
    const acknowledged = [...own].filter(([, deed]) => deed.acknowledged)
    expect(acknowledged.length).toBeGreaterThan(called / 2)
    expect(acknowledged.filter(([id, deed]) => JSON.stringify(found.get(id)?.choices) !== JSON.stringify(deed.choices))).toEqual([])
    const seen = people.flatMap((person) => ballotsIn(person.doc, 'A').filter(({ id }) => !id.startsWith(`A/${person.user}.`)))
    expect(seen.length).toBeGreaterThan(0)
    expect(seen.filter(({ id }) => !found.has(id))).toEqual([])
    const journal = documentOf((await world.rows('u01')).map((row) => row.update))
    expect(votesIn(fresh.doc, 'A')).toEqual(votesIn(journal, 'A'))

    // They come back: every ballot that was called, each once.
    for (const person of people) person.goOnline()
    await Promise.all(people.map((person) => person.book.downTo(0)))
    await until('the fresh replica has all of them', () => ballotsIn(fresh.doc, 'A').length >= called)
    const inTheEnd = ballotsIn(documentOf((await world.rows('u01')).map((row) => row.update)), 'A')
    expect(inTheEnd).toHaveLength(called)
    expect(new Set(inTheEnd.map(({ n }) => n)).size).toBe(called)
    expect(inTheEnd.filter(({ id, choices: kept }) => JSON.stringify(own.get(id)?.choices) !== JSON.stringify(kept))).toEqual([])
    expect(people.flatMap((person) => person.refused)).toEqual([])
  }, 180_000)
})
