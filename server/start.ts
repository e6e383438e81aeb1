import { randomUUID } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Logger } from 'pino'
import type { Watchers } from '#actors/overview/watchers.ts'
import type { Limits } from '#contract/limits.ts'
import { makeAccessList } from './auth/access.ts'
import { hashPassword, PasswordChecker } from './auth/password.ts'
import { makeRefreshTokens } from './auth/refresh.ts'
import { LoginThrottle } from './auth/throttle.ts'
import { makeTokens } from './auth/token.ts'
import { systemClock } from './clock.ts'
import { type Collaboration, makeCollaboration } from './collaboration/collaboration.ts'
import type { Config } from './config.ts'
import { loadDemo } from './demo/load.ts'
import { addressOf, type Trusts } from './http/address.ts'
import { makeApp } from './http/app.ts'
import { look_ms, setBounds } from './http/bounds.ts'
import { refreshCookieName } from './http/session.ts'
import { makeImport } from './import/import.ts'
import { keptSecret } from './kept-secret.ts'
import { AuditTrail, type OnRefusal, refusalEvent } from './observe/audit.ts'
import { type Metrics, makeMetrics } from './observe/metrics.ts'
import { makeAccounts } from './storage/accounts.ts'
import { makeAsideList } from './storage/aside.ts'
import { makeAssignments } from './storage/assignments.ts'
import { type AuditLog, makeAuditLog } from './storage/audit.ts'
import { Changes, makeReadVersions } from './storage/changes.ts'
import { type Database, openDatabase } from './storage/database.ts'
import { makeDevices } from './storage/devices.ts'
import { makeElections } from './storage/elections.ts'
import { startEmbedded } from './storage/embedded.ts'
import { makeNames } from './storage/exports.ts'
import { makeReadFacts } from './storage/facts.ts'
import { Feed } from './storage/feed.ts'
import { Follower } from './storage/follow.ts'
import { PostgresJournal } from './storage/journal.ts'
import { makePhases } from './storage/phases.ts'
import { makeSummaryStore } from './storage/summaries.ts'
import { makeUsers } from './storage/users.ts'
import { startWatching } from './watching.ts'

export type Running = {
  /** The one listened on, also where the configuration said 0. */
  readonly port: number
  readonly databaseUrl: string
  /** Ends it all. `saved` is false where edits were still held when `deadline_ms` was over: the phones keep them. */
  stop(deadline_ms: number): Promise<{ readonly saved: boolean }>
}

/** A thousand phones at once after a restart: a shorter queue makes them wait for the retry of their SYN. */
const backlog = 4_096
/** For what remains once everything is saved: connections that will not close are left to the end of the process. */
const close_ms_max = 3_000

/** Rejects, with nothing left running, where any part cannot start. */
export async function start(config: Config, log: Logger): Promise<Running> {
  await using starting = new AsyncDisposableStack()
  const { databaseUrl, database, store } = await openStorage(config, log, starting)

  const { instance, limits } = config
  const metrics = makeMetrics(instance)
  const clock = systemClock
  const secret = config.jwtSecret ?? keptSecret(inDataDir(config, 'jwt-secret'))
  const tokens = makeTokens({ secret, token_s: config.token_s, now_ms: clock.now_ms })
  const accessList = makeAccessList(database.knex)
  const devices = makeDevices(database.knex)
  const summaries = makeSummaryStore(database.knex, instance)
  const auditLog = makeAuditLog(database.knex)
  const audit = starting.adopt(makeAuditTrail({ append: auditLog.append, instance, limits, log }), (it) => it.close())
  const onRefusal: OnRefusal = (code, refused) => {
    metrics.refusals_total.inc({ code })
    const event = refused === 'recorded' ? undefined : refusalEvent(code, refused)
    if (event !== undefined) audit.record(event)
  }
  const collaboration = makeCollaboration({
    store,
    summaries,
    facts: makeReadFacts(database.knex),
    tokens,
    access: accessList,
    devices,
    clock,
    log,
    limits,
    publicOrigins: config.publicOrigins,
    observe: observers(metrics),
    onRefusal,
    audit: (event) => audit.record(event),
    onPresence: (direction) => metrics.awareness_messages_total.inc({ direction }),
    onSilence: () => metrics.connections_silent_total.inc(),
    onDelay: (cause) => metrics.delays_total.inc({ cause }),
  })
  const elections = makeElections(database.knex)
  const watching = startWatching({ database, collaboration, elections, accessList, instance, limits, log, onRefusal }, starting)
  const { watchers } = watching
  followOthers(collaboration, watchers, { databaseUrl, database, store, instance, log }, starting)

  let draining = false
  const app = makeApp({
    config,
    log,
    metrics,
    tokens,
    accessList,
    users: makeUsers(database.knex),
    elections,
    ...watching,
    summaries,
    overview: collaboration.overview,
    accounts: makeAccounts(database.knex),
    assignments: makeAssignments(database.knex),
    phases: makePhases(database.knex),
    devices,
    passwords: new PasswordChecker(),
    throttle: new LoginThrottle(limits, clock.now_ms),
    refreshTokens: makeRefreshTokens(database.knex, config.refresh_days),
    refresh_days: config.refresh_days,
    cookieName: refreshCookieName(secret),
    database,
    importList: makeImport(database.knex, limits),
    limits,
    asideList: makeAsideList(database.knex),
    inside: collaboration,
    audit,
    auditLog,
    names: makeNames(database.knex),
    store,
    onRefusal,
    figures: collaboration.figures,
    isDraining: () => draining,
  })
  const server = createServer({ connectionsCheckingInterval: look_ms }, app)
  setBounds(server, limits, onRefusal)
  const trusts = app.get('trust proxy fn') as Trusts
  collaboration.attach(server, (request) => addressOf(request, trusts))
  await listen(server, config)
  starting.defer(() => server.closeAllConnections())
  const { port } = server.address() as AddressInfo
  log.info({ port, host: config.host }, 'listening')

  const everything = starting.move()
  return {
    port,
    databaseUrl,
    async stop(deadline_ms) {
      draining = true
      server.close()
      watchers.stop()
      const left = await collaboration.drain(deadline_ms)
      const saved = left.entries === 0 && left.committees.length === 0
      if (saved) log.info('everything is saved, closing')
      else log.error(left, 'not everything could be saved, closing')
      await withinReason(everything.disposeAsync())
      return { saved }
    },
  }
}

type Storage = { readonly databaseUrl: string; readonly database: Database; readonly store: PostgresJournal }

/** A database that is there, migrated, and has the demo election where that is wanted. */
async function openStorage(config: Config, log: Logger, starting: AsyncDisposableStack): Promise<Storage> {
  const databaseUrl = config.databaseUrl ?? (await embeddedUrl(config, log, starting))
  const database = starting.adopt(openDatabase(databaseUrl), (it) => it.close())
  await database.migrate()
  if (config.demo) log.info({ demo: await loadDemo(database.knex, hashPassword) }, 'demo election')
  const store = starting.adopt(new PostgresJournal({ url: databaseUrl, instance: config.instance, log }), (it) => it.close())
  return { databaseUrl, database, store }
}

async function embeddedUrl(config: Config, log: Logger, starting: AsyncDisposableStack): Promise<string> {
  const embedded = starting.adopt(await startEmbedded({ dir: inDataDir(config, 'postgres'), log }), (it) => it.stop())
  return embedded.url
}

/** What other processes commit: rows, rights, facts. Told by the feed at once, found by the polls at the latest. */
function followOthers(
  { awake, onHead, isBusy, onChange, overview }: Pick<Collaboration, 'awake' | 'onHead' | 'isBusy' | 'onChange' | 'overview'>,
  watchers: Watchers,
  { databaseUrl, database, store, instance, log }: Storage & { readonly instance: string; readonly log: Logger },
  starting: AsyncDisposableStack,
): void {
  const follower = starting.adopt(new Follower({ clock: systemClock, store, awake, onHead }), (it) => it.stop())
  const read = makeReadVersions(database.knex)
  const changes = starting.adopt(
    new Changes({
      clock: systemClock,
      read,
      isNeeded: () => isBusy() || watchers.count > 0,
      onChange: {
        access: (concerned) => {
          onChange.access(concerned)
          watchers.accessChanged(concerned)
        },
        facts: (concerned) => {
          onChange.facts(concerned)
          watchers.factsChanged(concerned !== 'any' && 'committee' in concerned ? [concerned.committee] : 'any')
        },
      },
    }),
    (it) => it.stop(),
  )
  const feed = new Feed({
    url: databaseUrl,
    clock: systemClock,
    log,
    onHead: (head) => {
      if (head.instance !== instance) onHead(head.committee, head.sequence)
    },
    onNotice: (topic, payload) => changes.hear(topic, payload),
    onSummaries: (by) => {
      if (by !== instance) overview.hear()
    },
    onGap: () => {
      overview.hear()
      changes.gap()
      void follower.poll()
    },
  })
  starting.adopt(feed, (it) => it.close())
}

function inDataDir({ dataDir }: Config, name: string): string {
  mkdirSync(dataDir, { recursive: true })
  return join(dataDir, name)
}

function observers(metrics: Metrics): Parameters<typeof makeCollaboration>[0]['observe'] {
  return {
    kernel: {
      turned: (actor, turn_ms) => metrics.turn_seconds.observe({ actor }, turn_ms / 1_000),
      faulted: () => {}, // logged by the kernel itself, with the fault
    },
    journal: {
      committed(rows, commit_ms) {
        metrics.journal_batch_rows.observe(rows)
        metrics.journal_commit_seconds.observe(commit_ms / 1_000)
      },
    },
    committee: {
      judged: (verdict) => metrics.admissions_total.inc({ verdict }),
      acknowledged: (wait_ms) => metrics.ack_seconds.observe(wait_ms / 1_000),
      snapshotted: () => {},
      refused: (kind, kept) => {
        if (kept === 'kept' || kept === 'no-room') metrics.quarantine_total.inc({ outcome: kept === 'kept' ? kind : kept })
      },
      conflicts: (more) => metrics.conflicts_open.inc(more),
    },
  }
}

function makeAuditTrail({
  log,
  ...ports
}: Pick<AuditLog, 'append'> & { readonly instance: string; readonly limits: Limits; readonly log: Logger }): AuditTrail {
  return new AuditTrail({
    ...ports,
    clock: systemClock,
    uuid: randomUUID,
    onLost: (entries) => log.error({ entries }, 'entries of the audit log could not be written'),
  })
}

function listen(server: Server, { port, host }: Config): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port, host, backlog }, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

async function withinReason(closing: Promise<void>): Promise<void> {
  const timeout = new Promise<void>((resolve) => void setTimeout(resolve, close_ms_max).unref())
  await Promise.race([closing, timeout])
}
