import { setTimeout as sleep } from 'node:timers/promises'
import type { Dice } from '../driver/dice.ts'
import type { Deed } from '../driver/record.ts'
import { type Doing, doings, type Hand } from './doings.ts'
import type { Stage } from './shape.ts'

export type Span = { readonly from_ms: number; readonly until_ms: number }

export type Life = {
  readonly hand: Hand
  readonly role: string
  /** Edits on the way at most, while there is a network. */
  readonly unacknowledged_max: number
  /** Edits whose way to the server was interrupted: how long they took says nothing of the server. */
  readonly interrupted: WeakSet<Deed>
}

/** What somebody came to in a stage. `planned`: what the paces asked for; less is done where answers came too slowly. */
export type Spent = { planned: number; done: number; returns: number }

/** Without a network nothing is acknowledged; who has so many edits on the phone waits for it. */
const offline_unacknowledged_max = 2_000
/** Well within the crowd's patience with an edit. */
const away_ms_max = 60_000

/**
 * Lives through a stage: at moments of chance does what the role does, goes offline once if it is their turn, comes back at the latest
 * at its end. The moments are drawn ahead, so that a slow server does not make the day easier: what could not be done in time is counted.
 */
export async function spend({ hand, role, unacknowledged_max, interrupted }: Life, stage: Stage, span: Span): Promise<Spent> {
  const { person, dice } = hand
  const paces = Object.entries(stage.hourly[role] ?? {}) as [Doing, number][]
  const hourly = paces.reduce((sum, [, pace]) => sum + pace, 0)
  const spent: Spent = { planned: 0, done: 0, returns: 0 }
  const away = awayIn(stage, span, dice)
  const gap_ms = () => (-Math.log(1 - dice.fraction()) * 3_600_000) / (hourly * stage.speed)
  let isAway = false
  const switchTo = async (goes: boolean) => {
    if (goes) await person.goOffline()
    else {
      for (const deed of person.book.deeds.slice(-offline_unacknowledged_max)) if (!deed.acknowledged) interrupted.add(deed)
      spent.returns += 1
      person.goOnline()
    }
    isAway = goes
  }
  for (let at_ms = span.from_ms + gap_ms(); hourly > 0 && at_ms < span.until_ms; at_ms += gap_ms()) {
    spent.planned += 1
    await until(Math.min(at_ms, span.until_ms))
    const now_ms = performance.now()
    const goes = away !== undefined && at_ms >= away.from_ms && at_ms < away.until_ms
    if (goes !== isAway) await switchTo(goes)
    if (now_ms >= span.until_ms) continue
    await person.book.downTo((isAway ? offline_unacknowledged_max : unacknowledged_max) - 1)
    if (performance.now() >= span.until_ms) continue
    const before = person.book.deeds.length
    doings[drawn(paces, hourly, dice)](hand)
    spent.done += 1
    if (isAway && person.book.deeds.length > before) interrupted.add(person.book.deeds[before] as Deed)
  }
  if (isAway) await switchTo(false)
  await until(span.until_ms)
  return spent
}

function awayIn({ away }: Stage, { from_ms, until_ms }: Span, dice: Dice): Span | undefined {
  if (dice.fraction() >= away) return undefined
  const whole_ms = until_ms - from_ms
  const lasts_ms = Math.min(away_ms_max, whole_ms * (0.1 + dice.fraction() * 0.23))
  const begins_ms = from_ms + dice.fraction() * (whole_ms - lasts_ms)
  return { from_ms: begins_ms, until_ms: begins_ms + lasts_ms }
}

function drawn(paces: readonly [Doing, number][], hourly: number, dice: Dice): Doing {
  let left = dice.fraction() * hourly
  for (const [doing, pace] of paces) {
    left -= pace
    if (left < 0) return doing
  }
  return 'look'
}

/** On the clock of `performance.now`. */
export async function until(moment_ms: number): Promise<void> {
  const left_ms = moment_ms - performance.now()
  if (left_ms > 0) await sleep(left_ms)
}
