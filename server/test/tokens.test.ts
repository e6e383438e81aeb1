import { describe, expect, it } from 'vitest'
import { ballotsIn, documentOf } from '#load/driver/oracle.ts'
import { demoUser } from './demo-users.ts'
import { until } from './until.ts'
import { startWorld } from './world.ts'

const at_s = 1_763_856_000

describe('tokens on an open socket', () => {
  it('is asked for a new token before the old one ends, and goes on without a break through three of them', async () => {
    await using world = await startWorld({ demo: true })
    const user = await demoUser(world.sql)
    const id = user('counter1')
    let tokens = 0
    const token = () => {
      tokens += 1
      return world.sign(id, 'counter', 6)
    }
    const person = await world.person('u01', id, 'counter', { token }).synced()
    for (let n = 1; tokens < 4; n += 1) {
      const before = tokens
      await until('the server asks for the next token', () => tokens > before)
      person.call('A', n, [1], at_s)
      await person.book.downTo(0)
    }
    // One connection through it all, longer than any one of the tokens lasts.
    expect(person.connects).toBe(1)
    expect(person.sentAway).toEqual([])
    expect(ballotsIn(documentOf((await world.rows('u01')).map((row) => row.update)), 'A')).toHaveLength(person.book.deeds.length)
  })

  it('without a new token the socket is closed at `exp`; edits made meanwhile arrive with the next login', async () => {
    await using world = await startWorld({ demo: true })
    const user = await demoUser(world.sql)
    const id = user('counter1')
    const first = world.sign(id, 'counter', 3)
    let token = first
    const person = await world.person('u01', id, 'counter', { token: () => token }).synced()
    person.call('A', 1, [1], at_s)
    await person.book.downTo(0)
    await until('the server closes it', () => person.sentAway.includes('token-expired'))
    person.call('A', 2, [2], at_s)
    expect(person.book.unacknowledged).toBe(1)
    token = world.sign(id, 'counter')
    await person.goOffline()
    person.goOnline()
    await person.book.downTo(0)
    expect(ballotsIn(documentOf((await world.rows('u01')).map((row) => row.update)), 'A')).toHaveLength(2)
  })

  it.each([
    [
      'a forged token',
      'unauthenticated',
      (world: Awaited<ReturnType<typeof startWorld>>, id: number) => `${world.sign(id, 'counter').slice(0, -4)}AAAA`,
    ],
    ['an old token', 'token-expired', (world: Awaited<ReturnType<typeof startWorld>>, id: number) => world.sign(id, 'counter', -10)],
  ])('%s is refused `%s`, a good one of the same person is let in', async (_what, code, make) => {
    await using world = await startWorld({ demo: true })
    const user = await demoUser(world.sql)
    const id = user('counter1')
    const refused = world.person('u01', id, 'counter', { token: () => make(world, id) })
    await until('the refusal', () => refused.sentAway.length > 0)
    expect(refused.sentAway[0]).toBe(code)
    await world.person('u01', id, 'counter').synced()
  })

  it('nobody opens a committee they are not assigned to, or one that is not there; theirs they open', async () => {
    await using world = await startWorld({ demo: true })
    const user = await demoUser(world.sql)
    const outsider = world.person('u01', user('outsider1'))
    const lost = world.person('nowhere', user('coordinator1'))
    await until('both refusals', () => outsider.sentAway.length > 0 && lost.sentAway.length > 0)
    expect([outsider.sentAway[0], lost.sentAway[0]]).toEqual(['not-assigned', 'unknown-committee'])
    await world.person('u01', user('coordinator1')).synced()
  })
})

describe('leaving and stopping', () => {
  it('SIGTERM under load: exit code 0, and everything acknowledged is in the journal', async () => {
    await using world = await startWorld({ demo: true })
    const user = await demoUser(world.sql)
    const person = await world.person('u01', user('counter1'), 'counter').synced()
    for (let n = 1; n <= 200; n += 1) person.call('A', n, [1], at_s)
    await person.book.downTo(150)
    expect(await world.instances[0].stop()).toBe(0)
    const acknowledged = person.book.deeds.filter((deed) => deed.acknowledged).length
    expect(acknowledged).toBeGreaterThanOrEqual(50)
    expect(ballotsIn(documentOf((await world.rows('u01')).map((row) => row.update)), 'A').length).toBeGreaterThanOrEqual(acknowledged)
    await world.instances[0].start()
    await person.book.downTo(0)
    expect(ballotsIn(documentOf((await world.rows('u01')).map((row) => row.update)), 'A')).toHaveLength(200)
  })

  it('a committee nobody has open goes to sleep with a snapshot, and wakes as it was', async () => {
    await using world = await startWorld({ demo: true, env: { LIMIT_COMMITTEE_IDLE_MS: '300' } })
    const user = await demoUser(world.sql)
    const person = await world.person('u01', user('counter1'), 'counter').synced()
    for (let n = 1; n <= 30; n += 1) person.call('A', n, [1], at_s)
    await person.book.downTo(0)
    person.leave()
    await until(
      'the snapshot',
      async () => (await world.sql.query("select 1 from snapshots where committee_id = 'u01' and sequence = 30")).rows.length === 1,
    )
    const documents = async () =>
      /lajna_documents\{[^}]*\} (\d+)/.exec(await (await fetch(`${world.instances[0].url}/metrics`)).text())?.[1]
    await until('the document is let go', async () => (await documents()) === '0')
    const back = await world.person('u01', user('viewer1'), 'viewer').synced()
    expect(ballotsIn(back.doc, 'A')).toHaveLength(30)
  })
})
