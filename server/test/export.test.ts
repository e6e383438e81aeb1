import { expect, test } from 'vitest'
import type { ElectorSerial, UserId } from '#contract/ids.ts'
import { demoUser } from './demo-users.ts'
import { startWorld } from './world.ts'

const at_s = 1_763_856_000

/** Cells of each line, the first being the head. */
const cellsOf = (csv: string) =>
  csv
    .replace('\uFEFF', '')
    .trimEnd()
    .split('\r\n')
    .map((line) => [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,"]*))/g)].map(([, quoted, plain]) => quoted ?? plain ?? ''))

test('attendance, guarantees and counts come out as they stand in the documents, harmless in a spreadsheet, and it is written down, who goes with the server as well', async () => {
  await using world = await startWorld({ demo: true })
  const user = await demoUser(world.sql)
  const [server] = world.instances
  const take = async (list: string, by: string, role: string) =>
    fetch(`${server.url}/api/admin/export/${list}`, { headers: { authorization: `Bearer ${world.sign(user(by), role)}` } })
  const csv = async (list: string) => {
    const response = await take(`${list}.csv`, 'admin', 'administrator')
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8'])
    return cellsOf(await response.text())
  }
  const coordinator = user('coordinator1') as UserId
  const person = await world.person('u01', coordinator).synced()
  person.mark(2 as ElectorSerial, at_s)
  person.doc.getMap('guarantees').set(`3/${coordinator}/strength`, 'strong')
  person.doc.getMap('guarantees').set(`3/${coordinator}/quick_note`, '=HYPERLINK("x")')
  person.doc.getMap('walkins').set(`${coordinator}.${person.doc.clientID}.0`, { name: 'Al-Rashed', serial: null, why: '-5', at_s })
  person.call('A', 1, [1, 4], at_s)
  person.call('A', 2, [], at_s)
  await person.book.downTo(0)

  const names = await world.sql.query<{ name: string }>(
    "select name from electors where committee_id = 'u01' and serial in (2, 3) order by serial",
  )
  const at = new Date(at_s * 1_000).toISOString()
  expect((await csv('attendance')).slice(1)).toEqual([
    ['1', '2', names.rows[0]?.name, 'true', 'true', at, 'coordinator1', ''],
    ['1', '', 'Al-Rashed', 'false', 'false', at, 'coordinator1', '-5'],
  ])
  expect((await csv('guarantees')).slice(1)).toEqual([
    ['1', '3', names.rows[1]?.name, 'coordinator1', 'true', 'strong', '', '', `'=HYPERLINK(""x"")`, '', 'false'],
  ])
  const counts = await csv('counts')
  expect(counts.slice(1, 5).map((cells) => [cells[2], cells[5]])).toEqual([
    ['ballots', '2'],
    ['valid', '1'],
    ['blank', '1'],
    ['invalid', '0'],
  ])
  const votes = counts.slice(5).map((cells) => [cells[3], cells[5]])
  expect(votes).toHaveLength(30)
  expect(votes.filter(([, value]) => value !== '0')).toEqual([
    ['1', '1'],
    ['4', '1'],
  ])

  expect((await take('nothing.csv', 'admin', 'administrator')).status).toBe(404)
  expect((await take('attendance.csv?election=none', 'admin', 'administrator')).status).toBe(404)
  expect((await take('counts.csv', 'supervisor1', 'supervisor')).status).toBe(403)
  await server.stop()
  const gone = await world.sql.query("select code from audit where kind = 'disconnect' and user_id = $1", [coordinator])
  expect(gone.rows).toEqual([{ code: 'draining' }])
  const { rows } = await world.sql.query("select subject, user_id, address from audit where kind = 'export' order by id")
  expect(rows).toEqual(['attendance', 'guarantees', 'counts'].map((subject) => ({ subject, user_id: user('admin'), address: '127.0.0.1' })))
})
