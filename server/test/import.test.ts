import pino from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { LoginAnswer, MeAnswer, Problem } from '#contract/api.ts'
import type { ImportReport } from '#contract/imports.ts'
import { type Running, start } from '#server/start.ts'
import { unwrapConfig } from './config.ts'
import { makeDatabase, type TestDatabase } from './database.ts'
import { demoUser } from './demo-users.ts'
import { until } from './until.ts'
import { startWorld } from './world.ts'

let database: TestDatabase
let running: Running
let base = ''
let admin = ''
const logged: string[] = []

beforeAll(async () => {
  database = await makeDatabase()
  const log = pino({ level: 'info' }, { write: (line: string) => void logged.push(line) })
  running = await start(unwrapConfig({ DATABASE_URL: database.url, DEMO: '1', PORT: '0', LIMIT_IMPORT_BYTES_MAX: '4000000' }), log)
  base = `http://127.0.0.1:${running.port}`
  admin = await token('admin')
})

afterAll(async () => {
  await running.stop(5_000)
  await database[Symbol.asyncDispose]()
})

const login = (name: string, password = 'lajna-demo') =>
  fetch(`${base}/api/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ login: name, password }),
  })
const token = async (name: string) => ((await (await login(name)).json()) as LoginAnswer).token

const send = (path: string, body: string | Buffer, { as = admin, type = 'text/csv' } = {}) =>
  fetch(`${base}/api/admin/import/${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${as}`, 'content-type': type },
    body: body as string,
  })

/** The report, and that its status says the same. */
async function bring(path: string, body: string | Buffer): Promise<ImportReport> {
  const response = await send(path, body)
  const report = (await response.json()) as ImportReport
  expect(response.status).toBe(report.problems_total === 0 ? 200 : 422)
  return report
}

const counts = ({ created, updated, unchanged, deactivated }: ImportReport) => [created, updated, unchanged, deactivated]
const told = ({ problems }: ImportReport) => problems.map(({ line, column = '', code }) => `${line} ${column} ${code}`)

const rollHeader = 'committee_code,serial,name,sex,family,unit,mobile'
/** 20,000 electors in ten committees, `101` to `110`. */
const bigRoll = Array.from(
  { length: 20_000 },
  (_, index) =>
    `${101 + (index % 10)},${Math.floor(index / 10) + 1},"سالم ناصر، ${index}",${index % 2 === 0 ? 'm' : 'f'},الناصر,المالية,+9655${String(index).padStart(7, '0')}`,
)
const csv = (header: string, lines: readonly string[]) => [header, ...lines].join('\n')
const bigCommittees = Array.from({ length: 10 }, (_, index) => String(101 + index))
const electors = async (where: Record<string, unknown> = {}) =>
  Number(
    (
      await database.database
        .knex('electors')
        .join('committees', 'committees.id', 'electors.committee_id')
        .whereIn('code', bigCommittees)
        .where({ 'committees.election_id': 'kuwait-union', ...where })
        .count({ n: '*' })
    )[0]?.n,
  )

describe('a roll of 20,000 lines', () => {
  test('needs its committees; a dry run says what would be made and makes nothing', async () => {
    const unknown = await bring('roll?dry_run=1', csv(rollHeader, bigRoll))
    expect([unknown.problems_total, unknown.problems.length, unknown.problems[0]?.code]).toEqual([20_000, 200, 'unknown-committee'])
    const rooms = csv(
      'code,name,site,sex',
      Array.from({ length: 10 }, (_, index) => `${101 + index},قاعة ${index},مدرسة النور,${index % 2 === 0 ? 'm' : ''}`),
    )
    const tried = await bring('committees?dry_run=1', rooms)
    expect([counts(tried), tried.made.sites, tried.dry_run]).toEqual([[10, 0, 0, 0], 1, true])
    expect(await database.database.knex('committees').where('code', '101')).toEqual([])
    const done = await bring('committees', rooms)
    expect([counts(done), done.dry_run]).toEqual([[10, 0, 0, 0], false])
    expect(counts(await bring('committees', rooms))).toEqual([0, 0, 10, 0])
  })

  const faults = new Map([
    [11, '101,0,zero,m,,,'],
    [3_000, '999,5,nobody knows the committee,m,,,'],
    [7_777, '107,,no serial,m,,,'],
    [9_001, '101,1,once more,m,,,'],
    [12_345, '105,"broken" quote,x,m,,,'],
    [15_000, '105,7000,,x,,,'],
    [20_001, '105,7001,few fields'],
  ])
  const faulty = bigRoll.map((line, index) => faults.get(index + 2) ?? line)

  test('with 7 faulty lines: all 7 are named, dry or not, and nothing is imported', async () => {
    for (const path of ['roll?dry_run=1', 'roll']) {
      const report = await bring(path, csv(rollHeader, faulty))
      expect(new Set(report.problems.map(({ line }) => line))).toEqual(new Set(faults.keys()))
      expect(told(report)).toEqual([
        '11 serial not-a-number',
        '3000 committee_code unknown-committee',
        '7777 serial blank',
        '9001 serial double',
        '12345  bad-quotes',
        '15000 name blank',
        '15000 sex unknown-word',
        '20001  fields',
      ])
      expect(report.problems.find(({ line }) => line === 9_001)).toMatchObject({ value: '1', first_line: 2 })
      expect([counts(report), report.lines]).toEqual([[0, 0, 0, 0], 20_000])
    }
    expect(await electors()).toBe(0)
  })

  test('mended it is imported; again, nothing changes, in any dialect', async () => {
    expect(counts(await bring('roll?dry_run=1', csv(rollHeader, bigRoll)))).toEqual([20_000, 0, 0, 0])
    expect(await electors()).toBe(0)
    expect(counts(await bring('roll', csv(rollHeader, bigRoll)))).toEqual([20_000, 0, 0, 0])
    expect(await electors({ active: true })).toBe(20_000)
    const before = await database.database.knex('electors').select('committee_id', 'serial', database.database.knex.raw('xmin::text'))
    expect(counts(await bring('roll', csv(rollHeader, bigRoll)))).toEqual([0, 0, 20_000, 0])
    const excel = `\uFEFF${csv(rollHeader, bigRoll).replaceAll(',', ';').replaceAll('\n', '\r\n')}\r\n`
    expect(counts(await bring('roll', excel))).toEqual([0, 0, 20_000, 0])
    // Not even written anew.
    const after = await database.database.knex('electors').select('committee_id', 'serial', database.database.knex.raw('xmin::text'))
    expect(after).toEqual(before)
  })

  test('who is missing becomes inactive, and active again when back; nobody is deleted or renumbered', async () => {
    const without = bigRoll.slice(50)
    expect(counts(await bring('roll', csv(rollHeader, without)))).toEqual([0, 0, 19_950, 50])
    expect([await electors(), await electors({ active: false }), await electors({ active: false, code: '101' })]).toEqual([20_000, 50, 5])
    expect(counts(await bring('roll', csv(rollHeader, without)))).toEqual([0, 0, 19_950, 0])
    expect(counts(await bring('roll', csv(rollHeader, bigRoll)))).toEqual([0, 50, 19_950, 0])
    expect(await electors({ active: true })).toBe(20_000)
  })

  test('a file of one committee leaves the others; a file without mobile numbers leaves those', async () => {
    const one = bigRoll.filter((line) => line.startsWith('101,')).map((line) => line.replace(/,[^,]*$/, ''))
    expect(counts(await bring('roll', csv(rollHeader.replace(',mobile', ''), one)))).toEqual([0, 0, 2_000, 0])
    expect([await electors({ active: true }), await electors({ mobile: null })]).toEqual([20_000, 0])
  })

  test('two different files at once: one after the other, and what stands is one of them whole', async () => {
    const other = bigRoll.slice(0, 10_000).map((line) => line.replace('الناصر', 'الصالح'))
    const reports = await Promise.all([bring('roll', csv(rollHeader, bigRoll)), bring('roll', csv(rollHeader, other))])
    const [first, second] = [await electors({ family: 'الناصر', active: true }), await electors({ family: 'الصالح', active: true })]
    expect([
      [20_000, 0],
      [0, 10_000],
    ]).toContainEqual([first, second])
    expect(await electors()).toBe(20_000)
    // The later one was judged by what the earlier one left.
    expect(reports.map(counts)).toContainEqual([0, 10_000, 0, 10_000])
  })
})

describe('the other lists', () => {
  test('candidates are on the ballot at once; one renamed loses the English name of the other', async () => {
    const list = 'number;name;list\n1;فهد الراشد الجديد;قائمة السدرة\n31;مرشح جديد;قائمة المرسى\n'
    expect(counts(await bring('candidates', list))).toEqual([1, 1, 0, 0])
    expect(counts(await bring('candidates', list))).toEqual([0, 0, 2, 0])
    const me = await fetch(`${base}/api/me`, { headers: { authorization: `Bearer ${admin}` } })
    const { election } = (await me.json()) as MeAnswer
    expect(election.candidates).toHaveLength(31)
    expect(election.candidates[0]).toEqual({ number: 1, name: 'فهد الراشد الجديد', list: 'قائمة السدرة', list_en: 'Sidra list' })
  })

  test('users log in with their passwords; without one, and with a blank one, nothing opens; no password is in a report or the log', async () => {
    const list = 'login,name,role,password\nsaid,Said,marker,ink-and-tally\nnoura,Noura,viewer,\n'
    expect(counts(await bring('users?dry_run=1', list))).toEqual([2, 0, 0, 0])
    expect((await login('said', 'ink-and-tally')).status).toBe(401)
    const report = await bring('users', list)
    expect(counts(report)).toEqual([2, 0, 0, 0])
    expect((await login('said', 'ink-and-tally')).status).toBe(200)
    for (const password of ['!', 'ink-and-tally']) expect((await login('noura', password)).status).toBe(401)
    expect(counts(await bring('users', list))).toEqual([0, 0, 2, 0])
    expect(counts(await bring('users', list.replace('tally', 'paper')))).toEqual([0, 1, 1, 0])
    expect((await login('said', 'ink-and-paper')).status).toBe(200)
    // A list without the column changes nobody's.
    expect(counts(await bring('users', 'login,name,role\nSAID,Said A,marker\n'))).toEqual([0, 1, 0, 0])
    expect((await login('said', 'ink-and-paper')).status).toBe(200)
    const short = await bring('users', 'login,name,role,password\nx,X,viewer,secret7\n')
    expect(JSON.stringify([report, short])).not.toMatch(/ink-and|secret7/)
    expect(logged.join('')).not.toMatch(/ink-and|secret7/)
    expect(told(short)).toEqual(['2 password short-password'])
  })

  test('an administrator cannot take their own role away', async () => {
    expect(told(await bring('users', 'login,name,role\nadmin,Noura,viewer\n'))).toEqual(['2 role own-role'])
    expect((await bring('users', 'login,name,role\nadmin,نورة السالم,administrator\n')).unchanged).toBe(1)
  })

  test('assignments hold at once, with the rights they add and take', async () => {
    const rightsOf = async () => {
      const answer = await fetch(`${base}/api/me`, { headers: { authorization: `Bearer ${await token('outsider1')}` } })
      return ((await answer.json()) as MeAnswer).committees.map(({ code, rights }) => [code, rights.join(' ')])
    }
    expect(await rightsOf()).toEqual([])
    const list = 'login,committee_code,site,rights\noutsider1,5,,-figures +rule\noutsider1,,الميناء,\n'
    expect(counts(await bring('assignments', list))).toEqual([2, 0, 0, 0])
    expect(counts(await bring('assignments', list))).toEqual([0, 0, 2, 0])
    const all = 'read guarantees attendance count figures contacts'
    expect(await rightsOf()).toEqual([
      ['5', 'read guarantees attendance count rule contacts'],
      ['8', all],
      ['9', all],
      ['10', all],
    ])
    expect(counts(await bring('assignments', list.replace('-figures +rule', '')))).toEqual([0, 1, 1, 0])
    expect((await rightsOf())[0]).toEqual(['5', all])
  })

  test('results make committees and candidates, and are kept for comparing', async () => {
    const { knex } = database.database
    await knex('elections').insert({ id: 'delaware', name: 'Delaware', date: '2018-11-06', phase: 'counting', choices_per_ballot: 1 })
    const list = [
      'NE-01-01,New Castle 01-01,Carper T,DEMOCRATIC,581',
      'NE-01-01,New Castle 01-01,Arlett R,REPUBLICAN,51',
      'KE-02,Kent 02,Arlett R,REPUBLICAN,9',
    ]
    const header = 'committee_code,committee_name,candidate,party,votes'
    const report = await bring('results?election=delaware', csv(header, list))
    expect([counts(report), report.made, report.election]).toEqual([[3, 0, 0, 0], { committees: 2, candidates: 2, sites: 2 }, 'delaware'])
    expect(await knex('announced_results').orderBy('votes').select('committee_id', 'candidate', 'votes')).toEqual([
      { committee_id: 'ke-02', candidate: 2, votes: 9 },
      { committee_id: 'ne-01-01', candidate: 2, votes: 51 },
      { committee_id: 'ne-01-01', candidate: 1, votes: 581 },
    ])
    expect(counts(await bring('results?election=delaware', csv(header, list)))).toEqual([0, 0, 3, 0])
    const recounted = await bring('results?election=delaware', csv(header, list).replace(',9', ',10'))
    expect([counts(recounted), recounted.made.candidates]).toEqual([[0, 1, 2, 0], 0])
  })
})

describe('refused, each beside what is accepted', () => {
  const list = 'number,name\n1,x\n'
  const problem = async (response: Response) => {
    expect(response.headers.get('content-type')).toContain('application/problem+json')
    const { code, status } = (await response.json()) as Problem
    expect(status).toBe(response.status)
    return `${status} ${code}`
  }

  test('who is no administrator, and nobody', async () => {
    for (const name of ['supervisor1', 'coordinator1', 'viewer1']) {
      expect(await problem(await send('candidates?dry_run=1', list, { as: await token(name) }))).toBe('403 forbidden')
    }
    expect(await problem(await send('candidates?dry_run=1', list, { as: 'x' }))).toBe('401 unauthenticated')
    expect((await send('candidates?dry_run=1', list)).status).toBe(200)
  })

  test('an administrator whose role was taken away, with a token that still says so', async () => {
    const users = database.database.knex('users').where('login', 'admin')
    await users.clone().update({ role: 'viewer' })
    expect(await problem(await send('candidates?dry_run=1', list))).toBe('403 forbidden')
    await users.clone().update({ role: 'administrator' })
    expect((await send('candidates?dry_run=1', list)).status).toBe(200)
  })

  test('a list that there is not, an election that there is not, a dry run that is neither', async () => {
    expect(await problem(await send('nonsense', list))).toBe('404 unparseable')
    expect(await problem(await send('constructor', list))).toBe('404 unparseable')
    expect(await problem(await send('candidates?election=none&dry_run=1', list))).toBe('404 unparseable')
    expect(await problem(await send('candidates?dry_run=yes', list))).toBe('400 malformed')
    expect((await send('candidates?election=kuwait-union&dry_run=true', list)).status).toBe(200)
  })

  test('what is not text/csv in UTF-8', async () => {
    for (const type of ['application/json', 'text/plain', 'text/csvx', 'text/csv; charset=windows-1256']) {
      expect(await problem(await send('candidates?dry_run=1', list, { type }))).toBe('415 unparseable')
    }
    for (const type of ['text/csv; charset=utf-8', 'TEXT/CSV']) {
      expect((await send('candidates?dry_run=1', list, { type })).status).toBe(200)
    }
  })

  test('a file over the limit; one just below it is read', async () => {
    expect(await problem(await send('candidates?dry_run=1', `number,name\n1,${'x'.repeat(4_000_000)}\n`))).toBe('413 too-large')
    const below = await bring('candidates?dry_run=1', `number,name\n1,x\n${'\n'.repeat(3_900_000)}2,y\n`)
    expect([below.problems_total, below.lines]).toEqual([0, 2])
  })

  test('an empty file and a wrong one are reports, not faults', async () => {
    expect(told(await bring('candidates', ''))).toEqual(['1  empty-file'])
    expect(told(await bring('candidates', 'PK\u0003\u0004\u0000'))).toEqual(['1 number missing-column', '1 name missing-column'])
  })
})

test('what was imported is in the log, with who and how much, and without a name of anybody', async () => {
  const lines = logged.map((line) => JSON.parse(line)).filter(({ msg }) => msg === 'import')
  expect(lines.find(({ kind, created }) => kind === 'roll' && created === 20_000)).toMatchObject({
    user: expect.any(Number),
    dry_run: expect.any(Boolean),
    election: 'kuwait-union',
    problems_total: 0,
  })
  expect(JSON.stringify(lines)).not.toContain('سالم')
})

test('two different files at once through two processes: what stands is one of them whole', async () => {
  await using world = await startWorld({ instances: 2, demo: true })
  const user = await demoUser(world.sql)
  const file = (family: string) =>
    csv(
      'committee_code,serial,name,sex,family',
      Array.from({ length: 2_000 }, (_, index) => `1,${index + 1},x,m,${family}`),
    )
  const answers = await Promise.all(
    world.instances.map(async ({ url }, index) => {
      const headers = { authorization: `Bearer ${world.sign(user('admin'), 'administrator')}`, 'content-type': 'text/csv' }
      const response = await fetch(`${url}/api/admin/import/roll`, { method: 'POST', headers, body: file(`family ${index}`) })
      return counts((await response.json()) as ImportReport)
    }),
  )
  expect(answers).toContainEqual([1_197, 803, 0, 0])
  expect(answers).toContainEqual([0, 2_000, 0, 0])
  const { rows } = await world.sql.query("select distinct family from electors where committee_id = 'u01'")
  expect(rows).toHaveLength(1)
})

test('an open committee, on every instance, judges by the roll and the candidates that were imported', async () => {
  await using world = await startWorld({ instances: 2, demo: true })
  const user = await demoUser(world.sql)
  const at_s = 1_763_856_000
  const [first, second] = world.instances
  // Whether a mark of an elector, and a vote for a candidate, are taken; by a new device each time, as a refusal seals the one before.
  const isTaken = async (at: typeof first, write: (person: ReturnType<typeof world.person>) => void) => {
    const person = await world.person('u01', user('coordinator1'), 'coordinator', { at }).synced()
    write(person)
    await until('an answer', () => person.refused.length > 0 || person.book.unacknowledged === 0)
    person.leave()
    return person.refused.length === 0
  }
  const mark = (person: ReturnType<typeof world.person>) => person.mark(5_000, at_s)
  const vote = (person: ReturnType<typeof world.person>) => person.call('A', 1, [31], at_s)
  for (const at of [first, second ?? first]) expect([await isTaken(at, mark), await isTaken(at, vote)]).toEqual([false, false])

  const bringTo = async (kind: string, body: string) =>
    fetch(`${first.url}/api/admin/import/${kind}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${world.sign(user('admin'), 'administrator')}`, 'content-type': 'text/csv' },
      body,
    })
  const { rows } = await world.sql.query("select serial, name, sex from electors where committee_id = 'u01'")
  const lines = [...rows, { serial: 5_000, name: 'جديد', sex: 'm' }].map(({ serial, name, sex }) => `1,${serial},${name},${sex}`)
  expect((await bringTo('roll', csv('committee_code,serial,name,sex', lines))).status).toBe(200)
  expect((await bringTo('candidates', 'number,name,list\n31,جديد,\n')).status).toBe(200)
  for (const at of [first, second ?? first]) {
    await until('the mark is taken', () => isTaken(at, mark))
    await until('the vote is taken', () => isTaken(at, vote))
  }
})
