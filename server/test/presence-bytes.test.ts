import { expect, it } from 'vitest'
import { makeDice } from '#load/driver/dice.ts'
import { marksIn } from '#load/driver/oracle.ts'
import type { Person } from '#load/driver/person.ts'
import { demoUser } from './demo-users.ts'
import { until } from './until.ts'
import { startWorld, type World } from './world.ts'

const rounds = 30
const at_s = 1_763_856_000

/** What one socket brings: how many bytes, and what can be read in them. */
function earOf(person: Person) {
  const ear = { bytes: 0, text: '' }
  person.socket.on('message', ({ data }: { readonly data: ArrayBuffer }) => {
    ear.bytes += data.byteLength
    ear.text += Buffer.from(data).toString('latin1')
  })
  return ear
}

async function committeesOf({ sql }: World): Promise<string[]> {
  return (await sql.query<{ id: string }>('select id from committees order by id')).rows.map(({ id }) => id)
}

/** Somebody at work: looks, types, marks, pledges, from a seed. */
function work(person: Person, round: number, seed: string): void {
  const dice = makeDice(`${seed} ${round}`)
  const elector = 1 + dice.below(40)
  const acts = [
    () => person.show({ view: 'roll', elector, typing: undefined }),
    () => person.show({ typing: `note/${elector}` }),
    () => person.mark(elector, at_s + round),
    () => person.pledge(elector, 'strength', dice.pick(['strong', 'weak'])),
    () => person.type(elector, `${person.committee}-said-${round} `),
    () => person.show({ claim: { elector }, unsent: dice.below(4) }),
  ] as const
  for (const act of [dice.pick(acts), dice.pick(acts)]) act()
}

it('one marker in a day of many committees hears theirs and nothing else, against a broadcast to everybody', async () => {
  await using world = await startWorld({ demo: true, env: { LIMIT_USER_CONNECTIONS_MAX: '64' } })
  const user = await demoUser(world.sql)
  const committees = (await committeesOf(world)).slice(0, 16)
  expect(committees.length).toBeGreaterThanOrEqual(12)
  const [mine = ''] = committees
  const places = await Promise.all(
    committees.map(async (committee) => {
      // Whoever only listens hears what anybody in that committee does; the first is the marker of the test.
      const listener = world.person(
        committee,
        user(committee === mine ? 'marker1' : 'admin'),
        committee === mine ? 'marker' : 'administrator',
      )
      const ear = earOf(listener)
      const workers = [1, 2].map(() => world.person(committee, user('admin'), 'administrator'))
      await Promise.all([listener, ...workers].map((person) => person.synced()))
      return { committee, listener, ear, workers }
    }),
  )
  for (let round = 0; round < rounds; round += 1) {
    for (const { committee, workers } of places)
      for (const [index, person] of workers.entries()) work(person, round, `${committee} ${index}`)
    await new Promise((resolve) => setTimeout(resolve, 300)) // longer than what is joined: else a busier day would be a cheaper one
  }
  for (const { workers, listener } of places) {
    for (const person of workers) await person.book.downTo(0)
    const [worker] = workers
    await until('the listener has it all', () => marksIn(listener.doc).join() === marksIn((worker as Person).doc).join())
  }

  const [marker, ...others] = places
  const everybody = places.reduce((sum, { ear }) => sum + ear.bytes, 0)
  const one = marker?.ear.bytes ?? 0
  console.log(
    `one marker: ${one.toLocaleString('en')} bytes; a broadcast to everybody, ${places.length} committees: ${everybody.toLocaleString('en')}, ${(everybody / one).toFixed(1)} times as many`,
  )
  expect(marker?.ear.text).toContain(`${mine}-said-`)
  for (const { committee } of others) expect(marker?.ear.text).not.toContain(committee)
  const { rows } = await world.sql.query<{ mobile: string }>('select distinct mobile from electors where mobile is not null')
  expect(rows.length).toBeGreaterThan(0)
  for (const { mobile } of rows) expect(marker?.ear.text.includes(mobile)).toBe(false)
  expect(everybody / one).toBeGreaterThan(10)
})
