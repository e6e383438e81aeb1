import type pg from 'pg'
import { Crowd } from '../driver/crowd.ts'
import { makeDice } from '../driver/dice.ts'
import type { Sign } from '../driver/entry.ts'
import { inLanes } from '../driver/lanes.ts'
import type { Person } from '../driver/person.ts'
import { Waits } from '../driver/waits.ts'
import { type Ground, makeGround } from './import.ts'
import { type CommitteeResult, type Results, votesTogether } from './results.ts'
import { byContract, byHand, byOverview, byRows, type Counted, type Difference, differences, journalRows, sheet } from './tally.ts'

export type ReplayOptions = {
  readonly url: string
  /** In the database the server writes to. */
  readonly sql: pg.Client
  readonly sign: Sign
  readonly results: Results
  /** Of the election that is made for it. */
  readonly name: string
  readonly counters: number
  /** Committees counting at once. */
  readonly lanes: number
  readonly unacknowledged_max: number
  readonly seed: string
  /** Ballots acknowledged and committees compared, each time one more is. */
  readonly onProgress?: (ballots: number, committees: number) => void
  /** For tests, which plant a fault here: between the count of a committee and its comparison. */
  readonly beforeComparing?: (committee: CommitteeResult, id: string, user: number) => Promise<void>
  readonly readRows?: typeof journalRows
}

export type ReplayReport = {
  readonly election: string
  readonly ballots: number
  /** How long ballots were called, comparing included. */
  readonly elapsed_ms: number
  /** From the call of a ballot to the word that it is in a committed row. */
  readonly waits: Waits
  /** Ballots counted in each tally, over all committees. */
  readonly totals: Readonly<Record<Difference['source'], number>>
  readonly differences: readonly Difference[]
}

/** Calls every vote of the file as a ballot through the server, then counts them five times. Throws where somebody is refused or unheard. */
export async function replay(options: ReplayOptions): Promise<ReplayReport> {
  const { results, counters, lanes, onProgress = () => {} } = options
  const run = Math.floor(Date.now() / 100).toString(36)
  // Each lane has its own people: nobody counts in two rooms at once, nor has more sockets than a person may.
  const ground = await makeGround(options.sql, results, { name: options.name, counters: counters * lanes, run })
  const waits = new Waits()
  const totals = { server: 0, client: 0, journal: 0, overview: 0 }
  const found: Difference[] = []
  let committees = 0
  using crowd = new Crowd({
    url: options.url,
    sign: options.sign,
    unacknowledged_max: options.unacknowledged_max,
    onAcknowledged: (_deed, wait_ms) => {
      waits.add(wait_ms)
      onProgress(waits.count, committees)
    },
  })
  const began_ms = performance.now()
  await inLanes(results.committees, lanes, async (committee, lane) => {
    const users = ground.counters.slice(lane * counters, (lane + 1) * counters)
    const room = { committee, id: idOf(ground, committee), users }
    await count(room, crowd, options)
    await options.beforeComparing?.(committee, room.id, users[0] ?? 0)
    for (const [source, counted] of await countAgain(room, crowd, options)) {
      totals[source] += counted.ballots
      found.push(...differences(committee, results.candidates, source, counted))
    }
    committees += 1
    onProgress(waits.count, committees)
  })
  const elapsed_ms = performance.now() - began_ms
  const token = options.sign(ground.counters[0] ?? 0, 'counter')
  const summaries = await byOverview({ ...options, token }, [...ground.committees.values()])
  for (const committee of results.committees) {
    const counted = summaries.get(idOf(ground, committee)) ?? { ballots: 0, votes: new Map() }
    totals.overview += counted.ballots
    found.push(...differences(committee, results.candidates, 'overview', counted))
  }
  return {
    election: ground.election,
    ballots: waits.count,
    elapsed_ms,
    waits,
    totals,
    differences: found,
  }
}

type Room = { readonly committee: CommitteeResult; readonly id: string; readonly users: readonly number[] }

function idOf(ground: Ground, { code }: CommitteeResult): string {
  const id = ground.committees.get(code)
  if (id === undefined) throw new Error(`${code} was not imported`)
  return id
}

/** The box of a committee: one ballot a vote, in an order of chance. */
export function boxOf(committee: CommitteeResult, seed: string): readonly number[] {
  const ballots = [...committee.votes].flatMap(([candidate, votes]) => Array.from({ length: votes }, () => candidate))
  return makeDice(`${seed} ${committee.code}`).shuffled(ballots)
}

/** The counters share sheet A and one pile, each writing a log of their own: whoever is free takes the next ballot. */
async function count({ committee, id, users }: Room, crowd: Crowd, { seed }: ReplayOptions): Promise<void> {
  if (votesTogether(committee) === 0) return
  const pile = boxOf(committee, seed).entries()
  const people = await Promise.all(users.map((user) => crowd.join(id, user, 'counter')))
  const call = (person: Person) => (ballot: [number, number]) =>
    person.call(sheet, ballot[0] + 1, [ballot[1]], Math.floor(Date.now() / 1_000))
  await Promise.all(people.map((person) => crowd.work(person, pile, call(person))))
  for (const person of people) crowd.leave(person)
}

/** Each tally goes its own way: another join, another code, another place the ballots lie. */
async function countAgain(
  { id, users }: Room,
  crowd: Crowd,
  { sql, readRows = journalRows }: ReplayOptions,
): Promise<readonly (readonly [Difference['source'], Counted])[]> {
  const look = async (tally: (person: Person) => Counted): Promise<Counted> => {
    const person = await crowd.join(id, users[0] ?? 0, 'counter')
    const counted = tally(person)
    crowd.leave(person)
    return counted
  }
  return [
    ['server', await look(({ doc }) => byContract(doc))],
    ['client', await look(({ doc }) => byHand(doc))],
    ['journal', byRows(await readRows(sql, id))],
  ]
}
