import { createHash, randomUUID } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Hocuspocus } from '@hocuspocus/server'
import { WebSocketServer } from 'ws'
import { makeMemoryJournal, makeMemoryStore } from '#actors/journal/memory.ts'
import { makeMemorySummaries, makeMemorySummaryStore } from '#actors/overview/memory.ts'
import type { CommitteeId, UserId } from '#contract/ids.ts'
import { defaultLimits } from '#contract/limits.ts'
import { ok } from '#contract/result.ts'
import { systemClock } from '#server/clock.ts'
import { makeCollaboration } from '#server/collaboration/collaboration.ts'

// One server of the bench, in a process of its own, so that what it takes of a core is its own: ours as it is, sockets, rates and actors
// and all, with its journal in memory and a door that lets everybody in; or Hocuspocus as it comes.

export type Kind = 'ours' | 'plain'
/** What it says: where it listens, once; and as often as it is asked, how much of a core it has taken. */
export type Answer<Name extends 'port' | 'core_ms'> = { readonly [Key in Name]: number }

const committee = 'u01' as CommitteeId
const nothing = () => {}

function attachOurs(server: Server): void {
  const clock = systemClock
  const sha256 = (...parts: readonly Uint8Array[]) => {
    const hash = createHash('sha256')
    for (const part of parts) hash.update(part)
    return new Uint8Array(hash.digest())
  }
  const standing = ok({
    being: { name: 'somebody', role: 'counter' as const },
    access: { rights: ['read' as const], phase: 'counting' as const },
    held: [],
    signOuts: 0,
  })
  const collaboration = makeCollaboration({
    store: makeMemoryStore(makeMemoryJournal([committee]), { sha256, clock, instance: 'bench' }),
    summaries: makeMemorySummaryStore(makeMemorySummaries([committee])),
    facts: async () => ok({ hasElector: () => true, hasCandidate: () => true, choices_per_ballot: 1, roll: 0, candidates: [] }),
    // The token is the user's number.
    tokens: {
      sign: () => ({ token: '', expires_at: 0 }),
      verify: (text) =>
        ok({
          user: Number(text) as UserId,
          name: 'somebody',
          role: 'counter',
          expires_at: clock.now_ms() / 1_000 + 3_600,
          jti: randomUUID(),
          signOuts: 0,
        }),
    },
    access: {
      standings: async (places) => ok(places.map(() => standing)),
      access: async () => ok(standing.value.access),
      hold: async () => {},
      committeesOf: async () => ok(new Map()),
    },
    devices: { save: async () => ok() },
    clock,
    log: { info: nothing, warn: nothing, error: (fields, text) => console.error(text, fields) },
    limits: defaultLimits,
    publicOrigins: [],
    observe: {},
    onRefusal: (code) => console.error('refused', code),
    audit: nothing,
    onDelay: nothing,
    onPresence: nothing,
    onSilence: nothing,
  })
  collaboration.attach(server, () => '127.0.0.1')
}

function attachPlain(server: Server): void {
  const rooms = new Hocuspocus({ quiet: true })
  const sockets = new WebSocketServer({ server, perMessageDeflate: false })
  sockets.on('connection', (socket) => {
    const entry = rooms.handleConnection(socket as never, new Request('http://localhost/'), {})
    socket.on('message', (data: Buffer) => entry.handleMessage(data))
    socket.on('close', (code, reason) => entry.handleClose({ code, reason: reason.toString() }))
  })
}

const server = createServer()
const attach: Readonly<Record<Kind, (server: Server) => void>> = { ours: attachOurs, plain: attachPlain }
attach[process.argv[2] as Kind](server)
server.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 }, () => {
  process.send?.({ port: (server.address() as AddressInfo).port } satisfies Answer<'port'>)
})
process.on('message', () => {
  const { user, system } = process.cpuUsage()
  process.send?.({ core_ms: (user + system) / 1_000 } satisfies Answer<'core_ms'>)
})
process.on('disconnect', () => process.exit())
