import type { ClientId, Sequence } from './ids.ts'
import type { RefusalCode } from './refusals.ts'
import { isRefusalCode } from './refusals.ts'
import { err, ok, type Result } from './result.ts'
import { isPhase, isRight, type Phase, type Right } from './rights.ts'

/** A range of one client's clock: client, first clock, length. */
export type ClockRange = readonly [client: ClientId, clock: number, length: number]

/**
 * Why one place of an update was refused. `index`: the entry of the log under that key, counted from 0, where it is about one entry;
 * without it all that the update brings there. An empty key: all of the path. An empty path: the update as a whole, or the Yjs client
 * whose number is the key.
 */
export type Reason = { readonly code: RefusalCode; readonly path: string; readonly key: string; readonly index?: number }

/**
 * What the server says beside the Yjs protocol: stateless messages, JSON, server → client only.
 *
 * `durable` covers all clients of the receiving user: everything below `clocks[client]`, and every listed deletion, is in a
 * committed row. `sequence` and `head` name the last of those rows and its chain hash: the phone's receipt.
 */
export type ServerMessage =
  | {
      readonly type: 'durable'
      readonly clocks: Readonly<Record<string, number>>
      readonly deletes: readonly ClockRange[]
      readonly sequence: Sequence
      readonly head: string
    }
  | { readonly type: 'refused'; readonly client: ClientId | null; readonly reasons: readonly Reason[] }
  | { readonly type: 'rights'; readonly rights: readonly Right[]; readonly phase: Phase }
  | { readonly type: 'token'; readonly expires_in_s: number }
  | { readonly type: 'drain'; readonly retry_in_ms: number }
  | { readonly type: 'notice'; readonly code: string; readonly text: string }

export function encodeServerMessage(message: ServerMessage): string {
  return JSON.stringify(message)
}

type Fields = Record<string, unknown>
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value)
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0

const isReason = (value: unknown): boolean =>
  isFields(value) &&
  typeof value.code === 'string' &&
  isRefusalCode(value.code) &&
  typeof value.path === 'string' &&
  typeof value.key === 'string' &&
  (value.index === undefined || isCount(value.index))

const checks: Record<ServerMessage['type'], (fields: Fields) => boolean> = {
  durable: (m) =>
    isFields(m.clocks) &&
    Object.values(m.clocks).every(isCount) &&
    Array.isArray(m.deletes) &&
    m.deletes.every((range) => Array.isArray(range) && range.length === 3 && range.every(isCount)) &&
    isCount(m.sequence) &&
    typeof m.head === 'string',
  refused: (m) => (m.client === null || isCount(m.client)) && Array.isArray(m.reasons) && m.reasons.every(isReason),
  rights: (m) =>
    Array.isArray(m.rights) &&
    m.rights.every((right) => typeof right === 'string' && isRight(right)) &&
    typeof m.phase === 'string' &&
    isPhase(m.phase),
  token: (m) => isCount(m.expires_in_s),
  drain: (m) => isCount(m.retry_in_ms),
  notice: (m) => typeof m.code === 'string' && typeof m.text === 'string',
}

/** Parses what the server sent. A client of an older version meets a newer `type` here: it ignores the message. */
export function parseServerMessage(text: string): Result<ServerMessage, 'not a server message'> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return err('not a server message')
  }
  if (!isFields(value) || typeof value.type !== 'string' || !Object.hasOwn(checks, value.type)) return err('not a server message')
  const check = checks[value.type as ServerMessage['type']]
  return check(value) ? ok(value as ServerMessage) : err('not a server message')
}
