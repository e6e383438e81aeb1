import { Mailbox } from '../kernel/mailbox.ts'

/** A claim to one of a few places; `take` has it when `has` is true. */
export type Turn = { has: boolean; readonly onTurn: () => void; gone: boolean }

/** So many at once in this process, the others in the order they asked. Whoever asks must give it back. */
export class Turns {
  private readonly waiting = new Mailbox<Turn>()
  private free: number

  constructor(count: number) {
    this.free = count
  }

  /** `onTurn` is called later, and only where the turn is not there at once. */
  ask(onTurn: () => void): Turn {
    const turn: Turn = { has: this.free > 0, onTurn, gone: false }
    if (turn.has) this.free -= 1
    else this.waiting.push(turn)
    return turn
  }

  giveBack(turn: Turn): void {
    if (turn.gone) return
    turn.gone = true
    if (!turn.has) return
    this.free += 1
    for (let next = this.waiting.shift(); next; next = this.waiting.shift()) {
      if (next.gone) continue
      this.free -= 1
      next.has = true
      return next.onTurn()
    }
  }
}
