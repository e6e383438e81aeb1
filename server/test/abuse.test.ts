import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { Crowd } from '#load/driver/crowd.ts'
import { inLanes } from '#load/driver/lanes.ts'
import { documentOf, marksIn } from '#load/driver/oracle.ts'
import type { Person } from '#load/driver/person.ts'
import { hashPassword } from '#server/auth/password.ts'
import { addLoadUsers } from '#server/demo/load-users.ts'
import type { Orders } from './abuse.child.ts'
import { largeDocument } from './abuse.ts'
import { type Scrape, scrape } from './metrics.ts'
import { until } from './until.ts'
import { startWorld, type World } from './world.ts'

const at_s = 1_763_856_000
const honest_people = 50
const abusers = 200
const lurkers = 1_000
/** Of the server, whatever they do: an idle one has about 150. */
const resident_bytes_max = 700 * 2 ** 20

const committees = Array.from({ length: 13 }, (_, index) => `u${String(index + 1).padStart(2, '0')}`)

/** What the metrics say of each kind of abuse; all of it must be there at the end. */
const signs: Readonly<Record<string, (metrics: Scrape) => number>> = {
  'floods of messages are delayed': (it) => it.of('delays_total', 'cause="messages"'),
  'and closed': (it) => it.of('refusals_total', 'code="rate-limited"'),
  'edits that are none': (it) => it.of('refusals_total', 'code="malformed"'),
  'presence without end': (it) => it.of('delays_total', 'cause="presence"'),
  'frames and presence over their size': (it) => it.of('refusals_total', 'code="too-large"'),
  'large frames that do not end': (it) => it.of('delays_total', 'cause="large"'),
  'slow readers': (it) => it.of('refusals_total', 'code="overloaded"'),
  'half-open sockets': (it) => it.of('connections_silent_total'),
  nonsense: (it) => it.of('refusals_total', 'code="unparseable"'),
  'sockets without a login': (it) => it.of('refusals_total', 'code="unauthenticated"'),
  'too many of them, or of one person': (it) => it.of('refusals_total', 'code="too-many-connections"'),
}

/** A document worth asking for: 200 KB of notes. */
async function writeNotes(world: World, user: number): Promise<void> {
  const person = await world.person(largeDocument.slice('committee:'.length), user).synced()
  for (let elector = 1; elector <= 100; elector += 1) person.type(elector, '記'.repeat(700))
  await person.book.downTo(0)
  person.leave()
}

/** Goes with the scope. */
function startMob(orders: Orders): Disposable {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'abuse.child.ts'), JSON.stringify(orders)], { stdio: 'inherit' })
  return { [Symbol.dispose]: () => child.kill('SIGKILL') }
}

it('fifty work on, and lose nothing, beside two hundred abusers of every kind and a thousand who only hold sockets open', {
  timeout: 480_000,
}, async () => {
  await using world = await startWorld({
    demo: true,
    env: {
      LIMIT_OVER_RATE_MS: '3000',
      LIMIT_LARGE_FRAMES_MAX: '4',
      LIMIT_LARGE_FRAME_MS: '3000',
      LIMIT_UNREAD_BYTES_MAX: '262144',
      LIMIT_PING_MS: '5000',
      LIMIT_UNAUTHENTICATED_ADDRESS_MAX: '500',
      LIMIT_USER_CONNECTIONS_MAX: '3',
    },
  })
  const { url } = world.instances[0]
  const { first } = await addLoadUsers(world.database.database.knex, hashPassword)
  await writeNotes(world, first)
  using crowd = new Crowd({ url, sign: world.sign, unacknowledged_max: 3, patience_ms: 60_000 })
  const people: Person[] = []
  const enter = (count: number) =>
    inLanes(
      Array.from({ length: count }, (_, index) => people.length + index),
      10,
      async (index) => {
        people.push(await crowd.join(committees[index % committees.length] ?? '', first + 1 + index, 'coordinator'))
      },
    )
  await enter(honest_people / 2)

  const tokens = Array.from({ length: abusers }, (_, index) => world.sign(first + 1_000 + index, 'coordinator'))
  using _mob = startMob({ url, tokens, hoarder: world.sign(first + 2_000, 'coordinator'), lurkers })

  // In the middle of it the others come.
  await enter(honest_people / 2)
  let rounds = 0
  let resident_bytes = 0
  const work = async () => {
    const electors = Array.from({ length: 5 }, (_, index) => rounds * 5 + index + 1)
    await Promise.all(people.map((person) => crowd.work(person, electors, (elector) => person.mark(elector, at_s))))
    rounds += 1
    const metrics = await scrape(url)
    resident_bytes = Math.max(resident_bytes, metrics.of('process_resident_memory_bytes'))
    const missing = Object.entries(signs).flatMap(([sign, read]) => (read(metrics) > 0 ? [] : [sign]))
    return rounds >= 10 ? missing : ['the first rounds']
  }
  let missing: readonly string[] = []
  const isNamed = async () => {
    missing = await work()
    return missing.length === 0
  }
  // A machine that does much else takes its time over twelve hundred: what is waited for happens, the sooner the better.
  await until(() => `every kind of abuse is named; still missing: ${missing.join(', ')}`, isNamed, 400_000)
  expect(people).toHaveLength(honest_people)
  expect(people.flatMap(({ refused, sentAway }) => [...refused, ...sentAway])).toEqual([])
  expect(people.map(({ connects }) => connects)).toEqual(people.map(() => 1))
  expect(resident_bytes).toBeLessThan(resident_bytes_max)
  for (const committee of committees) {
    const rows = await world.rows(committee)
    const theirs = people.filter((person) => person.committee === committee)
    const expected = theirs.flatMap(({ user, book }) =>
      book.deeds.map(({ did, acknowledged }) => (did.kind === 'mark' && acknowledged ? `${did.elector}/${user}` : 'not acknowledged')),
    )
    expect(marksIn(documentOf(rows.map(({ update }) => update)))).toEqual(expected.toSorted())
    expect(expected).toHaveLength(theirs.length * rounds * 5)
    const writers = new Set(rows.map(({ user }) => user))
    for (const { user } of theirs) writers.delete(user)
    writers.delete(first)
    expect([...writers]).toEqual([])
  }
})
