/** Between two beats of a process. */
export const beat_ms = 1_000

/**
 * So many own beats that came back without a word of another process: it is gone. Four: a process that ends right after a beat is missed
 * within 4 s and a turn, under the 5 s of P10; one that is busy for two seconds is not.
 */
export const silent_beats_max = 4

/** So many own beats that did not come back: the way is broken, whatever the socket says (a frozen Redis leaves it open). */
export const unreturned_beats_max = 3

/**
 * Judges who is there. Every process says each second that it is, on a channel that it hears itself: its own words that come back are
 * its only clock for the silence of others. So where the way is broken, or this process itself stood still, nothing is counted, and nobody
 * is declared dead for our own deafness. Names are of one life of a process: a restarted one is another.
 */
export class Pulse {
  private unreturned = 0
  /** Own beats that came back since each was last heard. */
  private readonly silent = new Map<string, number>()

  /** The others that are there, as far as can be heard. */
  peers(): readonly string[] {
    return [...this.silent.keys()]
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
    for (const [peer, beats] of this.silent) {
      if (beats + 1 < silent_beats_max) this.silent.set(peer, beats + 1)
      else {
        this.silent.delete(peer)
        gone.push(peer)
      }
    }
    return gone
  }

  /** Anything of another process. Answers whether it is new here. */
  heard(peer: string): boolean {
    const isNew = !this.silent.has(peer)
    this.silent.set(peer, 0)
    return isNew
  }

  /** It says that it goes. Answers whether it was here. */
  left(peer: string): boolean {
    return this.silent.delete(peer)
  }

  /** A new way: others may need a moment longer to be on it than we did, so their silence counts from now. */
  anew(): void {
    this.unreturned = 0
    for (const peer of this.silent.keys()) this.silent.set(peer, 0)
  }
}
