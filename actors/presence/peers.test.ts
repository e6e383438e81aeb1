import { expect, test } from 'vitest'
import type { Roster } from '#contract/presence.ts'
import { committee, type Device, Processes } from './presence.kit.ts'

/** Less than any conflation, more than what keeps a storm of arrivals apart. */
const at_once_ms = 30

const rosterOf = (processes: Processes, name: string): Roster => processes.all.get(name)?.roster(committee) as Roster
const clientsAt = (processes: Processes, name: string): number[] => rosterOf(processes, name).people.map(({ client }) => client)

test('[P10] another process’s people come, change and leave like our own; the roster is the same on both', async () => {
  using processes = new Processes(['one', 'two'])
  const [watcher, person] = [processes.device(1, 1, 'one'), processes.device(2, 2, 'two')]
  watcher.say({ view: 'roll' })
  person.say({ ballot: 1, claim: { elector: 5 } })
  await processes.clock.advance(at_once_ms)
  expect(watcher.sees).toEqual([2])
  expect(person.sees).toEqual([1])
  person.say({ ballot: 2 })
  await processes.clock.advance(500)
  expect(watcher.stateOf(2)).toEqual({ user: person.user, ballot: 2 })
  expect(rosterOf(processes, 'one')).toEqual(rosterOf(processes, 'two'))
  expect(rosterOf(processes, 'one').people).toHaveLength(2)
  person.leave()
  await processes.clock.advance(at_once_ms)
  expect(watcher.sees).toEqual([])
})

test('[P10] they need no sign of life as long as their process is there, and no receiver drops them; with it all of them go', async () => {
  using processes = new Processes(['one', 'two'])
  const [watcher, one, two] = [processes.device(1, 1, 'one'), processes.device(2, 2, 'two'), processes.device(3, 3, 'two')]
  one.say({ ballot: 1 })
  two.say({})
  await processes.clock.advance(at_once_ms)
  processes.isLinked = false
  const told: number[] = []
  watcher.awareness.on('update', ({ updated }: { updated: number[] }) => {
    if (updated.includes(2)) told.push(processes.clock.now_ms())
  })
  await processes.clock.advance(120_000)
  expect(watcher.sees).toEqual([2, 3])
  expect(Math.max(...told.map((at_ms, index) => at_ms - (told[index - 1] ?? 0)))).toBeLessThan(20_000)
  processes.all.get('one')?.left('two')
  await processes.clock.advance(at_once_ms)
  expect(watcher.sees).toEqual([])
})

test('[P10] a picture puts right what was lost on the way; bytes that are none change nothing', async () => {
  using processes = new Processes(['one', 'two'])
  const [watcher, goes, comes] = [processes.device(1, 1, 'one'), processes.device(2, 2, 'two'), processes.device(3, 3, 'two')]
  goes.say({})
  await processes.clock.advance(at_once_ms)
  processes.isLinked = false
  goes.leave()
  comes.say({ ballot: 3 })
  await processes.clock.advance(1_000)
  expect(watcher.sees).toEqual([2])
  const [one, two] = [processes.all.get('one'), processes.all.get('two')]
  for (const bytes of [[], [1], [4, 91, 49, 93, 0], [7, 91, 123, 125, 44, 49, 93, 1], [2, 123, 125]]) {
    one?.heard('two', committee, new Uint8Array(bytes))
    one?.pictured('two', committee, new Uint8Array(bytes).subarray(0, 1))
  }
  expect(two?.peopled()).toEqual([committee])
  one?.pictured('two', committee, two?.picture(committee) ?? new Uint8Array())
  await processes.clock.advance(at_once_ms)
  expect([watcher.sees, watcher.stateOf(3)?.ballot]).toEqual([[3], 3])
  // Of a process that is told of others' people only, nobody is told.
  expect([one?.peopled(), one?.count]).toEqual([[], 0])
})

test('[P4] [P10] who moves to another process while the old connection hangs is there once, and stays when that ends', async () => {
  using processes = new Processes(['one', 'two'])
  const watchers = ['one', 'two'].map((name, index) => processes.device(10 + index, 10 + index, name))
  const old = processes.device(2, 2, 'one')
  old.say({ ballot: 1 })
  await processes.clock.advance(1_000)
  const next = processes.device(2, 2, 'two')
  next.say({ ballot: 2 })
  await processes.clock.advance(500)
  old.say({ ballot: 9 })
  old.leave()
  await processes.clock.advance(500)
  for (const watcher of watchers) expect(watcher.stateOf(2)?.ballot).toBe(2)
  expect(rosterOf(processes, 'one')).toEqual(rosterOf(processes, 'two'))
  next.leave()
  await processes.clock.advance(at_once_ms)
  for (const watcher of watchers) expect(watcher.sees).toEqual([])
})

test('[P1] [P10] a client that is somebody’s at one process is nobody else’s at another', async () => {
  using processes = new Processes(['one', 'two'])
  const [watcher, person] = [processes.device(1, 1, 'two'), processes.device(2, 2, 'one')]
  person.say({ ballot: 1 })
  await processes.clock.advance(1_000)
  const liar = processes.device(2, 66, 'two')
  liar.say({ ballot: 66 })
  liar.say(null)
  liar.leave()
  await processes.clock.advance(1_000)
  expect(watcher.stateOf(2)).toMatchObject({ ballot: 1, user: { id: 2 } })
  expect(rosterOf(processes, 'one')).toEqual(rosterOf(processes, 'two'))
})

test('[P11] above the bound the latest are only counted, the same ones on every process, and move up when somebody leaves', async () => {
  using processes = new Processes(['one', 'two'], { roster_people_max: 3 })
  const devices = [5, 4, 3, 2, 1].map((client) => [client, client % 2 === 0 ? 'one' : 'two'] as const)
  const open: Device[] = []
  for (const [client, name] of devices) {
    const device = processes.device(client, client < 3 ? 7 : 6, name)
    device.say({})
    open.push(device)
    await processes.clock.advance(1_000)
  }
  for (const name of ['one', 'two'])
    expect(rosterOf(processes, name)).toMatchObject({ more: 2, people: [3, 4, 5].map((client) => ({ client })) })
  open[0]?.leave()
  await processes.clock.advance(1_000)
  // User 6 before user 7, then by client.
  for (const name of ['one', 'two']) expect(clientsAt(processes, name)).toEqual([3, 4, 2])
  expect(open[4]?.sees).toEqual([2, 3, 4])
  expect(rosterOf(processes, 'two').more).toBe(1)
})

/** Devices that come, go, hang, move and fall silent at three processes, from a seed. */
class Story implements Disposable {
  readonly processes = new Processes(names)
  readonly #watchers = names.map((name, index) => this.processes.device(1_000 + index, 1_000 + index, name))
  /** By client, the connection its device uses, with what it last said; undefined: it has none. */
  readonly #live = new Map<number, { readonly device: Device; state: object | null }>()
  /** Connections that no device uses any more, and the server has not noticed. */
  readonly #hanging: Device[] = []
  #seed: number

  constructor(seed: number) {
    this.#seed = seed
  }

  async step(): Promise<void> {
    const client = 1 + this.#below(12)
    const live = this.#live.get(client)
    const acts = [
      () => this.#connect(client),
      () => live && this.#say(live, this.#below(8) === 0 ? null : { ballot: this.#below(5), unsent: this.#below(3) }),
      () => live && this.#say(live, { typing: `note/${1 + this.#below(3)}`, claim: { elector: 1 + this.#below(3) } }),
      () => live && this.#drop(client),
      () => this.#hanging.splice(this.#below(this.#hanging.length), 1)[0]?.leave(),
      () => this.#hanging[0]?.say({ ballot: 66 }),
    ]
    acts[this.#below(acts.length)]?.()
    await this.#pass(this.#below(3) === 0 ? 3_000 : this.#below(600))
  }

  /** All that hangs is noticed, or has been silent for long enough. */
  async end(): Promise<void> {
    for (const device of this.#hanging.splice(0, this.#below(20))) device.leave()
    for (let round = 0; round < 11; round += 1) await this.#pass(3_000)
  }

  get expected(): number[] {
    return [...this.#live]
      .filter(([, { state }]) => state !== null)
      .map(([client]) => client)
      .sort((a, b) => a - b)
  }

  get rosters(): Roster[] {
    return names.map((name) => rosterOf(this.processes, name))
  }

  /** What the unmodified awareness of a watcher at each process shows. */
  get shown(): number[][] {
    return this.#watchers.map(({ sees }) => sees.filter((client) => client < 1_000))
  }

  [Symbol.dispose](): void {
    this.processes[Symbol.dispose]()
  }

  #below(count: number): number {
    this.#seed = (Math.imul(this.#seed, 1_664_525) + 1_013_904_223) >>> 0
    return count === 0 ? 0 : Math.floor((this.#seed / 2 ** 32) * count)
  }

  async #pass(span_ms: number): Promise<void> {
    await this.processes.clock.advance(span_ms)
    for (const live of this.#live.values()) this.#say(live, live.state)
  }

  #say(live: { readonly device: Device; state: object | null }, state: object | null): void {
    live.state = state
    live.device.say(state)
  }

  /** A new connection, while the one before may still hang. */
  #connect(client: number): void {
    this.#drop(client)
    const device = this.processes.device(client, client, names[this.#below(names.length)])
    const live = { device, state: { ballot: 1 } as object | null }
    device.ask = () => this.#say(live, live.state)
    this.#live.set(client, live)
    this.#say(live, live.state)
  }

  #drop(client: number): void {
    const live = this.#live.get(client)
    if (live === undefined) return
    this.#live.delete(client)
    live.device.ask = () => {}
    if (this.#below(2) === 0) live.device.leave()
    else this.#hanging.push(live.device)
  }
}

const names = ['one', 'two', 'three']

test.each([1, 2, 3, 4, 5, 6, 7, 8])(
  '[P3] [P4] [P10] [P11] whatever devices do at three processes: no ghost, nobody missing, one roster, and every receiver shows it (seed %i)',
  { timeout: 120_000 },
  async (seed) => {
    using story = new Story(seed)
    for (let step = 0; step < 120; step += 1) await story.step()
    await story.end()
    const [first, ...others] = story.rosters
    expect(first?.people.map(({ client }) => client as number)).toEqual(story.expected)
    for (const roster of others) expect(roster).toEqual(first)
    for (const shown of story.shown) expect(shown).toEqual(story.expected)
  },
)
