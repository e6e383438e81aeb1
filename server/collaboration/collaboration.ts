import { randomUUID } from 'node:crypto'
import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { Hocuspocus } from '@hocuspocus/server'
import { type WebSocket, WebSocketServer } from 'ws'
import type { AdmitAside, Ended } from '#actors/committee/messages.ts'
import type { JournalStore } from '#actors/journal/store.ts'
import type { Clock } from '#actors/kernel/clock.ts'
import type { Log } from '#actors/kernel/log.ts'
import type { PresenceOfPeers, PresencePeers } from '#actors/presence/peers.ts'
import { Presence } from '#actors/presence/presence.ts'
import { Turns } from '#actors/sessions/turns.ts'
import { makeSystem, type System, type SystemPorts } from '#actors/system.ts'
import type { ClientId, CommitteeId, Sequence, UserId } from '#contract/ids.ts'
import type { Limits } from '#contract/limits.ts'
import { encodeServerMessage } from '#contract/messages.ts'
import { isRefusalCode, type Refusal } from '#contract/refusals.ts'
import type { Result } from '#contract/result.ts'
import type { AccessList } from '#server/auth/access.ts'
import type { Tokens } from '#server/auth/token.ts'
import { networkOf } from '#server/http/address.ts'
import type { AuditEvent, OnRefusal } from '#server/observe/audit.ts'
import type { Concerned, Topic } from '#server/storage/changes.ts'
import type { Devices } from '#server/storage/devices.ts'
import type { SeatedUser } from '#server/storage/processes.ts'
import { DeviceBook } from './device-book.ts'
import { type Letting, makeHolder } from './holder.ts'
import { makeHooks } from './hooks.ts'
import { type Ask, askInside } from './inside.ts'
import { Lobby } from './lobby.ts'
import { PresentPeople } from './presence.ts'
import type { Context } from './seat.ts'
import { Seats } from './seats.ts'
import { Socket, type SocketPorts } from './socket.ts'
import { Visitors } from './visitors.ts'

export type CollaborationPorts = {
  readonly store: JournalStore
  readonly summaries: SystemPorts['summaries']
  readonly facts: SystemPorts['facts']
  readonly tokens: Tokens
  readonly access: AccessList
  readonly devices: Pick<Devices, 'save'>
  readonly clock: Clock
  readonly log: Log
  readonly limits: Limits
  /** Origins whose pages may open a socket; none: only the page's own, which its Host tells. */
  readonly publicOrigins: readonly string[]
  readonly observe: NonNullable<SystemPorts['observe']>
  readonly onRefusal: OnRefusal
  /** Who comes, who goes, who rules. */
  readonly audit: (event: AuditEvent) => void
  /** A connection is not read for a while, or of its presence only the last counts. */
  readonly onDelay: SocketPorts['onDelay']
  /** Other processes, to be told who is here; none: this one is alone. */
  readonly peers?: PresencePeers
  /** A message of presence came from a connection, or went to one. */
  readonly onPresence: (direction: 'in' | 'out') => void
  /** A connection is cut because nobody is at its other end any more. */
  readonly onSilence: () => void
}

export type Collaboration = {
  /** Serves `/collaboration` on this server's upgrades. `addressOf` says where one comes from, behind proxies too. */
  attach(server: Server, addressOf: (request: IncomingMessage) => string): void
  /** What all committees say, of all processes. */
  readonly overview: System['overview']
  /** Committees in memory: those whose journal is followed. */
  awake(): readonly CommitteeId[]
  /** The journal has rows up to this number, whoever wrote them. */
  onHead(committee: CommitteeId, sequence: Sequence): void
  /** Ends Yjs clients of a person's own; see SPEC.md, C45. */
  seal(committee: CommitteeId, user: UserId, clients: readonly ClientId[]): Promise<Result<Ended, Refusal>>
  /** Has the server write what was kept aside; see SPEC.md, C46. */
  admitAside(committee: CommitteeId, aside: Omit<AdmitAside, 'type' | 'reply'>): Promise<Result<{ readonly left: number }, Refusal>>
  /** Somebody is here, or a committee in memory: changes are to be followed. */
  isBusy(): boolean
  /** What people may do has changed; what values are judged by has changed. */
  readonly onChange: Readonly<Record<Topic, (concerned: Concerned) => void>>
  /** Who has what open here. */
  people(): readonly SeatedUser[]
  /** Who is in which committee, on all processes, and the way in for other processes' people. */
  readonly presence: Pick<Presence, 'roster' | 'rosters' | 'watch' | keyof PresenceOfPeers>
  figures(): {
    connections: number
    people: number
    connections_unauthenticated: number
    connections_delayed: number
    connections_per_user_max: number
    documents: number
    committees_awake: number
    mailbox_depth: number
    journal_lag_rows: number
  }
  /** Sends everybody away, then saves. Answers what could not be saved by the deadline. */
  drain(deadline_ms: number): ReturnType<System['drain']>
}

/** People told to come back come back spread over this time. */
const return_spread_ms = 3_000
/** Time in which what a silent socket has sent at the last moment is read. */
const last_look_ms = 100
/** Who was told to go and does not is cut; one that is not read cannot even say that it goes. */
const closing_ms = 2_000

/** Hocuspocus, with the answer to a failed load that its provider understands: a closed socket, which it opens again. */
class Rooms extends Hocuspocus<Context> {
  override async createDocument(...args: Parameters<Hocuspocus<Context>['createDocument']>) {
    try {
      return await super.createDocument(...args)
    } catch (fault) {
      const reason = (fault as { reason?: unknown }).reason
      args[4]?.socket.refuse(typeof reason === 'string' && isRefusalCode(reason) ? reason : 'overloaded')
      throw fault
    }
  }
}

/** Sockets and documents: Hocuspocus between the wire and the actors. */
export function makeCollaboration(ports: CollaborationPorts): Collaboration {
  const { clock, log, limits, onRefusal } = ports
  const letting: Letting = new Set()
  const seats = new Seats({ access: ports.access, clock, log, onRefusal })
  const devices = new DeviceBook({ devices: ports.devices, clock })
  let draining = false

  const rooms = new Rooms()
  const system = makeSystem({
    store: ports.store,
    summaries: ports.summaries,
    clock,
    log,
    limits,
    facts: ports.facts,
    holder: makeHolder(rooms, letting),
    random: Math.random,
    uuid: randomUUID,
    onStore: (store) =>
      log.warn({ store }, store === 'away' ? 'the journal cannot be written: edits are held' : 'the journal is written again'),
    observe: ports.observe,
  })
  const presence = new Presence({ clock, limits, ...(ports.peers === undefined ? {} : { peers: ports.peers }) })
  const people = new PresentPeople({ presence, devices, tell: system.committees.tell, onMessage: ports.onPresence })
  const lobby = new Lobby(limits, clock)
  const visitors = new Visitors(system.sessions, lobby)
  rooms.configure({
    quiet: true,
    // What comes for a document before its login waits in the library: as much as a whole socket may send before it.
    maxPendingDocuments: limits.connection_documents_max,
    maxUnauthenticatedQueueMessages: limits.unauthenticated_messages_max,
    maxUnauthenticatedQueueSize: Math.max(limits.unauthenticated_bytes_max, limits.update_bytes_max),
    ...makeHooks(() => rooms, {
      committees: system.committees,
      tokens: ports.tokens,
      access: ports.access,
      visitors,
      seats,
      devices,
      people,
      letting,
      clock,
      log,
      limits,
      draining: () => draining,
      onRefusal,
      audit: ports.audit,
    }),
  })

  const sockets = new WebSocketServer(wireOptions(limits))
  const large = new Turns(limits.large_frames_max)

  const welcome = (webSocket: WebSocket, request: IncomingMessage, address: string): void => {
    const { socket: stream } = request
    const socket: Socket = new Socket(webSocket, {
      address,
      clock,
      limits,
      large,
      waiting_bytes: () => stream.readableLength,
      pass: (frame) => entry.handleMessage(frame),
      present: (connection, frame, envelope) => people.hear(connection, frame, envelope),
      onRefusal,
      onDelay: ports.onDelay,
    })
    visitors.arrive(socket, networkOf(address))
    const entry = rooms.handleConnection(socket, webRequest(request), { socket })
    let tooLong = clock.after(limits.unauthenticated_ms, function look(): void {
      if (socket.authenticated) return
      // It waits for us: for the database, or for this process, which may have been too busy to read what has come.
      if (socket.isKnocking) tooLong = clock.after(limits.unauthenticated_ms, look)
      else tooLong = clock.after(last_look_ms, () => (socket.isStrange ? socket.refuse('unauthenticated') : look()))
    })
    // Before `ws` takes the frames out of them.
    stream.prependListener('data', (bytes: Buffer) => socket.received(bytes.length))
    webSocket.on('message', (data: Buffer, isBinary) => (isBinary ? socket.arrived(data) : socket.refuse('unparseable')))
    webSocket.on('ping', (data) => socket.pinged(data))
    webSocket.on('pong', () => socket.ponged())
    webSocket.on('error', (fault) => {
      socket.wire.end()
      if (isTooLong(fault)) {
        onRefusal('too-large', socket.who)
        socket.ended = 'too-large'
      }
      log.info({ fault: fault.message }, 'a socket failed')
    })
    webSocket.on('close', (code, reason) => {
      tooLong()
      visitors.leave(socket)
      entry.handleClose({ code, reason: reason.toString() })
    })
  }

  // Hocuspocus never pings: a phone that lost its network would stay until the kernel gives up, a quarter of an hour later.
  const ping = () => {
    for (const socket of visitors.sockets()) {
      // Its pong may wait among what we do not read.
      if (socket.wire.isStopped) continue
      if (!socket.heard) {
        socket.ended = 'silent'
        ports.onSilence()
        socket.socket.terminate()
      } else {
        socket.heard = false
        socket.socket.ping()
      }
    }
    stopPinging = clock.after(limits.ping_ms, ping)
  }
  let stopPinging = clock.after(limits.ping_ms, ping)

  const turnAway = ({ url = '/', headers: { origin, host } }: IncomingMessage, address: string): string | undefined => {
    if (draining) return '503 Service Unavailable'
    if (new URL(url, 'http://localhost').pathname !== '/collaboration') return '404 Not Found'
    // Only browsers send an origin, and only they can be led to a page of somebody else's.
    if (origin === undefined) return undefined
    const isOurs = ports.publicOrigins.length > 0 ? ports.publicOrigins.includes(origin) : URL.parse(origin)?.host === host
    if (isOurs) return undefined
    onRefusal('forbidden', { address, subject: `origin ${origin}` })
    return '403 Forbidden'
  }

  const ask: Ask = (committee, message) => askInside(rooms, { committees: system.committees, clock }, committee, message)
  const noRoom = (address: string): string | undefined => {
    if (lobby.makeRoom(networkOf(address))) return undefined
    onRefusal('too-many-connections', { address })
    return '429 Too Many Requests\r\nRetry-After: 1'
  }

  return {
    attach(server, addressOf) {
      server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
        const address = addressOf(request)
        const refused = turnAway(request, address) ?? noRoom(address)
        if (refused !== undefined) {
          stream.end(`HTTP/1.1 ${refused}\r\nConnection: close\r\n\r\n`)
          return
        }
        sockets.handleUpgrade(request, stream, head, (webSocket) => welcome(webSocket, request, address))
      })
    },
    overview: system.overview,
    awake: () => system.committees.awake(),
    onHead(committee, sequence) {
      if (system.committees.has(committee)) system.committees.tell(committee, { type: 'head', sequence })
    },
    isBusy: () => seats.count > 0 || system.committees.awake().length > 0,
    onChange: {
      access: (concerned) => seats.changed(concerned),
      facts: (concerned) => {
        const isOne = concerned !== 'any' && 'committee' in concerned
        for (const id of isOne ? [concerned.committee] : system.committees.awake()) {
          if (system.committees.has(id)) system.committees.tell(id, { type: 'facts-changed' })
        }
        system.overview.factsChanged(isOne ? [concerned.committee] : 'any')
      },
    },
    seal: (committee, user, clients) => ask(committee, (reply) => ({ type: 'seal', user, clients, reply })),
    admitAside: (committee, aside) => ask(committee, (reply) => ({ ...aside, type: 'admit-aside', reply })),
    people: () => seats.people(),
    presence,
    figures: () => ({
      ...visitors.figures(),
      people: presence.count,
      documents: rooms.getDocumentsCount(),
      committees_awake: system.committees.awake().length,
      mailbox_depth: system.committees.depth().total + system.sessions.depth().total,
      journal_lag_rows: system.journal.lag_rows,
    }),
    async drain(deadline_ms) {
      draining = true
      stopPinging()
      seats.stop()
      for (const document of rooms.documents.values()) {
        for (const connection of document.getConnections()) {
          connection.sendStateless(encodeServerMessage({ type: 'drain', retry_in_ms: Math.round(Math.random() * return_spread_ms) }))
        }
      }
      for (const socket of visitors.sockets()) socket.refuse('draining')
      const tooLate = new Promise<void>((resolve) => void clock.after(deadline_ms, resolve))
      // Why everybody went is written down as they go.
      const everybody = Promise.race([visitors.gone(), tooLate])
      const [left] = await Promise.all([system.drain(deadline_ms), Promise.race([devices.close(), tooLate]), everybody])
      return left
    },
  }
}

/** As a variable: `closeTimeout` is not in the types of `ws` yet. */
function wireOptions(limits: Limits) {
  return {
    noServer: true,
    // Compression stays off: 2 to 4 ms of a core for every join, and edits are too small to gain.
    perMessageDeflate: false,
    maxPayload: limits.offline_bytes_max + 65_536,
    // Pieces cost more memory than their bytes: the largest frame in the smallest packets of a real network, and no more.
    maxFragments: 4_096,
    maxBufferedChunks: 16_384,
    autoPong: false,
    closeTimeout: closing_ms,
  }
}

/** `ws` closes it by itself, with a code of the protocol's own: longer than may be, or in too many pieces. */
const isTooLong = (fault: Error): boolean =>
  ['WS_ERR_UNSUPPORTED_MESSAGE_LENGTH', 'WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH', 'WS_ERR_TOO_MANY_BUFFERED_PARTS'].includes(
    (fault as NodeJS.ErrnoException).code ?? '',
  )

function webRequest(request: IncomingMessage): Request {
  const headers = new Headers()
  for (const [name, value] of Object.entries(request.headers)) if (typeof value === 'string') headers.set(name, value)
  return new Request(new URL(request.url ?? '/', 'http://localhost'), { headers })
}
