import type { PresenceOfPeers, PresencePeers } from '#actors/presence/peers.ts'
import type { CommitteeId } from '#contract/ids.ts'
import type { BodyOf, Word } from './words.ts'

/** Bytes of pictures in one word. */
const pictures_bytes_max = 262_144
/** Beats for which an answer is waited for before it is asked for again. */
const answer_beats_max = 3

/** What we have of another process. */
type Heard = {
  /** Of its news, the last that we have without a gap; undefined before its first picture. */
  number: number | undefined
  readonly committees: Set<CommitteeId>
  /** Beats of it since we asked for a picture; undefined where none is on its way. */
  asked_beats: number | undefined
}

export type PeopleOptions = {
  /** Undefined while this process is not open yet, or not any more. */
  readonly presence: () => PresenceOfPeers | undefined
  readonly toAll: (word: Word) => boolean
  readonly toOne: (name: string, word: Word) => boolean
}

/**
 * Presence on its way: every process numbers its news, and each beat says the last number. Who misses one asks that process for the
 * whole picture, and nobody waits for it. So whatever the gap (a lost word, an outage, a start), it takes one beat and an answer.
 */
export class PeoplesNews implements PresencePeers {
  private readonly options: PeopleOptions
  private readonly others = new Map<string, Heard>()
  /** Of the last news of our own people. Counted also where it could not be sent: that is the gap that others notice. */
  number = 0

  constructor(options: PeopleOptions) {
    this.options = options
  }

  publish(committee: CommitteeId, news: Uint8Array): void {
    this.number += 1
    this.options.toAll({ kind: 'news', number: this.number, committee, news })
  }

  heard(from: string, { number, committee, news }: BodyOf<'news'>): void {
    const other = this.other(from)
    // A way that was given up may still bring what was on it.
    if (number <= (other.number ?? -1)) return
    other.committees.add(committee)
    this.options.presence()?.heard(from, committee, news)
    if (number - 1 === other.number) other.number = number
    else if (other.asked_beats === undefined) this.ask(from, other)
  }

  /** A beat says what the last news was. */
  isAt(from: string, number: number): void {
    const other = this.other(from)
    if (number <= (other.number ?? -1)) return
    if (other.asked_beats !== undefined) other.asked_beats += 1
    if ((other.asked_beats ?? answer_beats_max) >= answer_beats_max) this.ask(from, other)
  }

  /** All our people, and of these committees also that there is nobody. */
  answer(from: string, committees: readonly CommitteeId[]): void {
    const presence = this.options.presence()
    if (presence === undefined) return
    const parts: (readonly [CommitteeId, Uint8Array])[][] = [[]]
    let bytes = 0
    for (const committee of new Set([...presence.peopled(), ...committees])) {
      const picture = presence.picture(committee)
      if (bytes + picture.length > pictures_bytes_max) {
        parts.push([])
        bytes = 0
      }
      parts.at(-1)?.push([committee, picture])
      bytes += picture.length
    }
    for (const [at, pictures] of parts.entries()) {
      const isLast = at === parts.length - 1
      // Without one of its parts it is no answer, and is asked for again.
      if (!this.options.toOne(from, { kind: 'pictures', number: this.number, isLast, pictures })) return
    }
  }

  pictured(from: string, { number, isLast, pictures }: BodyOf<'pictures'>): void {
    const other = this.other(from)
    if (number < (other.number ?? 0)) return
    for (const [committee, picture] of pictures) {
      other.committees.add(committee)
      this.options.presence()?.pictured(from, committee, picture)
    }
    if (!isLast) return
    other.number = number
    other.asked_beats = undefined
  }

  left(from: string): void {
    this.others.delete(from)
    this.options.presence()?.left(from)
  }

  private ask(from: string, other: Heard): void {
    other.asked_beats = 0
    this.options.toOne(from, { kind: 'ask', committees: [...other.committees] })
  }

  private other(from: string): Heard {
    const known = this.others.get(from)
    if (known !== undefined) return known
    const other: Heard = { number: undefined, committees: new Set(), asked_beats: undefined }
    this.others.set(from, other)
    return other
  }
}
