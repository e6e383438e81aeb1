import { expect, it } from 'vitest'
import { Crowd } from '#load/driver/crowd.ts'
import { logIn } from '#load/driver/entry.ts'
import { inLanes } from '#load/driver/lanes.ts'
import { documentOf, marksIn } from '#load/driver/oracle.ts'
import { Person } from '#load/driver/person.ts'
import { demoUser } from './demo-users.ts'
import { startWorld } from './world.ts'

const at_s = 1_763_856_000

it('a simulated person logs in, writes in every way there is, goes away, writes on, comes back: all of it acknowledged and in the journal', async () => {
  await using world = await startWorld({ demo: true })
  const { url } = world.instances[0]
  const { token, user } = await logIn(url, 'coordinator1', 'lajna-demo')
  const person = new Person({ url, user, token: () => token }, 'u01')
  await person.synced()
  person.mark(1, at_s)
  person.pledge(2, 'strength', 'strong')
  person.report('announced', 'ballots', 500)
  await person.book.downTo(0)
  await person.goOffline()
  person.type(2, 'call after ')
  person.type(2, 'six')
  person.mark(3, at_s)
  person.withdraw(1, 'wrong room')
  expect(person.book.unacknowledged).toBe(4)
  person.goOnline()
  await person.book.downTo(0)
  person.leave()
  const journal = documentOf((await world.rows('u01')).map(({ update }) => update))
  expect(marksIn(journal)).toEqual([`3/${user}`])
  expect(journal.getText('note/2').toString()).toBe('call after six')
  expect(journal.getMap('guarantees').get(`2/${user}/strength`)).toBe('strong')
  expect(journal.getMap('figures').get(`announced/ballots/${user}`)).toBe(500)
  expect([person.refused, person.book.deeds.every(({ acknowledged }) => acknowledged)]).toEqual([[], true])
})

it('a crowd at several committees: everybody’s every mark is acknowledged and in the journal of their committee, in no other', async () => {
  await using world = await startWorld({ demo: true })
  const user = await demoUser(world.sql)
  let heard = 0
  using crowd = new Crowd({
    url: world.instances[0].url,
    sign: world.sign,
    unacknowledged_max: 5,
    onAcknowledged: () => {
      heard += 1
    },
  })
  const committees = ['u01', 'u02', 'u03', 'u07']
  const markers = ['marker1', 'coordinator1', 'coordinator2']
  const places = committees.flatMap((committee) => markers.map((login) => ({ committee, login })))
  await inLanes(places, 6, async ({ committee, login }) => {
    const person = await crowd.join(committee, user(login), login.startsWith('marker') ? 'marker' : 'coordinator')
    const electors = Array.from({ length: 30 }, (_, index) => index + 1)
    await crowd.work(person, electors, (elector) => person.mark(elector, at_s))
    crowd.leave(person)
  })
  expect([crowd.size, heard]).toEqual([0, places.length * 30])
  for (const committee of committees) {
    const marks = marksIn(documentOf((await world.rows(committee)).map(({ update }) => update)))
    expect(marks).toHaveLength(markers.length * 30)
  }
})
