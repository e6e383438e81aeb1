import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import type { AsideAnswer, AsideDecided, SealAnswer } from '#contract/api.ts'
import { ballotsIn, documentOf } from '#load/driver/oracle.ts'
import type { Person } from '#load/driver/person.ts'
import type { ServerProcess } from '#load/driver/server.ts'
import { demoUser } from './demo-users.ts'
import { until } from './until.ts'
import { startWorld, type World } from './world.ts'

const at_s = 1_764_000_000
const committee = 'u01'

async function call<Body>(server: ServerProcess | undefined, token: string, path: string, body?: unknown) {
  const answer = await fetch(`${server?.url}/api/committees/${committee}/${path}`, {
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
  })
  return { status: answer.status, body: (await answer.json()) as Body & { code?: string } }
}

const codesOf = (person: Person) => person.refused.map(({ reasons }) => reasons.map(({ code }) => code).join())
const counted = async (world: World) => ballotsIn(documentOf((await world.rows(committee)).map((row) => row.update)), 'A').length

describe('sealed', () => {
  it('[C41] [C45] what one process sealed the other refuses; the clocks are the same from both; new clients go on', async () => {
    await using world = await startWorld({ instances: 2, demo: true })
    const [one, two] = world.instances
    const user = (await demoUser(world.sql))('counter1')
    const token = world.sign(user, 'counter')
    const phone = await world.person(committee, user, 'counter').synced()
    phone.call('A', 1, [1], at_s)
    await phone.book.downTo(0)
    const { clientID } = phone.doc
    const clock = Y.getState(phone.doc.store, clientID)

    // Where nobody has it open, too.
    const first = await call<SealAnswer>(two, token, 'seal', { clients: [clientID, 5] })
    expect(first).toEqual({ status: 200, body: { clocks: { 5: 0, [clientID]: clock }, reasons: [] } })
    expect(await call<SealAnswer>(one, token, 'seal', { clients: [clientID] })).toEqual({
      status: 200,
      body: { clocks: { [clientID]: clock }, reasons: [] },
    })

    phone.call('A', 2, [2], at_s)
    await until('the refusal', () => phone.refused.length > 0)
    expect(codesOf(phone)).toEqual(['sealed'])
    expect(await counted(world)).toBe(1)

    const anew = await world.person(committee, user, 'counter', { at: two ?? one }).synced()
    anew.call('A', 2, [2], at_s)
    await anew.book.downTo(0)
    expect(await counted(world)).toBe(2)
  })

  it('[C40] an update refused by one process is refused sealed by the other', async () => {
    await using world = await startWorld({ instances: 2, demo: true })
    const [one, two] = world.instances
    const user = (await demoUser(world.sql))('counter1')
    const doc = new Y.Doc()
    doc.getMap('figures').set(`minute/ballots/${user + 1}`, 3)
    const meet = async (at: ServerProcess | undefined) => {
      const copy = new Y.Doc()
      Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc))
      const phone = world.person(committee, user, 'counter', { at: at ?? one, doc: copy })
      await until('the refusal', () => phone.refused.length > 0)
      phone.leave()
      return codesOf(phone)[0]
    }
    expect(await meet(one)).toBe('bad-key')
    expect(await meet(two)).toBe('sealed,bad-key')
    expect(await world.rows(committee)).toEqual([])
    const { rows } = await world.sql.query('select user_id, clock, kind from seals join aside using (committee_id, user_id, client, clock)')
    expect(rows).toEqual([{ user_id: user, clock: '0', kind: 'refused' }])
  })

  it('[C45] somebody else’s client is not sealed, nor what is no client; who may not read the committee seals nothing', async () => {
    await using world = await startWorld({ demo: true })
    const [one] = world.instances
    const user = await demoUser(world.sql)
    const other = await world.person(committee, user('marker1'), 'marker').synced()
    other.mark(1, at_s)
    await other.book.downTo(0)
    const token = world.sign(user('counter1'), 'counter')
    expect(await call(one, token, 'seal', { clients: [7, other.doc.clientID] })).toMatchObject({
      status: 400,
      body: { code: 'foreign-client' },
    })
    for (const clients of [undefined, [], [-1], ['7'], [2 ** 32], Array(257).fill(1)])
      expect(await call(one, token, 'seal', { clients })).toMatchObject({ status: 400, body: { code: 'malformed' } })
    expect(await call(one, world.sign(user('outsider1'), 'coordinator'), 'seal', { clients: [7] })).toMatchObject({ status: 403 })
    expect((await world.sql.query('select from seals')).rowCount).toBe(0)
    expect(await call(one, token, 'seal', { clients: [7] })).toMatchObject({ status: 200 })
  })
})

describe('kept aside', () => {
  const close = (world: World, phase: string | null) =>
    world.sql.query('update committees set phase = $1 where id = $2', [phase, committee])

  it('[C43] [C46] 40 ballots called on a phone while the committee is closed: late, kept, admitted by the supervisor, counted once', async () => {
    await using world = await startWorld({ instances: 2, demo: true })
    const [one, two] = world.instances
    const user = await demoUser(world.sql)
    const phone = await world.person(committee, user('counter1'), 'counter').synced()
    phone.call('A', 1, [1], at_s)
    await phone.book.downTo(0)
    await phone.goOffline()
    for (let n = 2; n <= 41; n += 1) phone.call('A', n, [(n % 9) + 1], at_s)
    await close(world, 'closed')
    phone.goOnline()
    // It sends its edits one by one, and then all of them as the answer to what is asked.
    const supervisor = world.sign(user('supervisor1'), 'supervisor')
    const kept = async () => (await call<AsideAnswer>(two, supervisor, 'aside')).body.entries
    await until('all of it to be kept', async () => (await kept())[0]?.writes.length === 40)
    expect(codesOf(phone)[0]).toBe('late')
    phone.leave()

    const [entry, ...others] = await kept()
    expect(others).toEqual([])
    expect(entry).toMatchObject({ kind: 'late', client: phone.doc.clientID, author: { id: user('counter1') }, more: 0 })
    const ended = await call<SealAnswer>(one, world.sign(user('counter1'), 'counter'), 'seal', { clients: [phone.doc.clientID] })
    expect(ended.body.reasons).toEqual([{ code: 'late', path: 'ballots', key: `A/${user('counter1')}.${phone.doc.clientID}` }])
    expect(entry?.writes.every(({ admissible }, at) => admissible && entry.writes[at]?.index === at + 1)).toBe(true)
    expect(await counted(world)).toBe(1)

    // Who may not rule sees nothing and decides nothing.
    const path = `aside/${entry?.id}`
    for (const login of ['counter1', 'coordinator1', 'viewer1']) {
      const token = world.sign(user(login), 'supervisor')
      expect(await call(one, token, 'aside')).toMatchObject({ status: 403, body: { code: 'forbidden' } })
      expect(await call(one, token, path, { decision: 'admit' })).toMatchObject({ status: 403, body: { code: 'forbidden' } })
    }
    expect(await counted(world)).toBe(1)

    // On the process where nobody has the document open.
    const admitted = await call<AsideDecided>(two, supervisor, path, { decision: 'admit', why: 'they called\u202e before five' })
    expect(admitted).toMatchObject({
      status: 200,
      body: {
        sequence: 2,
        left: 0,
        entry: { decided: { decision: 'admitted', by: { id: user('supervisor1') }, why: 'they called  before five' } },
      },
    })
    const doc = documentOf((await world.rows(committee)).map((row) => row.update))
    expect(ballotsIn(doc, 'A').map(({ n }) => n)).toEqual(Array.from({ length: 41 }, (_, at) => at + 1))
    const viewer = await world.person(committee, user('viewer1'), 'viewer').synced()
    expect(ballotsIn(viewer.doc, 'A')).toEqual(ballotsIn(doc, 'A'))

    // Once: whoever asks, and whatever.
    for (const [server, decision] of [
      [one, 'admit'],
      [two, 'admit'],
      [one, 'drop'],
    ] as const) {
      const again = await call<AsideDecided>(server, supervisor, path, { decision })
      expect(again).toMatchObject({ status: 409, body: { sequence: 2, entry: { decided: { decision: 'admitted' } } } })
    }
    expect(await counted(world)).toBe(41)
  })

  it('[C46] two supervisors at once, on two processes: one row; and after a drop there is none', async () => {
    await using world = await startWorld({ instances: 2, demo: true })
    const user = await demoUser(world.sql)
    await close(world, 'closed')
    const supervisor = world.sign(user('supervisor1'), 'supervisor')
    const refuseOne = async (figure: string) => {
      const phone = world.person(committee, user('counter1'), 'counter')
      phone.report('minute', figure, 7)
      await until('the refusal', () => phone.refused.length > 0)
      phone.leave()
      const { body } = await call<AsideAnswer>(world.instances[0], supervisor, 'aside')
      return `aside/${body.entries[0]?.id}`
    }
    const raced = await refuseOne('valid')
    const answers = await Promise.all(world.instances.map((server) => call(server, supervisor, raced, { decision: 'admit' })))
    for (const { status } of answers) expect([200, 409]).toContain(status)
    expect(answers.some(({ status }) => status === 200)).toBe(true)
    expect((await world.rows(committee)).length).toBe(1)

    const dropped = await refuseOne('blank')
    expect(await call(world.instances[0], supervisor, dropped, { decision: 'drop' })).toMatchObject({
      status: 200,
      body: { entry: { decided: { decision: 'dropped' } } },
    })
    expect(await call(world.instances[1], supervisor, dropped, { decision: 'admit' })).toMatchObject({ status: 409 })
    // Also where the row is on its way already: the journal itself refuses it.
    await world.sql.query("update aside set decision = null, decided_at = null, decided_by = null where decision = 'dropped'")
    const both = await Promise.all([
      call<AsideDecided>(world.instances[1], supervisor, dropped, { decision: 'admit' }),
      call<AsideDecided>(world.instances[0], supervisor, dropped, { decision: 'drop' }),
    ])
    expect(both.map(({ status }) => status).toSorted()).toEqual([200, 409])
    const admitted = both.find(({ status }) => status === 200)?.body.entry.decided?.decision === 'admitted'
    expect((await world.rows(committee)).length).toBe(admitted ? 2 : 1)
  })

  it('[C43] a flood of refusals keeps so many and no more; what is no entry is not found; junk is shown as it can be', async () => {
    await using world = await startWorld({ demo: true, env: { LIMIT_ASIDE_ENTRIES_MAX: '3' } })
    const [one] = world.instances
    const user = await demoUser(world.sql)
    const flood = async (login: string, role: string, times: number) => {
      for (let round = 0; round < times; round += 1) {
        const phone = world.person(committee, user(login), role)
        phone.doc.getMap('\u0000').set(`\ud800${round}`, { text: '\u0000'.repeat(5_000), bytes: new Uint8Array(9) })
        await until('the refusal', () => phone.refused.length > 0)
        phone.leave()
      }
    }
    await flood('counter1', 'counter', 5)
    await flood('marker1', 'marker', 1)
    const supervisor = world.sign(user('supervisor1'), 'supervisor')
    const { status, body } = await call<AsideAnswer>(one, supervisor, 'aside')
    expect([status, body.entries.length]).toEqual([200, 4])
    expect((await world.sql.query('select from seals')).rowCount).toBe(6)
    const [entry] = body.entries
    expect(entry?.author.id).toBe(user('marker1'))
    expect(entry?.writes).toMatchObject([{ path: '\u0000', code: 'unknown-root', admissible: false }])
    const metrics = await (await fetch(`${one.url}/metrics`)).text()
    expect(metrics).toMatch(/lajna_quarantine_total\{outcome="refused"[^}]*\} 4/)
    expect(metrics).toMatch(/lajna_quarantine_total\{outcome="no-room"[^}]*\} 2/)

    const decide = (id: string | undefined, decision: unknown) => call(one, supervisor, `aside/${id}`, { decision })
    expect(await decide(entry?.id, 'admit')).toMatchObject({ status: 400, body: { code: 'bad-value' } })
    expect(await decide(entry?.id, 'perhaps')).toMatchObject({ status: 400, body: { code: 'malformed' } })
    for (const id of ['x', '00000000-0000-4000-8000-000000000000']) expect(await decide(id, 'drop')).toMatchObject({ status: 404 })
    expect(await decide(entry?.id, 'drop')).toMatchObject({ status: 200 })
    // What is decided takes no room.
    const theirs = body.entries.find(({ author }) => author.id === user('counter1'))
    expect(await decide(theirs?.id, 'drop')).toMatchObject({ status: 200 })
    await flood('counter1', 'counter', 1)
    expect((await call<AsideAnswer>(one, supervisor, 'aside')).body.entries.map(({ decided }) => decided?.decision)).toEqual([
      undefined,
      undefined,
      undefined,
      'dropped',
      'dropped',
    ])
  })
})
