/** Between two beats of a process. */
export const beat_ms = 1_000

/**
 * So many own beats that came back without a word of another process: it is gone. Four: a process that ends right after a beat is missed
 * within 4 s and a turn, under the 5 s of P10; one that is busy for two seconds is not.
 */
export const silent_beats_max = 4

/** So many own beats that did not come back: the way is broken, whatever the socket says (a frozen Redis leaves it open). */
export const unreturned_beats_max = 3

/** `silent_beats`: own beats that came back since it was last heard. */
type Life = { readonly born_ms: number; silent_beats: number }

/**
 * Judges who is there. Every process says each second that it is, on a channel that it hears itself: its own words that come back are
 * its only clock for the silence of others. So where the way is broken, or this process itself stood still, nothing is counted, and nobody
 * is declared dead for our own deafness. A name may have several lives, one after the other: a restarted process comes back under its own.
 */
export class Pulse {
  private unreturned = 0
  private readonly others = new Map<string, Life>()

  /** The others that are there, as far as can be heard. */
  peers(): readonly string[] {
    return [...this.others.keys()]
  }

  /** Before each own beat: answers whether the way seems broken. Said once for every `unreturned_beats_max` beats. */
  beat(): 'heard' | 'unheard' {
    this.unreturned += 1
    if (this.unreturned <= unreturned_beats_max) return 'heard'
    this.unreturned = 1
    return 'unheard'
  }

  /** An own beat came back. Answers who has gone since. */
  returned(): readonly string[] {
    this.unreturned = 0
    const gone: string[] = []
    for (const [peer, life] of this.others) {
      life.silent_beats += 1
      if (life.silent_beats < silent_beats_max) continue
      this.others.delete(peer)
      gone.push(peer)
    }
    return gone
  }

  /** Anything of another process. `reborn`: what was known of it is of a life that has ended. `ended`: that is the one that speaks. */
  heard(peer: string, born_ms: number): 'known' | 'new' | 'reborn' | 'ended' {
    const known = this.others.get(peer)
    if (known !== undefined && known.born_ms > born_ms) return 'ended'
    this.others.set(peer, { born_ms, silent_beats: 0 })
    if (known === undefined) return 'new'
    return known.born_ms === born_ms ? 'known' : 'reborn'
  }

  /** It says that it goes: nothing is waited for. */
  left(peer: string): void {
    this.others.delete(peer)
  }

  /** A new way: others may need a moment longer to be on it than we did, so their silence counts from now. */
  anew(): void {
    this.unreturned = 0
    for (const life of this.others.values()) life.silent_beats = 0
  }
}
