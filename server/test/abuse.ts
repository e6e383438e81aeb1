import { randomBytes } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import { frames } from './raw.ts'

/** What one abuser does again and again, each time with a fresh connection. */
export type Abuse = (line: Line, token: string) => void | Promise<void>

/** A WebSocket by hand, on a plain socket: frames may lie about their length, stop in the middle, and pings stay unanswered. */
class Line {
  readonly stream: Socket
  readonly closed: Promise<void>

  private constructor(stream: Socket) {
    this.stream = stream
    const { promise, resolve } = Promise.withResolvers<void>()
    this.closed = promise
    stream.on('close', () => resolve())
    stream.on('error', () => {}) // being cut off is what it is here for; the close that follows says so
  }

  /** Resolves when it is open, or closed at once. */
  static async open(url: string): Promise<Line> {
    const { port, hostname } = new URL(url)
    const line = new Line(connect(Number(port), hostname))
    line.stream.write(
      `GET /collaboration?committee=u13 HTTP/1.1\r\nHost: ${hostname}:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\nSec-WebSocket-Version: 13\r\n\r\n`,
    )
    await Promise.race([line.closed, new Promise((resolve) => line.stream.once('data', resolve))])
    return line
  }

  send(payload: Uint8Array): void {
    this.stream.write(framed(payload))
  }

  /** As much as the other side takes, for ever. */
  flood(chunk: Buffer): void {
    const pump = () => {
      while (!this.stream.destroyed && this.stream.write(chunk));
    }
    this.stream.on('drain', pump)
    pump()
  }
}

const binary = 2
const ping = 9

/** Head of a frame that claims to be so long. Its mask is all zeros, so that what follows is sent as it is. */
function head(length: number, opcode = binary): Buffer {
  const long = Buffer.alloc(8)
  long.writeBigUInt64BE(BigInt(length))
  const size =
    length < 126
      ? [Buffer.from([0x80 | length])]
      : length < 65_536
        ? [Buffer.from([0x80 | 126]), long.subarray(6)]
        : [Buffer.from([0x80 | 127]), long]
  return Buffer.concat([Buffer.from([0x80 | opcode]), ...size, Buffer.alloc(4)])
}

const framed = (payload: Uint8Array, opcode = binary): Buffer => Buffer.concat([head(payload.length, opcode), payload])
const times = (count: number, make: (index: number) => Buffer): Buffer =>
  Buffer.concat(Array.from({ length: count }, (_, index) => make(index)))

/** A small one, and one worth asking for. */
const document = 'committee:u12'
export const largeDocument = 'committee:u13'
const megabyte = Buffer.alloc(2 ** 20)

const questionsOf = (address: string) => times(1_000, () => framed(frames.stateVector(address)))
const questions = questionsOf(document)
const largeQuestions = questionsOf(largeDocument)
const edits = times(1_000, () => framed(frames.update(document, new Uint8Array([9, 9, 9, 9, 9, 9, 9, 9]))))
const pings = times(5_000, () => framed(new Uint8Array(), ping))
const moves = times(1_000, (index) => framed(frames.presence(document, 99, index + 1, { ballot: index + 1 })))
const cries = times(200, (index) => framed(frames.presence(document, 99, index + 1, { typing: 'a'.repeat(5_000) })))

/** Every kind of abuse by somebody who has logged in; see what each must show in abuse.test.ts. */
export const abuses: Readonly<Record<string, Abuse>> = {
  'floods questions': (line) => line.flood(questions),
  'floods edits': (line) => line.flood(edits),
  'floods pings': (line) => line.flood(pings),
  'floods presence': (line) => line.flood(moves),
  'shows too much presence': (line) => line.flood(cries),
  'sends 100 MB': (line) => {
    line.stream.write(head(100 * 2 ** 20))
    line.flood(megabyte)
  },
  'begins large frames': (line) => {
    line.stream.write(head(8 * 2 ** 20))
    line.stream.write(megabyte)
  },
  'asks and does not read': (line, token) => {
    line.send(frames.login(largeDocument, token))
    line.stream.pause()
    line.flood(largeQuestions)
  },
  'answers no ping': () => {},
  'speaks nonsense': (line) => line.flood(framed(new Uint8Array(100).fill(255))),
}

/** Logs in, does it, and comes again when it is thrown out; for ever. */
export async function abuse(url: string, token: string, act: Abuse): Promise<never> {
  for (;;) {
    const line = await Line.open(url)
    const answered = new Promise((resolve) => line.stream.once('data', resolve))
    line.stream.on('data', () => {}) // read, unless it is somebody who does not
    line.send(frames.login(document, token))
    await Promise.race([answered, line.closed])
    await act(line, token)
    await line.closed
    await pause(300)
  }
}

/** Opens a socket, says nothing, and opens the next when it is closed; for ever. */
export async function lurk(url: string): Promise<never> {
  for (;;) {
    const line = await Line.open(url)
    line.stream.on('data', () => {})
    await line.closed
    await pause(2_000)
  }
}

const pause = (span_ms: number) => new Promise((resolve) => setTimeout(resolve, span_ms))
