import { describe, expect, it } from 'vitest'
import type { Roster } from '#contract/presence.ts'
import type { Person } from '#load/driver/person.ts'
import { demoUser } from './demo-users.ts'
import { scrape } from './metrics.ts'
import { frames, RawSocket } from './raw.ts'
import { until } from './until.ts'
import { startWorld, type World } from './world.ts'

const u01 = 'committee:u01'

type State = { readonly user?: { readonly id: number; readonly name: string; readonly role: string } } & Record<string, unknown>

/** What somebody's unmodified provider shows of the others. */
const others = ({ doc, provider }: Person): Map<number, State> =>
  new Map([...(provider.awareness?.getStates() ?? [])].filter(([client]) => client !== doc.clientID))
const stateOf = (watcher: Person, client: number): State | undefined => others(watcher).get(client)
const sees = (watcher: Person, client: number) => () => stateOf(watcher, client) !== undefined

/** Everything that is different for a watcher, in order: `+` came, `~` says something else, `-` left. */
function diaryOf(watcher: Person): string[] {
  const diary: string[] = []
  watcher.provider.awareness?.on('change', ({ added, updated, removed }: Record<'added' | 'updated' | 'removed', number[]>) => {
    for (const client of added) diary.push(`+${client}`)
    for (const client of updated) diary.push(`~${client}`)
    for (const client of removed) if (client !== watcher.doc.clientID) diary.push(`-${client}`)
  })
  return diary
}

async function openWorld(env: Readonly<Record<string, string>> = {}) {
  const world = await startWorld({ demo: true, env })
  const user = await demoUser(world.sql)
  const rosterOf = async (login = 'supervisor1', role = 'supervisor', committee = 'u01'): Promise<Roster> => {
    const answer = await ask(world, `/api/committees/${committee}/presence`, world.sign(user(login), role))
    return (await answer.json()) as Roster
  }
  const clientsOf = async () => (await rosterOf()).people.map(({ client }) => Number(client))
  return { world, user, rosterOf, clientsOf, [Symbol.asyncDispose]: () => world[Symbol.asyncDispose]() }
}

const ask = (world: World, path: string, token: string) =>
  fetch(`${world.instances[0].url}${path}`, { headers: { authorization: `Bearer ${token}` } })

describe('who is there', () => {
  it('[P1] is who the token says, whatever the device says; a state for another’s id is nobody’s, the own in the same frame counts', async () => {
    await using stage = await openWorld()
    const { world, user } = stage
    const watcher = await world.person('u01', user('viewer1'), 'viewer').synced()
    const honest = await world.person('u01', user('counter1'), 'counter').synced()
    honest.show({ view: 'count', user: { id: user('admin'), name: 'somebody else', role: 'administrator' } })
    await until('it is seen', () => stateOf(watcher, honest.doc.clientID)?.view === 'count')
    expect(stateOf(watcher, honest.doc.clientID)?.user).toMatchObject({ id: user('counter1'), role: 'counter' })

    using liar = await new RawSocket(world.instances[0].url).login(u01, world.sign(user('coordinator1'), 'coordinator'))
    liar.send(frames.presence(u01, honest.doc.clientID, 2 ** 40, { view: 'figures' }))
    liar.send(frames.presences(u01, [4_711, 1, { view: 'roll' }], [honest.doc.clientID, 2 ** 41, { view: 'figures' }], [99, 1, {}]))
    liar.send(frames.presences(u01, [honest.doc.clientID, 2 ** 42, null]))
    await until('its own is seen', sees(watcher, 4_711))
    honest.show({ view: 'absent' })
    await until('the honest one goes on', () => stateOf(watcher, honest.doc.clientID)?.view === 'absent')
    expect(stateOf(watcher, 4_711)).toMatchObject({ view: 'roll', user: { id: user('coordinator1') } })
    expect(stateOf(watcher, 99)).toBeUndefined()
    expect(honest.sentAway).toEqual([])
  })

  it('[P2] [P3] leaves for everybody at once: by setLocalState(null), by leaving, by a socket that is cut', async () => {
    await using stage = await openWorld()
    const { world, user, clientsOf } = stage
    const watcher = await world.person('u01', user('viewer1'), 'viewer').synced()
    const quiet = await world.person('u01', user('counter1'), 'counter').synced()
    const leaver = await world.person('u01', user('counter2'), 'counter').synced()
    const dropped = await new RawSocket(world.instances[0].url).login(u01, world.sign(user('coordinator1'), 'coordinator'))
    dropped.send(frames.presence(u01, 4_711, 1, { view: 'roll' }))
    const all = [quiet.doc.clientID, leaver.doc.clientID, 4_711]
    await until('all are seen', () => all.every((client) => others(watcher).has(client)))
    const diary = diaryOf(watcher)

    quiet.provider.awareness?.setLocalState(null)
    await until('the first has gone', () => !others(watcher).has(quiet.doc.clientID))
    leaver.leave()
    await until('the second has gone', () => !others(watcher).has(leaver.doc.clientID))
    dropped.socket.terminate()
    await until('the third has gone', () => !others(watcher).has(4_711))
    expect(diary).toEqual(all.map((client) => `-${client}`))
    expect(await clientsOf()).toEqual([watcher.doc.clientID])

    // Who took it back comes again with the next word.
    quiet.provider.awareness?.setLocalState({ view: 'count' })
    await until('it is back', sees(watcher, quiet.doc.clientID))
    expect(quiet.connects).toBe(1)
  })

  it('[P3] [P9] who drops and returns twice is seen again at once each time, and is gone after the last leaving', async () => {
    await using stage = await openWorld()
    const { world, user, clientsOf } = stage
    const watcher = await world.person('u01', user('viewer1'), 'viewer').synced()
    const phone = await world.person('u01', user('counter1'), 'counter').synced()
    phone.show({ view: 'count', sheet: 'A', ballot: 7 })
    const client = phone.doc.clientID
    const saw = () => stateOf(watcher, client)?.ballot === 7
    await until('it is seen', saw)
    const diary = diaryOf(watcher)
    for (const round of [1, 2]) {
      await phone.goOffline()
      await until(`it has gone, ${round}`, () => !others(watcher).has(client))
      phone.goOnline()
      await until(`it is back, ${round}`, saw)
    }
    phone.leave()
    await until('it has left', () => !others(watcher).has(client))
    expect(diary).toEqual([`-${client}`, `~${client}`, `-${client}`, `~${client}`, `-${client}`])
    expect(await clientsOf()).toEqual([watcher.doc.clientID])
    // A page of the same document with an awareness that begins anew: its clock starts at 0.
    const again = await world.person('u01', user('counter1'), 'counter', { doc: phone.doc }).synced()
    again.show({ ballot: 8 })
    await until('it is there again', () => stateOf(watcher, client)?.ballot === 8)
  })

  it('[P4] who returns while the old connection hangs is there once; neither its end nor its last words change that', async () => {
    await using stage = await openWorld()
    const { world, user, clientsOf } = stage
    const watcher = await world.person('u01', user('viewer1'), 'viewer').synced()
    const token = JSON.stringify({ jwt: world.sign(user('counter1'), 'counter'), client: 4_711 })
    using old = await new RawSocket(world.instances[0].url).login(u01, token)
    old.send(frames.presence(u01, 4_711, 5, { ballot: 1 }))
    await until('it is seen', () => stateOf(watcher, 4_711)?.ballot === 1)
    const diary = diaryOf(watcher)
    using next = await new RawSocket(world.instances[0].url).login(u01, token)
    next.send(frames.presence(u01, 4_711, 0, { ballot: 2 }))
    await until('the new one is heard', () => stateOf(watcher, 4_711)?.ballot === 2)
    old.send(frames.presence(u01, 4_711, 6, { ballot: 3 }))
    old.send(frames.presences(u01, [4_711, 7, null]))
    old.socket.close()
    await old.closed
    next.send(frames.presence(u01, 4_711, 1, { ballot: 4 }))
    await until('it goes on', () => stateOf(watcher, 4_711)?.ballot === 4)
    expect(diary).toEqual(['~4711', '~4711'])
    expect(new Set(await clientsOf())).toEqual(new Set([4_711, watcher.doc.clientID]))
    next.socket.terminate()
    await until('it has gone', () => !others(watcher).has(4_711))
  })

  it('[P5] a state of another shape is dropped and the one before stays; a field that is unknown is left out', async () => {
    await using stage = await openWorld()
    const { world, user, rosterOf } = stage
    const watcher = await world.person('u01', user('viewer1'), 'viewer').synced()
    const person = await world.person('u01', user('counter1'), 'counter').synced()
    const client = person.doc.clientID
    const say = (state: Record<string, unknown>) => person.provider.awareness?.setLocalState(state)
    const seen = new Set<unknown>()
    watcher.provider.awareness?.on('change', () => seen.add(stateOf(watcher, client)?.ballot))
    say({ ballot: 1, phone: '+965 5555 5555' })
    await until('the first is seen', () => stateOf(watcher, client)?.ballot === 1)
    for (const bad of [{ ballot: 2, view: 'kitchen' }, { ballot: 3, elector: '5' }, { ballot: 4, typing: 'note/x' }, { ballot: -5 }]) {
      say(bad)
      await new Promise((resolve) => setTimeout(resolve, 150)) // under its rate: each is heard
    }
    say({ ballot: 6, elector: 5, typing: 'note/5', cursor: { anchor: { tname: 'note/5', assoc: 0 }, head: { tname: 'note/5' } } })
    await until('the last is seen', () => stateOf(watcher, client)?.ballot === 6)
    expect([...seen].filter((ballot) => ballot !== undefined)).toEqual([1, 6])
    expect(stateOf(watcher, client)).toMatchObject({ elector: 5, typing: 'note/5', cursor: { head: { tname: 'note/5' } } })
    expect(JSON.stringify([...seen, await rosterOf()])).not.toContain('5555')
  })

  it('[P8] a claim has the server’s time, is not prolonged by being said again, and ends after its time', async () => {
    await using stage = await openWorld({ LIMIT_CLAIM_MS: '4000' })
    const { world, user, rosterOf } = stage
    const watcher = await world.person('u01', user('viewer1'), 'viewer').synced()
    const caller = await world.person('u01', user('coordinator1')).synced()
    const claim = () => stateOf(watcher, caller.doc.clientID)?.claim as { elector: number; since_s: number } | undefined
    const before_s = Math.floor(Date.now() / 1_000)
    caller.show({ claim: { elector: 5, since_s: 1 } })
    await until('it is seen', () => claim()?.elector === 5)
    const since_s = claim()?.since_s
    expect(since_s).toBeGreaterThanOrEqual(before_s)
    caller.show({ view: 'roll', claim: { elector: 5, since_s: 9_999_999_999 } })
    await until('the same claim is said again', () => stateOf(watcher, caller.doc.clientID)?.view === 'roll')
    expect(claim()?.since_s).toBe(since_s)
    await until('it is over', () => claim() === undefined)
    caller.show({ view: 'absent' }) // the device still says it
    await until('it is heard', () => stateOf(watcher, caller.doc.clientID)?.view === 'absent')
    expect(claim()).toBeUndefined()
    caller.show({ claim: undefined })
    caller.show({ claim: { elector: 5 } })
    await until('it is a new one', () => claim()?.elector === 5)
    expect((await rosterOf()).people.find(({ client }) => client === caller.doc.clientID)?.claim?.elector).toBe(5)
  })

  it('[P9] after a restart everybody is seen again without saying anything new; a newcomer sees all of them at once', async () => {
    await using stage = await openWorld()
    const { world, user, clientsOf } = stage
    const [server] = world.instances
    const watcher = await world.person('u01', user('viewer1'), 'viewer').synced()
    const people = await Promise.all(['counter1', 'counter2', 'coordinator1'].map((login) => world.person('u01', user(login)).synced()))
    for (const [index, person] of people.entries()) person.show({ ballot: index + 1 })
    const ballots = (of: Person) => people.map(({ doc }) => stateOf(of, doc.clientID)?.ballot)
    await until('all are seen', () => ballots(watcher).join() === '1,2,3')
    await server.kill()
    await server.start()
    await until('all are seen again', () => ballots(watcher).join() === '1,2,3')
    expect(await clientsOf()).toHaveLength(4)
    const newcomer = world.person('u01', user('viewer1'), 'viewer')
    const first = new Promise<string>((resolve) => newcomer.provider.awareness?.once('change', () => resolve(ballots(newcomer).join())))
    expect(await first).toBe('1,2,3')
  })
})

describe('rosters', () => {
  it('[P11] are by user and client, say since when, count only who is above the bound, and hold no device’s name', async () => {
    await using stage = await openWorld({ LIMIT_ROSTER_PEOPLE_MAX: '2' })
    const { world, user, rosterOf } = stage
    const logins = ['viewer1', 'counter2', 'counter1']
    const people: Person[] = []
    for (const login of logins) {
      const person = await world.person('u01', user(login)).synced()
      person.show({ view: 'count', device: 'secret-name', unsent: 3, typing: 'note/7' })
      people.push(person)
      await until(`${login} is counted`, async () => {
        const { people: shown, more = 0 } = await rosterOf()
        return shown.length + more === people.length
      })
    }
    const [first, second, third] = people as [Person, Person, Person]
    const roster = await rosterOf()
    expect(roster.more).toBe(1)
    expect(roster.people.map(({ user: { id } }) => id)).toEqual([user('viewer1'), user('counter2')].toSorted((a, b) => a - b))
    expect(roster.people[0]).toMatchObject({ view: 'count', unsent: 3 })
    expect(Math.abs(Date.now() - (roster.people[0]?.since_ms ?? 0))).toBeLessThan(600_000)
    expect(JSON.stringify(roster)).not.toContain('secret-name')
    expect(sees(first, second.doc.clientID)()).toBe(true)
    expect(sees(first, third.doc.clientID)()).toBe(false)
    second.leave()
    await until('the one who was only counted is shown', sees(first, third.doc.clientID))
    expect((await rosterOf()).more).toBeUndefined()
    const metrics = await scrape(world.instances[0].url)
    expect(metrics.of('people')).toBe(2)
    expect(metrics.of('awareness_messages_total', 'direction="in"')).toBeGreaterThan(3)
  })

  it('are for those who may read the committee: of one, and of all of theirs in which somebody is', async () => {
    await using stage = await openWorld()
    const { world, user, rosterOf } = stage
    const { rows } = await world.sql.query<{ login: string; role: string; mine: string; foreign: string }>(
      `select login, role, mine.committee_id as mine, foreigns.id as foreign
         from users join committee_access mine on mine.user_id = users.id, committees foreigns
        where not exists (select 1 from committee_access where user_id = users.id and committee_id = foreigns.id)
        order by login, mine, foreigns.id`,
    )
    const { login, role, mine, foreign } = rows[0] as (typeof rows)[number]
    for (const committee of [mine, foreign]) await world.person(committee, user('admin'), 'administrator').synced()
    const all = async (name: string, as: string) => {
      const answer = await ask(world, '/api/presence', world.sign(user(name), as))
      return ((await answer.json()) as { rosters: Roster[] }).rosters.map(({ committee, people }) => [committee, people.length])
    }
    await until('both are there', async () => (await all('admin', 'administrator')).length === 2)
    expect(await all('admin', 'administrator')).toEqual([mine, foreign].toSorted().map((committee) => [committee, 1]))
    expect(await all(login, role)).toEqual([[mine, 1]])
    expect((await rosterOf(login, role, mine)).people).toHaveLength(1)
    expect((await ask(world, `/api/committees/${foreign}/presence`, world.sign(user(login), role))).status).toBe(403)
    expect((await ask(world, '/api/presence', 'nonsense')).status).toBe(401)
  })
})
