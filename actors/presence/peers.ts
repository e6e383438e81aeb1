import type { CommitteeId } from '#contract/ids.ts'

// Presence between processes: each tells the others of the people on its own connections and of nobody else's. What is carried are
// bytes of `peer-news.ts`, opaque to the carrier. They are told when something is different, joined as P6 says; signs of life
// are not carried: another process's people are there for as long as it says so, or until it has gone.

/** A process, as its configuration names it (`INSTANCE`). */
export type Instance = string

/** The way out. Must not throw; what cannot be carried may be lost, if the others are given a picture once the way is open again. */
export type PresencePeers = {
  /** Of our own people in this committee: who is different since what was published before. */
  publish(committee: CommitteeId, news: Uint8Array): void
}

/** The way in, and what a process that asks is answered. Bytes that are none of ours change nothing; nothing here throws. */
export type PresenceOfPeers = {
  /** What that process has published. News of one process and committee in the order published; a gap is closed by a picture. */
  heard(instance: Instance, committee: CommitteeId, news: Uint8Array): void
  /** All its people there: whom we have of it and who are not in it have left. */
  pictured(instance: Instance, committee: CommitteeId, picture: Uint8Array): void
  /** It has gone, or said goodbye: all its people have left, in every committee. */
  left(instance: Instance): void
  /** All our own people in this committee, for `pictured` elsewhere. */
  picture(committee: CommitteeId): Uint8Array
  /** Committees in which we have people of our own: what a process that has just started, or was cut off, needs pictures of. */
  peopled(): readonly CommitteeId[]
}
