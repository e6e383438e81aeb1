import type { Ground } from './ground.ts'

/** What `make load` has found and chosen, for the engine, which artillery starts in a thread of its own. */
export type Plan = Ground & {
  readonly url: string
  readonly databaseUrl: string
  /** Of the server that runs there: the people sign their own tokens. */
  readonly secret: string
  readonly people: number
  readonly arriving_ms: number
  /** Of all stages together. */
  readonly day_ms: number
  readonly seed: string
  /** File the report goes to. */
  readonly report: string
}

/** Variable of the environment that carries it. */
export const planVariable = 'LOAD_PLAN'

export function readPlan(env: Readonly<Record<string, string | undefined>>): Plan {
  const text = env[planVariable]
  if (!text) throw new Error('This shape is run by `make load`, which makes the server and the people ready')
  return JSON.parse(text) as Plan
}
