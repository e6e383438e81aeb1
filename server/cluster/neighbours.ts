import { Grace } from '#actors/cluster/grace.ts'
import { Marks } from '#actors/cluster/marks.ts'
import { beat_ms, Pulse } from '#actors/cluster/pulse.ts'
import type { NextRow } from '#actors/committee/replica.ts'
import type { Committed } from '#actors/journal/store.ts'
import type { Cancel, Clock } from '#actors/kernel/clock.ts'
import type { Log } from '#actors/kernel/log.ts'
import type { PresenceOfPeers, PresencePeers } from '#actors/presence/peers.ts'
import type { CommitteeId, Sequence } from '#contract/ids.ts'
import { Bus, type BusOptions } from './bus.ts'
import { wordsOf } from './carry.ts'
import { PeoplesNews } from './people.ts'
import { type Envelope, encodeWord, openWord, type Speaker, type Word, type WordKind } from './words.ts'

/** This process, as far as its neighbours concern it. */
type Home = {
  /** Committees in memory. */
  readonly awake: () => readonly CommitteeId[]
  readonly onHead: (committee: CommitteeId, sequence: Sequence) => void
  readonly onRows: (committee: CommitteeId, rows: readonly NextRow[]) => void
  readonly presence: PresenceOfPeers
}

/** The other processes on the same database. Nothing here throws, waits or keeps what cannot be sent. */
export type Neighbours = {
  /** The committee is about to be read from the journal: what is committed from now on is to be heard. */
  hold(committee: CommitteeId): void
  /** The database's word of another process's commit; passed on to the home, at once or after a moment. */
  head(committee: CommitteeId, sequence: Sequence): void
  /** Rows of our own, committed. */
  onCommitted(rows: readonly Committed[]): void
  readonly presence: PresencePeers
  /** To all others that hear us now; what must not be lost does not go this way. */
  announce(topic: string, payload: Uint8Array): void
  /** `from`: the name of the process. */
  onAnnounce(topic: string, act: (payload: Uint8Array, from: string) => void): void
  /** Nothing is heard before. */
  open(home: Home): void
  figures(): { readonly redis_up: number; readonly neighbours: number }
  /** Says goodbye. */
  close(): Promise<void>
}

export type NeighboursOptions = {
  readonly url: string
  readonly instance: string
  readonly clock: Clock
  readonly log: Log
  /** A word was sent, or dropped because the way is not open. */
  readonly onWord: (kind: WordKind, outcome: 'sent' | 'dropped') => void
  /** In place of Redis: for tests. */
  readonly makeBus?: (options: BusOptions) => Pick<Bus, keyof Bus>
}

/** One process with others, over Redis. See SPEC.md, N. */
export function makeNeighbours(options: NeighboursOptions): Neighbours {
  return new OverRedis(options)
}

// The version of the words is in their channels: during an update of one process after the other those of different versions do not
// hear each other, and follow the journal. The number of the Redis database is in them because channels have none by themselves.
const version = 1

class OverRedis implements Neighbours {
  private readonly options: NeighboursOptions
  private readonly me: Speaker
  private readonly channels: { readonly all: string; readonly to: (name: string) => string; readonly of: (id: CommitteeId) => string }
  private readonly bus: Pick<Bus, keyof Bus>
  private readonly pulse = new Pulse()
  private readonly marks = new Marks()
  private readonly grace: Grace
  private readonly news: PeoplesNews
  private readonly held = new Set<CommitteeId>()
  private readonly topics = new Map<string, (payload: Uint8Array, from: string) => void>()
  private home: Home | undefined
  private beats = 0
  /** The first beat on this connection: a way that was given up may still bring those before. */
  private firstBeat = 1
  private isUp = false
  /** Whether the log was told that Redis is away. */
  private isMissed = false
  private timer: Cancel = () => {}

  constructor(options: NeighboursOptions) {
    const { url, instance, clock } = options
    this.options = options
    this.me = { name: instance, born_ms: Math.round(clock.now_ms()) }
    const prefix = `lajna${version}:${new URL(url).pathname.slice(1) || '0'}`
    this.channels = { all: `${prefix}:all`, to: (name) => `${prefix}:to:${name}`, of: (committee) => `${prefix}:of:${committee}` }
    this.grace = new Grace({
      clock,
      expectsRows: (committee) => this.isUp && this.bus.has(this.channels.of(committee)),
      onHead: (committee, sequence) => this.home?.onHead(committee, sequence),
    })
    this.news = new PeoplesNews({
      presence: () => this.home?.presence,
      toAll: (word) => this.say(this.channels.all, word),
      toOne: (name, word) => this.say(this.channels.to(name), word),
    })
    this.bus = (options.makeBus ?? ((wanted) => new Bus(wanted)))({
      url,
      clock,
      channels: [this.channels.all, this.channels.to(instance)],
      onMessage: (_channel, bytes) => this.hear(bytes),
      onReady: () => {
        this.pulse.anew()
        this.firstBeat = this.beats + 1
        this.beat()
      },
      onLost: (fault) => this.down(fault),
    })
  }

  get presence(): PresencePeers {
    return this.news
  }

  open(home: Home): void {
    this.home = home
    this.tick()
  }

  hold(committee: CommitteeId): void {
    this.held.add(committee)
    this.bus.subscribe(this.channels.of(committee))
  }

  head(committee: CommitteeId, sequence: Sequence): void {
    this.grace.head(committee, sequence)
  }

  onCommitted(rows: readonly Committed[]): void {
    for (const word of wordsOf(rows)) {
      this.marks.note(word.committee, word.last)
      this.say(this.channels.of(word.committee), word)
    }
  }

  announce(topic: string, payload: Uint8Array): void {
    this.say(this.channels.all, { kind: 'topic', topic, payload })
  }

  onAnnounce(topic: string, act: (payload: Uint8Array, from: string) => void): void {
    this.topics.set(topic, act)
  }

  figures() {
    return { redis_up: this.isUp ? 1 : 0, neighbours: this.pulse.peers().length }
  }

  async close(): Promise<void> {
    this.timer()
    this.home = undefined
    await this.bus.close(this.channels.all, encodeWord(this.me, { kind: 'bye' }))
  }

  private say(channel: string, word: Word): boolean {
    const isSent = this.bus.publish(channel, encodeWord(this.me, word))
    this.options.onWord(word.kind, isSent ? 'sent' : 'dropped')
    return isSent
  }

  private tick(): void {
    this.timer = this.options.clock.after(beat_ms, () => this.tick())
    if (this.pulse.beat() === 'unheard') {
      this.down(this.bus.fault ?? 'own beats do not come back')
      this.bus.anew()
    }
    this.beat()
    const awake = new Set(this.home?.awake())
    for (const committee of this.held) {
      if (awake.has(committee)) continue
      this.held.delete(committee)
      this.bus.unsubscribe(this.channels.of(committee))
    }
  }

  private beat(): void {
    this.beats += 1
    const marks = this.marks.carry(this.beats)
    this.say(this.channels.all, { kind: 'beat', number: this.beats, news: this.news.number, marks })
  }

  /** Whatever comes, nothing here may throw: the library would end the process. */
  private hear(bytes: Uint8Array): void {
    const { log } = this.options
    try {
      const envelope = openWord(bytes)
      if (envelope !== undefined && !this.wants(envelope)) return
      const word = envelope?.read()
      if (envelope === undefined || word === undefined) log.warn({ bytes: bytes.length }, 'Redis brought what is no word of ours')
      else if (envelope.from.name === this.me.name) this.returned(word)
      else this.listen(envelope.from, word)
    } catch (fault) {
      log.error({ fault: fault instanceof Error ? fault.stack : String(fault) }, 'a word of another process failed')
    }
  }

  private wants({ from, kind }: Envelope): boolean {
    if (from.name !== this.me.name) return this.home !== undefined
    if (kind !== 'beat') return false
    if (from.born_ms === this.me.born_ms) return true
    this.options.log.error({ instance: from.name }, 'another process has the same INSTANCE, or had it a moment ago')
    return false
  }

  private returned(word: Word): void {
    if (word.kind !== 'beat' || word.number < this.firstBeat) return
    this.marks.returned(word.number)
    this.up()
    for (const name of this.pulse.returned()) {
      this.options.log.warn({ neighbour: name }, 'another process has gone without a word')
      this.news.left(name)
    }
  }

  private listen({ name, born_ms }: Speaker, word: Word): void {
    const known = this.pulse.heard(name, born_ms)
    if (known === 'ended' || this.home === undefined) return
    if (known !== 'known' && word.kind !== 'bye') this.options.log.info({ neighbour: name }, 'another process is there')
    if (known === 'reborn') this.news.left(name)
    this.obey(name, word, this.home)
  }

  private obey(from: string, word: Word, { onHead, onRows }: Home): void {
    switch (word.kind) {
      case 'rows':
        if (word.rows.length > 0) return onRows(word.committee, word.rows)
        return onHead(word.committee, word.last)
      case 'beat':
        for (const { committee, sequence } of word.marks) onHead(committee, sequence)
        return this.news.isAt(from, word.news)
      case 'bye':
        this.options.log.info({ neighbour: from }, 'another process has ended')
        this.pulse.left(from)
        return this.news.left(from)
      case 'ask':
        return this.news.answer(from, word.committees)
      case 'news':
        return this.news.heard(from, word)
      case 'pictures':
        return this.news.pictured(from, word)
      case 'topic':
        return this.topics.get(word.topic)?.(word.payload, from)
    }
  }

  private up(): void {
    if (this.isUp) return
    this.isUp = true
    this.isMissed = false
    this.options.log.info({}, 'Redis carries between the processes')
  }

  private down(fault: string | undefined): void {
    this.isUp = false
    if (this.isMissed || this.home === undefined) return
    this.isMissed = true
    this.options.log.warn({ fault }, 'Redis is away: other processes are followed by the journal, their people are not seen')
  }
}
