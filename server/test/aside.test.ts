import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import type { SealAnswer } from '#contract/api.ts'
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
    expect(first).toEqual({ status: 200, body: { clocks: { 5: 0, [clientID]: clock } } })
    expect(await call<SealAnswer>(one, token, 'seal', { clients: [clientID] })).toEqual({
      status: 200,
      body: { clocks: { [clientID]: clock } },
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
    expect(await meet(two)).toBe('sealed')
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
    expect(await call(one, world.sign(999_999, 'counter'), 'seal', { clients: [7] })).toMatchObject({ status: 403 })
    expect((await world.sql.query('select from seals')).rowCount).toBe(0)
    expect(await call(one, token, 'seal', { clients: [7] })).toMatchObject({ status: 200 })
  })
})
