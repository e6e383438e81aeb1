import { logIn } from '#load/driver/entry.ts'
import { Person } from '#load/driver/person.ts'
import type { Stage } from './stage.ts'

// A day in thirteen committees, told by simulated people over real sockets: one of each state that the tiles know.

const password = 'lajna-demo'

export type Scene = { readonly people: readonly Person[]; readonly leave: () => void }

/** Somebody at work in a committee, until they leave. */
export async function enter(stage: Stage, login: string, committee: string): Promise<Person> {
  const { token, user } = await logIn(stage.server.url, login, password)
  const onTrouble = (what: string) => person.book.giveUp(new Error(`${login} in ${committee}: ${what}`))
  const person: Person = new Person({ url: stage.server.url, user, token: () => token, onTrouble }, committee)
  return person.synced()
}

const phases = {
  polling: ['u01', 'u02', 'u04', 'u09'],
  counting: ['u03', 'u05', 'u06', 'u07', 'u08', 'u10', 'u11', 'u12'],
  closed: ['u13'],
} as const

/** Blank and invalid now and then; of the others, fifteen at most. */
function choicesOf(n: number): readonly number[] | null {
  if (n % 19 === 0) return []
  if (n % 23 === 0) return null
  const called = Array.from({ length: 15 }, (_, at) => ((at * ((n % 7) + 1) + n * 3) % (at % 3 === 0 ? 30 : 17)) + 1)
  return [...new Set(called)].sort((a, b) => a - b)
}

export async function setDay(stage: Stage): Promise<Scene> {
  const sql = await stage.sql()
  const people: Person[] = []
  const at = async (login: string, committee: string) => {
    const person = await enter(stage, login, committee)
    people.push(person)
    return person
  }
  const now_s = Math.floor(Date.now() / 1_000)
  const call = async (person: Person, sheet: 'A' | 'B', ballots: number, odd?: number) => {
    for (let n = 1; n <= ballots; n += 1) person.call(sheet, n, n === odd ? [30] : choicesOf(n), now_s)
    await person.book.downTo(0)
  }
  const mark = async (person: Person, electors: number) => {
    for (let elector = 1; elector <= electors; elector += 1) person.mark(elector, now_s - 60)
    await person.book.downTo(0)
  }
  await sql.query("update committees set phase = 'counting'")
  await sql.query(
    `insert into assignments (user_id, committee_id)
     select users.id, committees.id from users cross join committees
      where login in ('counter1', 'counter2', 'coordinator1') on conflict do nothing`,
  )
  for (const [committee, electors] of Object.entries({
    u01: 300,
    u02: 220,
    u04: 90,
    u09: 120,
    u05: 200,
    u06: 240,
    u07: 180,
    u12: 150,
    u13: 60,
  })) {
    const marker = await enter(stage, 'admin', committee)
    for (let elector = 1; elector <= 40; elector += 1) marker.pledge(elector * 7, 'strength', 'strong')
    await mark(marker, electors)
    if (committee === 'u01' || committee === 'u02' || committee === 'u05') people.push(marker)
    else marker.leave()
  }
  await call(await at('counter1', 'u07'), 'A', 90)
  await call(await at('counter2', 'u07'), 'B', 80, 43)
  await call(await at('counter1', 'u05'), 'A', 120)
  await call(await at('counter2', 'u06'), 'A', 60)
  await call(await at('counter1', 'u12'), 'A', 70)
  const closing = await enter(stage, 'admin', 'u13')
  await call(closing, 'A', 60)
  closing.leave()
  // A figure that one has read, one on which two differ, and a sum that fails.
  const reader = await at('counter1', 'u11')
  reader.report('minute', 'ballots', 540)
  const [one, other] = [await at('counter1', 'u10'), await at('coordinator1', 'u10')]
  one.report('minute', 'ballots', 400)
  other.report('minute', 'ballots', 410)
  const clerk = await at('admin', 'u03')
  const second = await at('supervisor1', 'u03')
  for (const who of [clerk, second])
    for (const [figure, value] of Object.entries({ ballots: 586, valid: 561, invalid: 18, blank: 9 })) who.report('minute', figure, value)
  for (const person of people) await person.book.downTo(0)
  for (const [phase, committees] of Object.entries(phases))
    await sql.query('update committees set phase = $1 where id = any($2)', [phase, committees])
  return {
    people,
    leave: () => {
      for (const person of people) person.leave()
    },
  }
}
