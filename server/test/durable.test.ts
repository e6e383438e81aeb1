import { describe, expect, it } from 'vitest'
import { ballotsIn, documentOf, marksIn } from '#load/driver/oracle.ts'
import { demoUser } from './demo-users.ts'
import { until } from './until.ts'
import { startWorld } from './world.ts'

const at_s = 1_763_856_000

describe('durable before visible', () => {
  it('an edit whose COMMIT is held is neither shown nor acknowledged; after it, both', async () => {
    await using world = await startWorld({ demo: true })
    const user = await demoUser(world.sql)
    const writer = await world.person('u01', user('coordinator1')).synced()
    const reader = await world.person('u01', user('coordinator2')).synced()
    const third = await world.person('u01', user('counter1'), 'counter').synced()

    // The append needs the committee's row: a lock in another transaction holds its COMMIT as a slow disk would.
    await world.sql.query('begin')
    await world.sql.query("select 1 from committees where id = 'u01' for update")
    writer.mark(5, at_s)
    await until('the append waits for the lock', async () => {
      const { rows } = await world.sql.query(
        "select 1 from pg_stat_activity where wait_event_type = 'Lock' and application_name like 'lajna journal%'",
      )
      return rows.length > 0
    })
    // For two seconds a third person's presence goes through the same document, so silence is not for want of a chance.
    const seen: string[] = []
    for (let beat = 0; beat < 20; beat += 1) {
      third.provider.setAwarenessField('ballot', beat + 1)
      await until('the reader sees the beat', () =>
        [...(reader.provider.awareness?.getStates().values() ?? [])].some((state) => state.ballot === beat + 1),
      )
      seen.push(...marksIn(reader.doc))
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    expect(seen).toEqual([])
    expect(writer.book.unacknowledged).toBe(1)
    expect(await world.rows('u01')).toEqual([])

    await world.sql.query('commit')
    await writer.book.downTo(0)
    await until('the reader sees the mark', () => marksIn(reader.doc).length === 1)
    expect(marksIn(reader.doc)).toEqual([`5/${user('coordinator1')}`])
    expect(marksIn(documentOf((await world.rows('u01')).map((row) => row.update)))).toEqual(marksIn(reader.doc))
    expect([writer, reader, third].flatMap((person) => [...person.sentAway, ...person.refused])).toEqual([])
  })

  it('an offline person comes back with everything, once, and their colleague sees it', async () => {
    await using world = await startWorld({ demo: true })
    const user = await demoUser(world.sql)
    const away = await world.person('u01', user('counter1'), 'counter').synced()
    const here = await world.person('u01', user('counter2'), 'counter').synced()
    away.call('A', 1, [1], at_s)
    await away.book.downTo(0)
    await away.goOffline()
    for (let n = 2; n <= 120; n += 1) away.call('A', n, n % 7 === 0 ? null : [n % 30 || 30], at_s)
    here.call('A', 500, [], at_s)
    expect(away.book.unacknowledged).toBe(119)
    away.goOnline()
    await away.book.downTo(0)
    await until('the other sees all 121', () => ballotsIn(here.doc, 'A').length === 121)
    const journal = documentOf((await world.rows('u01')).map((row) => row.update))
    expect(new Set(ballotsIn(journal, 'A').map(({ id }) => id)).size).toBe(121)
    expect(ballotsIn(journal, 'A')).toHaveLength(121)
    expect(away.refused).toEqual([])
  })

  it('while Postgres refuses connections edits are held; when it is back they are written, once', async () => {
    await using world = await startWorld({ demo: true })
    const user = await demoUser(world.sql)
    const writer = await world.person('u01', user('coordinator1')).synced()
    const reader = await world.person('u01', user('coordinator2')).synced()
    const name = new URL(world.database.url).pathname.slice(1)
    await world.admin.query(`alter database ${name} allow_connections false`)
    await world.admin.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and application_name like $2', [
      name,
      'lajna journal%',
    ])
    writer.mark(5, at_s)
    await until('the server says that the journal is away', () => world.instances[0].lines.some((line) => line.store === 'away'))
    expect(writer.book.unacknowledged).toBe(1)
    expect(marksIn(reader.doc)).toEqual([])
    await world.admin.query(`alter database ${name} allow_connections true`)
    await writer.book.downTo(0)
    await until('the reader sees it', () => marksIn(reader.doc).length === 1)
    expect(await world.rows('u01')).toHaveLength(1)
  })
})
