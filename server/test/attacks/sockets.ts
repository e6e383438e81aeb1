import { WebSocket } from 'ws'
import type { RefusalCode } from '#contract/refusals.ts'
import { makeSigner } from '#load/driver/entry.ts'
import { frames, RawSocket } from '../raw.ts'
import { until } from '../until.ts'
import { honestBytes, type Login, put, raw } from './edits.ts'
import { address, limit_ms, type Stage } from './stage.ts'

/** What is refused before, beside or instead of an update: `attack` and `twin` answer what they were told. */
export type Siege = {
  readonly code: RefusalCode
  readonly what: string
  readonly as: Login
  readonly attack: (stage: Stage) => Promise<unknown>
  readonly told: unknown
  readonly twin: (stage: Stage) => Promise<unknown>
  readonly accepted: unknown
  /** Not all of the attack is refused: what had its place by then enters, and says nothing that was not there. */
  readonly retells?: true
}

/** Edits that may wait for the database. */
const waitingMax = 2

/** Limits under which the sieges are short. */
export const siegeLimits = {
  LIMIT_UNAUTHENTICATED_MS: '4000',
  LIMIT_OVER_RATE_MS: '1500',
  LIMIT_JOURNAL_WAITING_MAX: String(waitingMax),
  LIMIT_USER_CONNECTIONS_MAX: '4',
}

const siege = (
  code: RefusalCode,
  what: string,
  as: Login,
  rest: Pick<Siege, 'attack' | 'told' | 'twin' | 'accepted'> & Pick<Partial<Siege>, 'retells'>,
): Siege => ({ code, what, as, ...rest })

async function knock(stage: Stage, token: string, at = address): Promise<string> {
  using socket = await new RawSocket(stage.url).login(at, token)
  return socket.denied[0] ?? 'opened'
}

/** A login that is denied, beside one that is not. */
const denied = (
  code: RefusalCode,
  what: string,
  as: Login,
  knocks: (stage: Stage) => Promise<string>,
  twin = (stage: Stage) => knock(stage, stage.sign(as)),
): Siege => siege(code, what, as, { attack: knocks, told: code, twin, accepted: 'opened' })

/** Something of the database that is otherwise for as long as it takes. */
async function whileSql<Done>({ world }: Stage, change: string, back: string, values: unknown[], act: () => Promise<Done>): Promise<Done> {
  try {
    await world.sql.query(change, values)
    return await act()
  } finally {
    await world.sql.query(back, values)
  }
}

/** With a socket of its own, logged in where there is a `login`; the answer is how that was closed. */
async function closedAfter(stage: Stage, login: Login | undefined, act: (socket: RawSocket) => void): Promise<string> {
  using socket = await new RawSocket(stage.url).open()
  if (login !== undefined) await socket.login(address, stage.sign(login))
  act(socket)
  return (await socket.closed).join(' ')
}

/** The same, for what leaves the socket as it is: the answer to an update behind it. */
async function staysAfter(stage: Stage, login: Login, act: (socket: RawSocket) => void): Promise<string> {
  using socket = await new RawSocket(stage.url).login(address, stage.sign(login))
  act(socket)
  socket.send(frames.update(address, await mark(stage, login)))
  await until('an answer', () => socket.statuses.length > 0 || socket.socket.readyState !== WebSocket.OPEN, limit_ms)
  return socket.statuses[0] === true ? 'acknowledged' : 'not'
}

const mark = async (stage: Stage, login: Login): Promise<Uint8Array> =>
  honestBytes(await stage.ground(login, { client: stage.freshClient(), elector: stage.freshElector() }))

const closed = (
  code: RefusalCode,
  number: number,
  what: string,
  login: Login | undefined,
  act: (socket: RawSocket) => void,
  twin: (socket: RawSocket) => void = () => {},
): Siege =>
  siege(code, what, 'coordinator1', {
    attack: (stage) => closedAfter(stage, login, act),
    told: `${number} ${code}`,
    twin: (stage) => staysAfter(stage, 'coordinator1', twin),
    accepted: 'acknowledged',
  })

const questions = (count: number) => (socket: RawSocket) => socket.send(...Array.from({ length: count }, () => frames.stateVector(address)))

/** Sends one message and waits for the refusal of it. */
async function refusedFor(stage: Stage, ...sent: Uint8Array[]): Promise<unknown> {
  using socket = await new RawSocket(stage.url).login(address, stage.sign('coordinator1'))
  socket.send(...sent)
  const refusal = () => socket.heard.find(({ type }) => type === 'refused')
  await until('a refusal', () => refusal() !== undefined, limit_ms)
  return refusal()?.reasons
}

/** Somebody's sockets up to the bound, and what the next is told. */
async function crowd(stage: Stage, count: number): Promise<string> {
  using sockets = new DisposableStack()
  for (let n = 1; n < count; n += 1) {
    sockets.use(await new RawSocket(stage.url).login(address, stage.sign('collector1')))
  }
  return await knock(stage, stage.sign('collector1'))
}

/** The journal cannot be written meanwhile. */
async function whileAway<Done>({ world }: Stage, act: () => Promise<Done>): Promise<Done> {
  const name = new URL(world.database.url).pathname.slice(1)
  const allow = (isAllowed: boolean) => world.admin.query(`alter database ${name} allow_connections ${isAllowed}`)
  try {
    await allow(false)
    await world.admin.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and application_name like $2', [
      name,
      'lajna journal%',
    ])
    return await act()
  } finally {
    await allow(true)
  }
}

/** A mark that says what is there already, by a client of its own. */
const retold = async (stage: Stage): Promise<Uint8Array> =>
  frames.update(address, honestBytes(await stage.ground('coordinator1', { client: stage.freshClient(), elector: 2 })))

/** So many sockets of one person send such a mark each while the database is away; how each of them was answered. */
async function queue(stage: Stage, count: number): Promise<readonly string[]> {
  using open = new DisposableStack()
  const sockets: RawSocket[] = []
  for (let n = 0; n < count; n += 1) {
    sockets.push(open.use(await new RawSocket(stage.url).login(address, stage.sign('coordinator1'))))
  }
  const updates = await Promise.all(sockets.map(() => retold(stage)))
  const isClosed = (socket: RawSocket) => socket.socket.readyState === WebSocket.CLOSED
  await whileAway(stage, async () => {
    for (const [at, socket] of sockets.entries()) socket.send(updates[at] ?? new Uint8Array())
    if (count > waitingMax) await until('one is sent away', () => sockets.some(isClosed), limit_ms)
  })
  const answers = sockets.map(async (socket) => {
    await until('an answer', () => socket.statuses.includes(true) || isClosed(socket), limit_ms)
    return isClosed(socket) ? (await socket.closed).join(' ') : 'acknowledged'
  })
  return (await Promise.all(answers)).toSorted()
}

export const sieges: readonly Siege[] = [
  denied('unauthenticated', 'a login with a token that is none', 'coordinator1', (stage) => knock(stage, 'x')),
  denied('unauthenticated', 'a login with a token that somebody else has signed', 'coordinator1', (stage) =>
    knock(stage, makeSigner('s'.repeat(64))(stage.user('coordinator1'), 'coordinator')),
  ),
  denied('unauthenticated', 'a login of somebody who is disabled', 'counter2', (stage) =>
    whileSql(
      stage,
      'update users set disabled_at = now() where id = $1',
      'update users set disabled_at = null where id = $1',
      [stage.user('counter2')],
      () => knock(stage, stage.sign('counter2')),
    ),
  ),
  siege('unauthenticated', 'edits on a socket nobody logs in on', 'coordinator1', {
    attack: async (stage) => {
      const update = await mark(stage, 'coordinator1')
      return closedAfter(stage, undefined, (socket) => socket.send(frames.update(address, update)))
    },
    told: '4401 unauthenticated',
    twin: (stage) => staysAfter(stage, 'coordinator1', () => {}),
    accepted: 'acknowledged',
  }),
  denied('token-expired', 'a login with a token that is over', 'coordinator1', (stage) => knock(stage, stage.sign('coordinator1', -5))),
  siege('token-expired', 'a socket kept open behind the end of its token', 'coordinator1', {
    attack: async (stage) => {
      using socket = await new RawSocket(stage.url).login(address, stage.sign('coordinator1', 2))
      return (await socket.closed).join(' ')
    },
    told: '4401 token-expired',
    twin: (stage) => staysAfter(stage, 'coordinator1', () => {}),
    accepted: 'acknowledged',
  }),
  denied('forbidden', 'a login where the right to read was taken', 'counter2', (stage) =>
    whileSql(
      stage,
      "update assignments set taken = '{read}' where user_id = $1",
      "update assignments set taken = '{}' where user_id = $1",
      [stage.user('counter2')],
      () => knock(stage, stage.sign('counter2')),
    ),
  ),
  denied('not-assigned', 'a login at a committee that is not theirs', 'coordinator1', (stage) =>
    knock(stage, stage.sign('coordinator1'), 'committee:u05'),
  ),
  denied('unknown-committee', 'a login at a committee there is not', 'admin', (stage) =>
    knock(stage, stage.sign('admin'), 'committee:nowhere'),
  ),
  denied('unknown-committee', 'a login at a document that is no committee', 'admin', (stage) =>
    knock(stage, stage.sign('admin'), 'secrets'),
  ),
  closed('unparseable', 4400, 'bytes that are no frame', 'coordinator1', (socket) => socket.send(new Uint8Array([255, 255, 255]))),
  closed('unparseable', 4400, 'a frame of text', 'coordinator1', (socket) => socket.socket.send('hello')),
  closed('unparseable', 4400, 'an update too short to be one', 'coordinator1', (socket) =>
    socket.send(frames.update(address, new Uint8Array([1]))),
  ),
  closed('too-large', 4413, 'more bytes than a socket may send before its login', undefined, (socket) =>
    socket.send(frames.update(address, new Uint8Array(131_073))),
  ),
  closed('rate-limited', 4429, 'more messages than a socket may send before its login', undefined, questions(300), questions(100)),
  closed('rate-limited', 4429, 'a flood of questions after it', 'collector1', questions(2_000), questions(100)),
  siege('too-many-connections', 'one socket more than a person may have', 'collector1', {
    attack: (stage) => crowd(stage, 5),
    told: 'too-many-connections',
    twin: (stage) => crowd(stage, 3),
    accepted: 'opened',
  }),
  siege('too-large', 'presence over its size', 'coordinator1', {
    attack: (stage) => refusedFor(stage, frames.presence(address, 4_711, 1, { typing: 'a'.repeat(3_000) })),
    told: [{ code: 'too-large', path: 'awareness', key: '' }],
    twin: (stage) => staysAfter(stage, 'coordinator1', (socket) => socket.send(frames.presence(address, 4_711, 1, { typing: 'note/1' }))),
    accepted: 'acknowledged',
  }),
  siege('malformed', 'a message of the server’s, sent by a client', 'coordinator1', {
    attack: (stage) => refusedFor(stage, frames.stateless(address, '{"type":"durable","clocks":{}}')),
    told: [{ code: 'malformed', path: 'stateless', key: '' }],
    twin: (stage) => staysAfter(stage, 'coordinator1', () => {}),
    accepted: 'acknowledged',
  }),
  siege('malformed', 'work that builds on what never comes, however often it is asked for', 'coordinator1', {
    attack: (stage) => {
      const lacking = raw(() => ({
        blocks: [{ client: 77, clock: 9, structs: [{ parent: 'attendance', key: '1/1', content: { values: [1] } }] }],
      }))
      return stage.ground('coordinator1', { client: 77, elector: 2 }).then((ground) => {
        const frame = () => frames.answer(address, lacking(ground))
        return refusedFor(stage, frame(), frame(), frame(), frame())
      })
    },
    told: [{ code: 'malformed', path: '', key: '' }],
    twin: (stage) => staysAfter(stage, 'coordinator1', () => {}),
    accepted: 'acknowledged',
  }),
  siege('store-unavailable', 'an edit that may not be, while the database is away; a good one is held until it is back', 'coordinator2', {
    attack: async (stage) => {
      const bad = put('meta', 'phase', 'closed')
      const update = bad(await stage.ground('coordinator1', { client: stage.freshClient(), elector: 2 }))
      return whileAway(stage, () => closedAfter(stage, 'coordinator1', (socket) => socket.send(frames.update(address, update))))
    },
    told: '4503 store-unavailable',
    twin: async (stage) => {
      const update = await mark(stage, 'coordinator1')
      const line = await stage.line('coordinator1')
      const before = line.statuses.length
      await whileAway(stage, async () => line.send(frames.update(address, update)))
      await until('it is back', () => line.statuses.length > before, limit_ms)
      return line.statuses[before]
    },
    accepted: true,
  }),
  siege('overloaded', 'more edits than may wait for the database', 'coordinator1', {
    attack: (stage) => queue(stage, waitingMax + 1),
    told: ['4503 overloaded', 'acknowledged', 'acknowledged'],
    twin: (stage) => queue(stage, waitingMax),
    accepted: ['acknowledged', 'acknowledged'],
    retells: true,
  }),
  siege('draining', 'edits sent to a server that stops', 'coordinator1', {
    attack: async (stage) => {
      const update = await retold(stage)
      const line = await stage.line('coordinator1')
      const stopped = stage.restart()
      while (line.socket.readyState === WebSocket.OPEN) {
        line.send(update)
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
      const told = await line.closed
      await stopped
      return told.join(' ')
    },
    told: '4503 draining',
    twin: (stage) => staysAfter(stage, 'coordinator1', () => {}),
    accepted: 'acknowledged',
    retells: true,
  }),
]
