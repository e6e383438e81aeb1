import { once } from 'node:events'
import type { AddressInfo, Socket } from 'node:net'
import { type onAuthenticatePayload, Server } from '@hocuspocus/server'
import { afterEach, expect, vi } from 'vitest'
import * as Y from 'yjs'
import type { ServerMessage } from '#contract/messages.ts'
import { ok, type Result } from '#contract/result.ts'
import type { FailureCode } from './api.ts'
import { handClock } from './hand-clock.ts'
import { Link, type LinkState } from './link.ts'

// For tests of the line: a real server to talk to, and a line whose time moves by hand.

const name = 'committee:c1'
const cleanUps: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
})

/** A plain Hocuspocus on a loopback port. What it holds outlives it, as a database would. */
export async function startServer(kept = new Y.Doc(), port = 0) {
  const sockets = new Set<Socket>()
  const seen = { updates: 0, exchanges: 0, tokens: [] as string[], synced: [] as string[] }
  const rules = {
    authenticate: (_token: string): string | undefined => undefined,
    /** Whether the update with this number is merged. */
    merges: (_update: number): boolean => true,
  }
  const server = new Server({
    quiet: true,
    stopOnSignals: false,
    debounce: 0,
    address: '127.0.0.1',
    onAuthenticate: async ({ token }: onAuthenticatePayload) => {
      seen.tokens.push(token)
      const reason = rules.authenticate(token)
      if (reason !== undefined) throw Object.assign(new Error(reason), { reason })
    },
    onTokenSync: async ({ token }: { token: string }) => void seen.synced.push(token),
    onLoadDocument: async ({ document }) => Y.applyUpdate(document, Y.encodeStateAsUpdate(kept)),
    beforeSync: async ({ type, connection }) => {
      if (type === 2) seen.updates += 1
      if (type === 1) seen.exchanges += 1
      connection.readOnly = type === 2 && !rules.merges(seen.updates)
    },
    onChange: async ({ update }) => Y.applyUpdate(kept, update),
  })
  server.httpServer.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  server.httpServer.listen(port, '127.0.0.1')
  await once(server.httpServer, 'listening')
  const stop = async () => {
    for (const socket of sockets) socket.destroy()
    if (!server.httpServer.listening) return
    server.httpServer.close()
    await once(server.httpServer, 'close')
  }
  cleanUps.push(stop)
  return {
    kept,
    seen,
    rules,
    stop,
    port: (server.httpServer.address() as AddressInfo).port,
    /** The document stays, also while nobody is connected. */
    hold: () => server.hocuspocus.openDirectConnection(name),
    document: () => server.hocuspocus.documents.get(name),
    cut: () => sockets.forEach((socket) => void socket.destroy()),
    deafen: () => sockets.forEach((socket) => void socket.pause()),
  }
}

export function startLink(port: number, options: { token?: (besides?: string) => Promise<Result<string, FailureCode>> } = {}) {
  const hand = handClock()
  const doc = new Y.Doc()
  const states: LinkState[] = []
  const messages: ServerMessage[] = []
  const link = new Link({
    url: `ws://127.0.0.1:${port}/collaboration?committee=c1`,
    name,
    doc,
    clock: hand.clock,
    random: () => 0,
    token: options.token ?? (async () => ok('t1')),
    presence: () => ({ view: 'roll' }),
    onState: (state) => states.push(state),
    onMessage: (message) => messages.push(message),
    onSynced: () => {},
    onTick: () => {},
  })
  cleanUps.push(() => link.stop())
  const last = () => states.at(-1)
  const until = (phase: LinkState['phase']) => vi.waitFor(() => expect(last()?.phase).toBe(phase), { timeout: 5_000, interval: 5 })
  return { ...hand, doc, link, states, messages, last, until }
}

export const soon = (check: () => void) => vi.waitFor(check, { timeout: 5_000, interval: 5 })
