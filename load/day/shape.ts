import { type Doing, doings } from './doings.ts'

/** A part of the day, as a shape file has it. */
export type Stage = {
  readonly stage: string
  /** Share of the whole run. */
  readonly part: number
  /** How many times as fast as the real day. */
  readonly speed: number
  /** Of the committees, from its beginning on. */
  readonly phase: string
  /** Share of the people who are without a network for a while. */
  readonly away: number
  /** By role: how often in an hour of the day. */
  readonly hourly: Readonly<Record<string, Partial<Record<Doing, number>>>>
}

export type Shape = {
  /** Roles, handed out over and over within each committee. */
  readonly crew: readonly [string, ...string[]]
  readonly stages: readonly [Stage, ...Stage[]]
}

const phases: readonly unknown[] = ['setup', 'canvass', 'polling', 'counting', 'closed']

/** Reads the flow of a shape file. Throws a sentence that says which step is wrong: a shape with a slip in it must not run half. */
export function parseShape(flow: readonly unknown[]): Shape {
  const [head, ...steps] = flow as readonly Record<string, unknown>[]
  const [first, ...others] = Array.isArray(head?.crew) ? head.crew.map(String) : []
  if (first === undefined) throw new Error('a shape begins with a crew: a list of roles')
  const crew: Shape['crew'] = [first, ...others]
  const [opening, ...later] = steps.map((step, index) => parseStage(step, `step ${index + 2}`, crew))
  if (opening === undefined) throw new Error('a shape needs a stage')
  const parts = [opening, ...later].reduce((sum, { part }) => sum + part, 0)
  if (Math.abs(parts - 1) > 1e-6) throw new Error(`the parts of the stages must add up to 1, and are ${parts}`)
  return { crew, stages: [opening, ...later] }
}

function parseStage(step: Record<string, unknown>, where: string, crew: Shape['crew']): Stage {
  const wrong = (what: string) => new Error(`${where}: ${what}`)
  const number = (name: string, from: number, to: number): number => {
    const value = step[name]
    if (typeof value === 'number' && value >= from && value <= to) return value
    throw wrong(`${name} must be a number from ${from} to ${to}`)
  }
  const { stage, phase, hourly } = step
  if (typeof stage !== 'string') throw wrong('is no stage')
  if (!phases.includes(phase)) throw wrong(`phase must be one of ${phases.join(', ')}`)
  if (typeof hourly !== 'object' || hourly === null) throw wrong('hourly is missing')
  for (const [role, paces] of Object.entries(hourly)) {
    if (!crew.includes(role)) throw wrong(`nobody of the crew is a ${role}`)
    for (const [doing, pace] of Object.entries(paces ?? {})) {
      if (!Object.hasOwn(doings, doing)) throw wrong(`nobody knows how to ${doing}`)
      if (typeof pace !== 'number' || !(pace > 0 && pace <= 100_000)) throw wrong(`${doing} must be from 1 to 100,000 an hour`)
    }
  }
  return {
    stage,
    phase: String(phase),
    part: number('part', 0, 1),
    speed: number('speed', 1, 1_000),
    away: number('away', 0, 1),
    hourly: hourly as Stage['hourly'],
  }
}
