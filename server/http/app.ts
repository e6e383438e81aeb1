import { fileURLToPath } from 'node:url'
import compression from 'compression'
import express, { type Express, type Request, type RequestHandler, type Response } from 'express'
import type { Log } from '#actors/kernel/log.ts'
import { parseCommitteeId } from '#contract/ids.ts'
import type { Identity } from '../auth/token.ts'
import type { Config } from '../config.ts'
import type { OnRefusal, Refused } from '../observe/audit.ts'
import { type AdminAssignmentsParts, adminAssignmentRoutes } from './admin-assignments.ts'
import { type AdminAuditParts, adminAuditRoutes } from './admin-audit.ts'
import { type AdminConnectionsParts, adminConnectionRoutes } from './admin-connections.ts'
import { type AdminExportParts, adminExportRoutes } from './admin-export.ts'
import { type AdminPhasesParts, adminPhaseRoutes } from './admin-phases.ts'
import { type AdminUsersParts, adminUserRoutes } from './admin-users.ts'
import { type AsideParts, asideRoutes } from './aside.ts'
import { clientFiles, securityHeaders } from './client-files.ts'
import { type CommitteeParts, committeeRoutes } from './committees.ts'
import { demoRoutes } from './demo.ts'
import { type EventsParts, eventRoutes } from './events.ts'
import { type HealthParts, healthRoutes } from './health.ts'
import { type ImportParts, importRoutes } from './import.ts'
import { type PresenceParts, presenceRoutes } from './presence.ts'
import { answerFaults, unknownAddress } from './problem.ts'
import { type SessionParts, sessionRoutes } from './session.ts'

export type AppParts = SessionParts &
  CommitteeParts &
  ImportParts &
  AsideParts &
  EventsParts &
  PresenceParts &
  AdminUsersParts &
  AdminAssignmentsParts &
  AdminPhasesParts &
  AdminAuditParts &
  AdminExportParts &
  AdminConnectionsParts &
  HealthParts & { readonly config: Pick<Config, 'trustProxy' | 'demo'>; readonly log: Log; readonly onRefusal: OnRefusal }

const builtClient = fileURLToPath(new URL('../../client/dist', import.meta.url))

export function makeApp(parts: AppParts): Express {
  const app = express()
  const { trustProxy } = parts.config
  app.set('trust proxy', typeof trustProxy === 'object' ? [...trustProxy] : trustProxy)
  app.disable('x-powered-by')
  app.use(measure(parts), securityHeaders, compression())
  app.use(healthRoutes(parts), demoRoutes(parts), sessionRoutes(parts), committeeRoutes(parts), importRoutes(parts))
  app.use(asideRoutes(parts), eventRoutes(parts), adminConnectionRoutes(parts))
  app.use(asideRoutes(parts), presenceRoutes(parts), eventRoutes(parts), adminConnectionRoutes(parts))
  app.use(adminUserRoutes(parts), adminAssignmentRoutes(parts), adminPhaseRoutes(parts), adminAuditRoutes(parts), adminExportRoutes(parts))
  app.use('/api', unknownAddress)
  app.use(clientFiles(builtClient))
  app.use(unknownAddress)
  app.use(answerFaults(parts.log))
  return app
}

/** By the route's pattern (whole, as no router is mounted below a path) and never by the address: a label's values must be few. */
function measure({ metrics, onRefusal }: Pick<AppParts, 'metrics' | 'onRefusal'>): RequestHandler {
  return (request, response, next) => {
    const end = metrics.http_request_seconds.startTimer()
    response.on('close', () => {
      end({ method: request.method, route: request.route?.path ?? 'other', status: response.statusCode })
      if (response.locals.refusal) onRefusal(response.locals.refusal, response.locals.recorded ? 'recorded' : refusedBy(request, response))
    })
    next()
  }
}

/** By the address as it came, not by the pattern: whoever looks for something tries many. */
const refusedBy = (request: Request, response: Response): Refused => {
  const [path = ''] = request.originalUrl.split('?', 1)
  const committee = parseCommitteeId(/^\/api\/committees\/([^/]+)/.exec(path)?.[1])
  return {
    user: (response.locals.identity as Identity | undefined)?.user,
    address: request.ip,
    committee: committee.ok ? committee.value : undefined,
    subject: `${request.method} ${path}`,
  }
}
