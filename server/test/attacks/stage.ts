import { expect } from 'vitest'
import * as Y from 'yjs'
import type { Phase } from '#contract/rights.ts'
import type { Person } from '#load/driver/person.ts'
import { demoLogins } from '#server/demo/logins.ts'
import { demoUser } from '../demo-users.ts'
import { frames, RawSocket } from '../raw.ts'
import { until } from '../until.ts'
import { startWorld, type World, type WorldOptions } from '../world.ts'
import { at_s, type Ground, type Login } from './edits.ts'

const committee = 'u01'
export const address = `committee:${committee}`
export const limit_ms = 30_000

const roleOf = (login: Login) => demoLogins.find((one) => one.login === login)?.role ?? 'viewer'

/** One server with one committee at work: somebody honest who writes, somebody who looks on, and whoever comes to do harm. */
export class Stage implements AsyncDisposable {
  readonly world: World
  readonly user: (login: Login) => number
  /** Sees the document as anybody would; never writes. */
  private readonly observer: Person
  private readonly honest: Person
  /** What the honest one writes, as it leaves their document. */
  private readonly written: Uint8Array[] = []
  private readonly lines = new Map<Login, RawSocket>()
  private readonly merged = new Y.Doc()
  private sequence = 0
  private clients = 3_000_000_000
  private electors = 100
  /** Times the server was told to start. */
  starts = 1

  private constructor(world: World, user: (login: Login) => number) {
    this.world = world
    this.user = user
    this.observer = this.person('viewer1')
    this.honest = this.person('coordinator2')
    this.honest.doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin === null) this.written.push(update)
    })
  }

  static async open(options: WorldOptions = {}): Promise<Stage> {
    await using opening = new AsyncDisposableStack()
    const world = opening.use(await startWorld({ demo: true, ...options }))
    const stage = new Stage(world, await demoUser(world.sql))
    await Promise.all([stage.observer.synced(), stage.honest.synced()])
    await stage.furnish()
    opening.move()
    return stage
  }

  /** Ends the open lines as well. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const line of this.lines.values()) line[Symbol.dispose]()
    await this.world[Symbol.asyncDispose]()
  }

  get url(): string {
    return this.world.instances[0].url
  }

  get theirs(): number {
    return this.honest.doc.clientID
  }

  sign(login: Login, lasts_s?: number): string {
    return this.world.sign(this.user(login), roleOf(login), lasts_s)
  }

  freshClient(): number {
    this.clients += 1
    return this.clients
  }

  freshElector(): number {
    this.electors += 1
    return this.electors
  }

  person(login: Login): Person {
    return this.world.person(committee, this.user(login), roleOf(login))
  }

  /** A socket of theirs that is logged in, kept from case to case for as long as the server keeps it. */
  async line(login: Login): Promise<RawSocket> {
    const kept = this.lines.get(login)
    if (kept?.socket.readyState === 1) return kept
    const line = await new RawSocket(this.url).login(address, this.sign(login))
    this.lines.set(login, line)
    return line
  }

  /** What the journal holds, merged by plain Yjs. Rows are applied as they come: a hundred cases read them again and again. */
  async journal(): Promise<Y.Doc> {
    const rows = await this.world.rows(committee, this.sequence)
    for (const { sequence, update } of rows) {
      Y.applyUpdate(this.merged, update)
      this.sequence = sequence
    }
    expect(this.merged.store.pendingStructs).toBeNull()
    const copy = new Y.Doc()
    Y.applyUpdate(copy, Y.encodeStateAsUpdate(this.merged))
    return copy
  }

  async ground(login: Login, { client, elector }: Pick<Ground, 'client' | 'elector'>): Promise<Ground> {
    const doc = await this.journal()
    return {
      me: this.user(login),
      other: this.user('coordinator2'),
      client,
      clock: Y.getState(doc.store, client),
      second: this.freshClient(),
      theirs: this.theirs,
      elector,
      held: Y.encodeStateAsUpdate(doc),
    }
  }

  /** Sends an update as the protocol has it; answers whether it was acknowledged, and the reasons it was refused for. */
  async send(login: Login, bytes: Uint8Array): Promise<{ acknowledged: boolean | undefined; reasons: readonly Reason[] }> {
    const line = await this.line(login)
    const before = line.statuses.length
    const heard = line.heard.length
    line.send(frames.update(address, bytes))
    await until('an answer', () => line.statuses.length > before || line.socket.readyState !== 1, limit_ms)
    const acknowledged = line.statuses[before]
    const refusal = () => line.heard.slice(heard).find(({ type }) => type === 'refused')
    if (acknowledged === false) await until('the reasons', () => refusal() !== undefined, limit_ms)
    return { acknowledged, reasons: (refusal()?.reasons ?? []) as readonly Reason[] }
  }

  /** Does something while the committee is in another phase than its election. */
  async during<Done>(login: Login, phase: Phase | undefined, act: () => Promise<Done>): Promise<Done> {
    if (phase === undefined) return act()
    try {
      await this.move(login, phase)
      return await act()
    } finally {
      await this.move(login, null)
    }
  }

  /** Moves the committee to a phase, null for the election's own; resolves when the line has been told. */
  private async move(login: Login, phase: Phase | null): Promise<void> {
    const line = await this.line(login)
    const heard = line.heard.length
    await this.world.sql.query('update committees set phase = $1 where id = $2', [phase, committee])
    const told = () => line.heard.slice(heard).some((message) => message.type === 'rights' && message.phase === (phase ?? 'counting'))
    await until(`the phase ${phase}`, told, limit_ms)
  }

  /** Stops the server as its operator would, and starts it again. */
  async restart(): Promise<void> {
    const [server] = this.world.instances
    expect(await server.stop()).toBe(0)
    this.starts += 1
    await server.start()
  }

  /**
   * An honest edit, and the observer has it; then they hold exactly that and what the journal held `before`, by plain Yjs: the same
   * values, and but for an attack that retells what is there, the same structs and deletions.
   */
  async seesNothingBut(before: Y.Doc, { retells = false } = {}): Promise<void> {
    const elector = this.freshElector()
    this.honest.pledge(elector, 'group', `round ${elector}`)
    const { observer } = this
    const key = `${elector}/${this.honest.user}/group`
    await until('an honest edit', () => observer.doc.getMap('guarantees').has(key), limit_ms)
    for (const update of this.written) Y.applyUpdate(before, update)
    expect(contentOf(observer.doc)).toEqual(contentOf(before))
    if (!retells) expect(Y.equalSnapshots(Y.snapshot(observer.doc), Y.snapshot(before))).toBe(true)
    expect([observer.doc.store.pendingStructs, observer.doc.store.pendingDs]).toEqual([null, null])
  }

  /** The server that was started is the one that answers. */
  async isUp(): Promise<void> {
    expect((await fetch(`${this.url}/health/live`)).status).toBe(200)
    expect(this.world.instances[0].lines.filter(({ msg }) => msg === 'listening')).toHaveLength(this.starts)
  }

  /** After a refusal a device starts from a fresh document, with a new client: what it writes then is merged and acknowledged. */
  async comesBack(login: Login): Promise<void> {
    const person = await this.person(login).synced()
    const elector = this.freshElector()
    const role = roleOf(login)
    if (role === 'counter') person.report('announced', 'valid', elector)
    else if (role === 'marker') person.mark(elector, at_s)
    else if (role !== 'viewer') person.pledge(elector, 'group', 'again')
    await person.book.downTo(0)
    await until('nothing unsynced', () => !person.provider.hasUnsyncedChanges, limit_ms)
    expect([person.refused, person.sentAway]).toEqual([[], []])
    expect(contentOf(person.doc)).toEqual(contentOf(await this.journal()))
    person.leave()
  }

  /** Honest work in every root, for attacks to be aimed at. The first struct is a mark. */
  private async furnish(): Promise<void> {
    const { honest } = this
    honest.mark(1, at_s)
    honest.pledge(1, 'strength', 'strong')
    honest.type(1, 'ملاحظة طويلة بما يكفي لمن يمحو منها حرفا')
    honest.report('minute', 'ballots', 3)
    for (const n of [1, 2, 3]) honest.call('A', n, [n], at_s)
    honest.doc.getMap('walkins').set(`${honest.user}.${this.theirs}.0`, { name: 'سالم', serial: null, why: '', at_s })
    await honest.book.downTo(0)
    await until('the walk-in', async () => (await this.journal()).getMap('walkins').size === 1, limit_ms)
  }
}

export type Reason = { readonly code: string; readonly path: string; readonly key: string }

/** Every root by name, as plain values. */
function contentOf(doc: Y.Doc): Record<string, unknown> {
  const content: Record<string, unknown> = {}
  for (const root of [...doc.share.keys()].sort()) {
    content[root] = root.startsWith('note/') ? doc.getText(root).toString() : doc.getMap(root).toJSON()
  }
  return content
}
