import type { Refusal } from '#contract/refusals.ts'
import type { Behaviour } from './behaviour.ts'
import { ManualClock } from './clock.ts'
import { makeDirectory } from './directory.ts'

export type Message = { readonly text: string }
export type State = { readonly life: number; readonly seen: string[] }
type Gate = { open(): void; readonly passed: Promise<void> }

export const idle_ms = 1_000

export function makeGate(): Gate {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { open: resolve, passed: promise }
}

/** A directory whose behaviour writes down everything that happens to it; `over` replaces the parts a story is about. */
export function makeWorld(over: Partial<Behaviour<string, State, Message>> = {}, mailbox_messages_max = 100) {
  const clock = new ManualClock()
  const events: string[] = []
  const logged: string[] = []
  const turns_ms: number[] = []
  const faults: string[] = []
  let lives = 0
  const behaviour: Behaviour<string, State, Message> = {
    name: 'probe',
    wake(address) {
      lives += 1
      events.push(`wake ${address}`)
      return { life: lives, seen: [] }
    },
    receive(state, { text }) {
      state.seen.push(text)
      events.push(`${text} in life ${state.life}`)
    },
    sleep() {
      events.push('sleep')
      return true
    },
    refuse({ text }, refusal: Refusal) {
      events.push(`${text} refused ${refusal.code}`)
    },
    ...over,
  }
  const line = (_fields: Readonly<Record<string, unknown>>, text: string) => logged.push(text)
  const directory = makeDirectory(behaviour, {
    clock,
    log: { info: line, warn: line, error: line },
    observe: {
      turned: (actor, turn_ms) => turns_ms.push(actor === 'probe' ? turn_ms : Number.NaN),
      faulted: (actor, during, next) => faults.push(`${actor} ${during} ${next}`),
    },
    limits: { mailbox_messages_max, idle_ms },
  })
  const tell = (...texts: string[]) => {
    for (const text of texts) directory.tell('a', { text })
  }
  const answer = (text: string) => directory.answer('a', { text })
  /** What happened since it was last asked. */
  const happened = () => events.splice(0)
  return { clock, directory, tell, answer, events, happened, logged, turns_ms, faults }
}
