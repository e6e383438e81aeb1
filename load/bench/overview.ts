import { randomBytes } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { Crowd } from '../driver/crowd.ts'
import { makeSigner } from '../driver/entry.ts'
import { inLanes } from '../driver/lanes.ts'
import type { Person } from '../driver/person.ts'
import { startOwnServer } from '../driver/server.ts'
import { Watch } from '../driver/watch.ts'

// `make bench OVERVIEW=1`: what it costs to be watched. 764 committees, in each of which a ballot is called every two seconds, and nobody
// watching; then 50 supervisors of a site each; then 50 at headquarters, who see all of them. The same calls go on throughout. The
// server is a process of its own and says how much of a core it took.

const committees = Number(process.env.COMMITTEES ?? 764)
const watchers = Number(process.env.WATCHERS ?? 50)
const seconds = Number(process.env.SECONDS ?? 20)
const rounds = Number(process.env.ROUNDS ?? 2)
const every_ms = Number(process.env.EVERY_MS ?? 2_000)
const ofSite = 15
const ofCounter = 16
const candidates = 30

type Ground = {
  readonly ids: readonly string[]
  readonly counters: readonly number[]
  readonly supervisors: readonly number[]
  readonly chiefs: readonly number[]
}

/** An election without electors: they cost nothing here, and their import takes longer than the bench. */
async function makeGround(sql: pg.Client): Promise<Ground> {
  await sql.query(
    "insert into elections (id, name, date, phase, choices_per_ballot) values ('bench', 'Bench', '2026-01-01', 'counting', 3)",
  )
  await sql.query("insert into candidates (election_id, number, name) select 'bench', n, 'Candidate ' || n from generate_series(1, $1) n", [
    candidates,
  ])
  const sites = Math.ceil(committees / ofSite)
  await sql.query(
    "insert into sites (election_id, name, name_en) select 'bench', 'مدرسة رقم ' || n, 'School ' || n from generate_series(1, $1) n",
    [sites],
  )
  const { rows } = await sql.query<{ id: string }>(
    `insert into committees (id, election_id, site_id, code, name, name_en)
     select 'b' || n, 'bench', (select id from sites where name_en = 'School ' || (1 + (n - 1) / $2)), 'b' || n, 'لجنة ' || n, 'Committee ' || n
       from generate_series(1, $1) n returning id`,
    [committees, ofSite],
  )
  const people = async (role: string, count: number) => {
    const made = await sql.query<{ id: number }>(
      "insert into users (login, name, role, password_hash) select $1 || '-bench-' || n, $1 || n, $1, '!' from generate_series(1, $2) n returning id",
      [role, count],
    )
    return made.rows.map(({ id }) => id)
  }
  const supervisors = await people('supervisor', watchers)
  await sql.query(
    `insert into assignments (user_id, site_id)
     select user_id, (select id from sites where name_en = 'School ' || (1 + (place - 1) % $2))
       from unnest($1::integer[]) with ordinality given (user_id, place)`,
    [supervisors, sites],
  )
  const all = await people('administrator', Math.ceil(committees / ofCounter) + watchers)
  return { ids: rows.map(({ id }) => id), counters: all.slice(watchers), supervisors, chiefs: all.slice(0, watchers) }
}

await using leaving = new AsyncDisposableStack()
const { url, databaseUrl, secret } = await startOwnServer(leaving, process.env.DATABASE_URL)
const sql = leaving.adopt(new pg.Client(databaseUrl), (session) => session.end())
await sql.connect()
const sign = makeSigner(secret)
const ground = await makeGround(sql)
const crowd = leaving.use(new Crowd({ url, sign, unacknowledged_max: 1_000 }))
console.log(
  `${committees} committees, a ballot each ${every_ms / 1_000} s in every one; ${watchers} watchers; ${seconds} s a phase, ${rounds} rounds`,
)

const people: Person[] = []
await inLanes(ground.ids, 16, async (id) => {
  const place = ground.ids.indexOf(id)
  people.push(await crowd.join(id, ground.counters[Math.floor(place / ofCounter)] ?? 0, 'administrator'))
})
console.log(`everybody is there: ${people.length}`)
let called = 0
let isOver = false
const dice = randomBytes(4).readUInt32LE() % candidates
const calling = (async () => {
  for (let n = 1; !isOver; n += 1) {
    const from_ms = performance.now()
    for (const [place, person] of people.entries()) {
      person.call('A', n, [1 + ((n + place + dice) % candidates)], Math.floor(Date.now() / 1_000))
      called += 1
      // Spread over the time: committees do not call in step.
      const ahead_ms = (place / people.length) * every_ms - (performance.now() - from_ms)
      if (ahead_ms > 10) await wait(ahead_ms)
      if (isOver) return
    }
    await wait(Math.max(0, every_ms - (performance.now() - from_ms)))
  }
})()

/** CPU seconds the server has taken. */
async function cpu_s(): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text()
  return Number(/^process_cpu_seconds_total\{[^}]*\} (\S+)$/m.exec(text)?.[1])
}

type Phase = { readonly name: string; readonly users: readonly number[]; readonly role: string }
const phases: readonly Phase[] = [
  { name: 'nobody watches', users: [], role: 'supervisor' },
  { name: `${watchers} watch a site each (${ofSite} committees)`, users: ground.supervisors, role: 'supervisor' },
  { name: `${watchers} watch all ${committees}`, users: ground.chiefs, role: 'administrator' },
]
type Measured = {
  readonly core: number
  readonly calls_per_s: number
  readonly picture_bytes: number
  readonly bytes_per_s: number
  readonly events_per_s: number
}

async function measure({ users, role }: Phase): Promise<Measured> {
  const streams = users.map((user) => new Watch({ url, headers: { authorization: `Bearer ${sign(user, role)}` }, isCounting: true }))
  while (streams.some(({ written }) => written < 2)) await wait(50)
  const picture_bytes = total(streams.map(({ bytes }) => bytes))
  // What begins has settled.
  await wait(2_000)
  const before = {
    bytes: total(streams.map(({ bytes }) => bytes)),
    events: total(streams.map(({ written }) => written)),
    called,
    cpu: await cpu_s(),
  }
  const from_ms = performance.now()
  await wait(seconds * 1_000)
  const took_s = (performance.now() - from_ms) / 1_000
  const each = (sum: number) => (streams.length === 0 ? 0 : sum / streams.length)
  const measured = {
    core: ((await cpu_s()) - before.cpu) / took_s,
    calls_per_s: (called - before.called) / took_s,
    picture_bytes: each(picture_bytes),
    bytes_per_s: each(total(streams.map(({ bytes }) => bytes)) - before.bytes) / took_s,
    events_per_s: each(total(streams.map(({ written }) => written)) - before.events) / took_s,
  }
  if (streams.some(({ ended }) => ended)) throw new Error('a stream has ended')
  for (const stream of streams) stream.close()
  return measured
}
const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0)
const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN

const results = new Map<Phase, Measured[]>(phases.map((phase) => [phase, []]))
for (let round = 0; round < rounds; round += 1) {
  for (const phase of phases) {
    results.get(phase)?.push(await measure(phase))
    console.log(`round ${round + 1}: ${phase.name}`)
  }
}
isOver = true
await calling
for (const [{ name }, all] of results) {
  const of = (figure: keyof Measured) => median(all.map((one) => one[figure]))
  const kilobytes = (bytes: number) => `${(bytes / 1_024).toFixed(1)} KiB`
  const streams = name.startsWith('nobody')
    ? ''
    : `; a watcher: first picture ${kilobytes(of('picture_bytes'))}, then ${kilobytes(of('bytes_per_s'))} and ${of('events_per_s').toFixed(1)} events a second`
  console.log(`${name}: ${(of('core') * 100).toFixed(0)} % of a core at ${of('calls_per_s').toFixed(0)} ballots a second${streams}`)
}
