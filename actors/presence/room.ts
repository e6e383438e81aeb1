import type { ClientId, CommitteeId } from '#contract/ids.ts'
import type { Limits } from '#contract/limits.ts'
import type { PresentUser, Roster } from '#contract/presence.ts'
import type { Clock } from '../kernel/clock.ts'
import { awarenessUpdate, liftingUpdate, stateIn } from './awareness.ts'
import { type Difference, Here, type HereLimits, type Link } from './here.ts'
import type { PeerWord } from './peer-news.ts'
import type { Instance } from './peers.ts'
import { readSaid, type Said } from './said.ts'
import { Telling, type Urgency } from './telling.ts'

export type RoomLimits = HereLimits & Pick<Limits, 'presence_flush_ms' | 'roster_people_max'>

export type RoomPorts = {
  readonly clock: Clock
  readonly limits: RoomLimits
  /** What is different of our own people, joined; for other processes. */
  readonly publish: (words: readonly PeerWord[]) => void
  /** The roster is another than before; conflated as everything is. */
  readonly onNews: () => void
}

/** A device says the same again every 15 to 18 s. One that is silent for longer than this has gone: the same bound as every receiver's. */
const silent_ms = 30_000
/** Over this it is not passed on as alive any more, so that its colleagues see that something is the matter with it. */
const lively_ms = 20_000
/** A state that nobody was told of for so long is told again, or receivers would drop it; with it, those that soon would be. */
const retell_ms = 15_000
const retell_early_ms = 10_000

/** A connection in a room. */
type Member = {
  /** Whose state it may say; undefined until that is known. */
  client: ClientId | undefined
  /** It took its state away itself: it is known, and not to be asked. */
  isQuiet: boolean
  isAsked: boolean
  /** It was silent for so long that it had gone. */
  isLost: boolean
}

/** Who is in one committee, and who is told. */
export class Room {
  readonly #ports: RoomPorts
  readonly #members = new Map<Link, Member>()
  readonly #here = new Map<ClientId, Here>()
  /** Over `roster_people_max`: they are counted and shown to nobody. */
  readonly #uncounted = new Set<ClientId>()
  readonly #telling: Telling
  /** Of our own, what other processes have not been told. */
  readonly #unpublished = new Map<ClientId, PeerWord>()
  #isNews = false
  #clock = 0

  constructor(ports: RoomPorts) {
    this.#ports = ports
    this.#telling = new Telling({
      clock: ports.clock,
      flush_ms: ports.limits.presence_flush_ms,
      update: (clients) => this.#update(clients),
      told: (clients) => this.#told(clients),
    })
  }

  get isEmpty(): boolean {
    return this.#members.size === 0 && this.#here.size === 0
  }

  /** People on our own connections. */
  get ours(): number {
    let count = 0
    for (const here of this.#here.values()) if (here.isOurs) count += 1
    return count
  }

  /** A newcomer sees everybody at once. */
  enter(link: Link): void {
    this.#members.set(link, { client: undefined, isQuiet: false, isAsked: false, isLost: false })
    this.#telling.add(link, this.#picture())
  }

  /** It speaks for this client and no other, for as long as it is open. */
  bind(link: Link, client: ClientId): void {
    const member = this.#members.get(link)
    if (member === undefined || member.client !== undefined) return
    member.client = client
    link.send(liftingUpdate(client))
  }

  /** Answers what it has said of itself; undefined where that is nothing, or not of the shape. */
  hear(link: Link, update: Uint8Array): Said | undefined {
    const member = this.#members.get(link)
    if (member?.client === undefined) return undefined
    const word = stateIn(update, member.client)
    if (word === undefined || !this.#mayTake(member.client, link.user, link, link.opened_ms)) return undefined
    if (word.state === null) {
      member.isQuiet = true
      this.#remove(member.client)
      return undefined
    }
    const said = readSaid(word.state)
    if (said === undefined) return undefined
    const { isLost } = member
    Object.assign(member, { isQuiet: false, isAsked: false, isLost: false })
    this.#say(link, member.client, said)
    // What it had of the others may have run out as well while it was away.
    if (isLost) this.#telling.tell(link, this.#picture())
    return said
  }

  /** It has done something else: it is alive, and where we have no state of it, it is asked for it. */
  touched(link: Link): void {
    const member = this.#members.get(link)
    if (member === undefined) return
    const here = member.client === undefined ? undefined : this.#here.get(member.client)
    if (here?.owner === link) return here.typedOn(this.#now())
    if (here === undefined && !member.isQuiet) this.#ask(link, member)
  }

  leave(link: Link): void {
    const client = this.#members.get(link)?.client
    this.#members.delete(link)
    this.#telling.remove(link)
    if (client === undefined || this.#here.get(client)?.owner !== link) return
    this.#remove(client)
    this.#askOthers(client)
  }

  heard(instance: Instance, words: readonly PeerWord[]): void {
    for (const { state, ...word } of words) {
      if (state !== null) this.#take(instance, { ...word, state })
      else if (this.#here.get(word.client)?.owner === instance) {
        this.#remove(word.client)
        this.#askOthers(word.client)
      }
    }
  }

  pictured(instance: Instance, words: readonly PeerWord[]): void {
    const there = new Set(words.map(({ client }) => client))
    this.left(instance, there)
    this.heard(instance, words)
  }

  /** All of that process, but for those who are known to be still there. */
  left(instance: Instance, but: ReadonlySet<ClientId> = new Set()): void {
    for (const { client, owner } of [...this.#here.values()]) {
      if (owner !== instance || but.has(client)) continue
      this.#remove(client)
      this.#askOthers(client)
    }
  }

  /** Our own people, for another process. */
  words(): readonly PeerWord[] {
    return [...this.#here.values()].filter(({ isOurs }) => isOurs).map(({ word }) => word)
  }

  /** What time alone does. `stalled_ms`: for so long it was we who heard nobody. */
  age(stalled_ms: number): void {
    const now_ms = this.#now()
    let isStale = false
    for (const here of [...this.#here.values()]) {
      const { client, owner } = here
      if (typeof owner !== 'string') here.heard_ms = owner.isUnread ? now_ms : here.heard_ms + stalled_ms
      if (typeof owner !== 'string' && now_ms - here.heard_ms >= silent_ms) this.#lose(owner, client)
      else this.#note(here, here.age(now_ms))
      isStale ||= now_ms - here.told_ms >= retell_ms
    }
    if (isStale) this.#retell(now_ms)
    this.#telling.catchUp()
  }

  roster(committee: CommitteeId): Roster {
    const max = this.#ports.limits.roster_people_max
    const all = [...this.#here.values()]
    const shown = all.length <= max ? all : all.toSorted(byArrival).slice(0, max)
    const people = shown.toSorted((a, b) => a.state.user.id - b.state.user.id || a.client - b.client).map(({ present }) => present)
    return { committee, people, ...(all.length <= max ? {} : { more: all.length - max }) }
  }

  #now(): number {
    return this.#ports.clock.now_ms()
  }

  /** Of several who would speak for a client of one person the one that came last does; another person never does. */
  #mayTake(client: ClientId, user: PresentUser, who: Link | Instance, opened_ms: number): boolean {
    const here = this.#here.get(client)
    if (here === undefined || here.owner === who) return true
    const isLater = opened_ms > here.opened_ms
    return here.state.user.id === user.id ? isLater : !isLater
  }

  #say(link: Link, client: ClientId, said: Said): void {
    const now_ms = this.#now()
    const known = this.#here.get(client)
    const here = known ?? this.#arrive(client, link, { since_ms: Math.floor(now_ms), opened_ms: link.opened_ms }, link.user)
    const isReturn = here.owner !== link
    here.owner = link
    here.opened_ms = link.opened_ms
    const difference = here.say(said, link.user, now_ms)
    if (known === undefined) return this.#note(here, 'typing')
    // The same state, but it is ours to tell from now on.
    this.#note(here, isReturn && difference === 'none' ? 'something' : difference)
  }

  #take(instance: Instance, word: PeerWord & { readonly state: NonNullable<PeerWord['state']> }): void {
    if (!this.#mayTake(word.client, word.state.user, instance, word.opened_ms)) return
    const known = this.#here.get(word.client)
    const here = known ?? this.#arrive(word.client, instance, word, word.state.user)
    const difference = here.take(word, instance, this.#now())
    this.#note(here, known === undefined ? 'typing' : difference)
  }

  #arrive(client: ClientId, owner: Link | Instance, at: { since_ms: number; opened_ms: number }, user: PresentUser): Here {
    const { limits } = this.#ports
    const here = new Here(client, owner, at, user, limits)
    if (this.#here.size - this.#uncounted.size >= limits.roster_people_max) this.#uncounted.add(client)
    this.#here.set(client, here)
    return here
  }

  #remove(client: ClientId): void {
    const here = this.#here.get(client)
    if (here === undefined) return
    this.#here.delete(client)
    this.#isNews = true
    if (here.isOurs) this.#unpublished.set(client, { ...here.word, state: null })
    this.#telling.note(client, 'now')
    if (this.#uncounted.delete(client)) return
    const [first] = [...this.#uncounted].flatMap((waiting) => this.#here.get(waiting) ?? []).toSorted(byArrival)
    if (first === undefined) return
    this.#uncounted.delete(first.client)
    this.#telling.note(first.client, 'now')
  }

  #lose(owner: Link, client: ClientId): void {
    const member = this.#members.get(owner)
    if (member !== undefined) member.isLost = true
    this.#remove(client)
  }

  #note(here: Here, difference: Difference): void {
    if (difference === 'none') return
    this.#isNews = true
    if (here.isOurs) this.#unpublished.set(here.client, here.word)
    this.#telling.note(here.client, urgencyOf[difference])
  }

  /** So that no receiver drops who is still here: each has its own clock for that. No news to anybody. */
  #retell(now_ms: number): void {
    for (const { client, told_ms, heard_ms, isOurs } of this.#here.values()) {
      const isLively = !isOurs || now_ms - heard_ms < lively_ms
      if (isLively && now_ms - told_ms >= retell_early_ms) this.#telling.note(client, 'soon')
    }
  }

  #ask(link: Link, member: Member): void {
    if (member.isAsked) return
    member.isAsked = true
    link.ask()
  }

  /** Whoever spoke for it has gone; another connection of the same device may be there, which was not listened to. */
  #askOthers(client: ClientId): void {
    for (const [link, member] of this.#members) if (member.client === client && !member.isQuiet) this.#ask(link, member)
  }

  #picture(): Uint8Array | undefined {
    return this.#update(this.#here.keys())
  }

  #update(clients: Iterable<ClientId>): Uint8Array | undefined {
    const states = new Map<ClientId, Uint8Array | undefined>()
    for (const client of clients) if (!this.#uncounted.has(client)) states.set(client, this.#here.get(client)?.bytes)
    if (states.size === 0) return undefined
    // Above every clock of before, also of this process's last life and of others, as far as the machines' clocks agree.
    this.#clock = Math.max(this.#clock + 1, Math.floor(this.#now()))
    return awarenessUpdate(states, this.#clock)
  }

  #told(clients: Iterable<ClientId>): void {
    const now_ms = this.#now()
    for (const client of clients) {
      const here = this.#here.get(client)
      if (here !== undefined) here.told_ms = now_ms
    }
    if (this.#unpublished.size > 0) this.#ports.publish([...this.#unpublished.values()])
    this.#unpublished.clear()
    if (this.#isNews) this.#ports.onNews()
    this.#isNews = false
  }
}

const urgencyOf = { something: 'soon', typing: 'now' } as const satisfies Record<Exclude<Difference, 'none'>, Urgency>

const byArrival = (a: Here, b: Here): number => a.since_ms - b.since_ms || a.client - b.client
