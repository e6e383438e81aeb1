import { isDeepStrictEqual } from 'node:util'
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import type { Conflict } from '#contract/document/conflicts.ts'
import { documentOf } from '#load/driver/oracle.ts'
import type { Person } from '#load/driver/person.ts'
import { demoUser } from './demo-users.ts'
import { until } from './until.ts'
import { startWorld, type World } from './world.ts'

const env = { LIMIT_CONFLICT_TAKEOVER_MS: '1000', LIMIT_SNAPSHOT_EVERY_ROWS: '2' }

/** Two processes, and at each a person who writes the same field; a supervisor looks on at the second. */
async function makeScene(world: World) {
  const user = await demoUser(world.sql)
  const [first, second] = world.instances
  const field = `1/${user('coordinator1')}/group`
  const at = `guarantees/${field}`
  const here = await world.person('u01', user('coordinator1'), 'coordinator', { at: first }).synced()
  const there = await world.person('u01', user('coordinator2'), 'coordinator', { at: second ?? first }).synced()
  const chief = await world.person('u01', user('supervisor1'), 'supervisor', { at: second ?? first }).synced()
  const write = (person: Person, value: string) => person.doc.getMap('guarantees').set(field, value)
  const valueAt = ({ doc }: Pick<Person, 'doc'>) => doc.getMap('guarantees').get(field)
  const entryIn = (doc: Y.Doc) => doc.getMap('conflicts').get(at) as Conflict | undefined
  const saidBy = (doc: Y.Doc) => entryIn(doc)?.values.map(({ value, by }) => [value, by])
  const journal = async () => documentOf((await world.rows('u01')).map(({ update }) => update))
  const serverRows = async () => (await world.rows('u01')).filter((row) => row.user === null).length
  write(here, 'first')
  await until('both have it', () => valueAt(there) === 'first' && valueAt(chief) === 'first')
  return { user, here, there, chief, write, valueAt, entryIn, saidBy, journal, serverRows, first, second: second ?? first }
}

type Scene = Awaited<ReturnType<typeof makeScene>>

/** One of them writes without a network what the other overwrites; then comes back. */
async function race({ here, there, write, valueAt, chief }: Scene) {
  await there.goOffline()
  write(here, 'mine')
  await until('the others have it', () => valueAt(chief) === 'mine')
  write(there, 'theirs')
  there.goOnline()
}

describe('a race over two processes', () => {
  it('[C54] gives exactly one entry, with both values, and everybody sees it and who resolved it', async () => {
    await using world = await startWorld({ instances: 2, demo: true, env })
    const scene = await makeScene(world)
    const { user, here, there, chief, write, valueAt, entryIn, saidBy, journal, serverRows } = scene
    await race(scene)
    const both = [
      ['mine', user('coordinator1')],
      ['theirs', user('coordinator2')],
    ]
    for (const person of [here, there, chief]) {
      await until('everybody has the entry', () => entryIn(person.doc) !== undefined)
      expect(saidBy(person.doc)).toEqual(both)
    }
    expect(saidBy(await journal())).toEqual(both)
    expect(await serverRows()).toBe(1)

    // A coordinator who has seen the question and answers it without a network does not decide: others may have gone on meanwhile.
    await there.goOffline()
    write(there, 'offline')
    there.goOnline()
    for (const person of [here, there, chief]) await until('it is told', () => JSON.stringify(saidBy(person.doc)).includes('offline'))
    expect([entryIn(chief.doc)?.resolved, await serverRows()]).toEqual([undefined, 2])
    const open = saidBy(chief.doc)

    const stood = valueAt(chief) as string
    write(chief, stood)
    for (const person of [here, there, chief]) {
      await until('everybody has the resolution', () => entryIn(person.doc)?.resolved !== undefined)
      expect(entryIn(person.doc)?.resolved).toMatchObject({ by: user('supervisor1'), value: stood })
      expect(saidBy(person.doc)).toEqual(open)
    }
    expect(await serverRows()).toBe(3)
    expect(entryIn(await journal())).toEqual(entryIn(here.doc))
    for (const { url } of world.instances) {
      const metrics = await (await fetch(`${url}/metrics`)).text()
      expect(metrics).toMatch(/^lajna_conflicts_open\{[^}]*\} 0$/m)
    }
    expect([here, there, chief].flatMap(({ refused }) => refused)).toEqual([])
  })

  it('[C54] [C55] the process that brought the row is killed before its entry: the other writes it, once', async () => {
    await using world = await startWorld({ instances: 2, demo: true, env })
    const scene = await makeScene(world)
    const { user, here, there, chief, entryIn, saidBy, journal, serverRows, second, first } = scene
    // The second process comes as far as asking for the entry's row, and no further.
    await world.sql.query('select pg_advisory_lock(57)')
    await world.sql.query(`
      create function hold_entry() returns trigger language plpgsql as $$
        begin
          if new.user_id is null and new.instance = 'test-1' then perform pg_advisory_xact_lock(57); end if;
          return new;
        end $$;
      create trigger hold_entry before insert on journal for each row execute function hold_entry()`)
    await race(scene)
    const waiting = async () => {
      const answer = await world.admin.query(`select pid from pg_locks where locktype = 'advisory' and not granted`)
      return answer.rows.map(({ pid }) => pid as number)
    }
    await until('the entry is asked for', async () => (await waiting()).length > 0)
    const held = await waiting()
    await second.kill()
    for (const pid of held) await world.admin.query('select pg_terminate_backend($1)', [pid])
    expect(await serverRows()).toBe(0)

    await until('the other process has written it', async () => (await serverRows()) > 0)
    const both = [
      ['mine', user('coordinator1')],
      ['theirs', user('coordinator2')],
    ]
    await until('the one that is left has it', () => entryIn(here.doc) !== undefined)
    expect([saidBy(here.doc), saidBy(await journal())]).toEqual([both, both])

    // All are killed, and one comes back: it is there once.
    await first.kill()
    await world.sql.query('select pg_advisory_unlock(57)')
    await second.start()
    for (const person of [there, chief]) await until('it is there as well', () => entryIn(person.doc) !== undefined)
    expect([await serverRows(), saidBy(there.doc)]).toEqual([1, both])
  })

  it('[C51] the value that lost on its own phone before it was sent is in the entry all the same; and the one that won', async () => {
    await using world = await startWorld({ demo: true, env })
    const { user, here, chief, write, valueAt, saidBy, serverRows } = await makeScene(world)
    // Of two that were put over the same value Yjs lets the higher client stand.
    for (const [client, isWinner] of [
      [5, false],
      [4_294_967_290, true],
    ] as const) {
      const doc: Y.Doc = new Y.Doc({ gcFilter: (item) => item.id.client !== client })
      doc.clientID = client
      const away = await world.person('u01', user('coordinator2'), 'coordinator', { doc }).synced()
      await away.goOffline()
      write(here, `before ${client}`)
      await until('it is in the journal', () => valueAt(chief) === `before ${client}`)
      write(away, `offline ${client}`)
      away.goOnline()
      const values = [
        [`before ${client}`, user('coordinator1')],
        [`offline ${client}`, user('coordinator2')],
      ]
      for (const person of [here, chief, away]) await until('both are told', () => isDeepStrictEqual(saidBy(person.doc), values))
      for (const person of [here, chief, away]) expect(valueAt(person)).toBe(isWinner ? `offline ${client}` : `before ${client}`)
    }
    // The second story began with a coordinator's answer to the first.
    expect(await serverRows()).toBe(3)
  })
})
