import { Router } from 'express'
import { type Figures, type Metrics, setFigures } from '../observe/metrics.ts'
import type { Database } from '../storage/database.ts'
import { refuse } from './problem.ts'

export type HealthParts = {
  readonly database: Pick<Database, 'ready'>
  readonly metrics: Metrics
  readonly figures: () => Figures
  readonly isDraining: () => boolean
}

/** For load balancers and Prometheus. `live` says only that the process answers: a restart does not bring a database back. */
export function healthRoutes({ database, metrics, figures, isDraining }: HealthParts): Router {
  const routes = Router()

  routes.get('/health/live', (_request, response) => {
    response.json({ status: 'live' })
  })

  routes.get('/health/ready', async (_request, response) => {
    if (isDraining()) return refuse(response, 'draining')
    const state = await database.ready()
    if (state === 'ready') response.json({ status: 'ready' })
    else
      refuse(response, 'store-unavailable', { title: state === 'unreachable' ? 'The database does not answer' : 'Migrations are missing' })
  })

  routes.get('/metrics', async (_request, response) => {
    setFigures(metrics, figures())
    response.type(metrics.registry.contentType).send(await metrics.registry.metrics())
  })

  return routes
}
