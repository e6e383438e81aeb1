import { Router } from 'express'
import type { DemoAnswer } from '#contract/api.ts'
import type { Config } from '../config.ts'
import { demoLogins, demoPassword } from '../demo/logins.ts'

export type DemoParts = { readonly config: Pick<Config, 'demo'> }

/** Logins that the sign-in page offers by one tap; only on a server that was started for trying it out. */
export function demoRoutes({ config }: DemoParts): Router {
  const routes = Router()
  if (!config.demo) return routes
  const answer: DemoAnswer = {
    password: demoPassword,
    logins: demoLogins.map(({ login, name, name_en, role }) => ({ login, name, name_en, role })),
  }
  return routes.get('/api/demo', (_request, response) => void response.json(answer))
}
