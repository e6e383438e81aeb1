import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'
import { type ClientId, parseClientId, parseUserId } from '#contract/ids.ts'
import type { PresenceState, PresentUser } from '#contract/presence.ts'
import { isRole } from '#contract/rights.ts'
import { readSaid } from './said.ts'

/** One client as its process tells the others. `opened_ms`: since when its connection is open; of two, the later has it. */
export type PeerWord = {
  readonly client: ClientId
  /** Null: it has left. */
  readonly state: PresenceState | null
  readonly since_ms: number
  readonly opened_ms: number
}

export function encodePeerNews(words: readonly PeerWord[]): Uint8Array {
  const encoder = encoding.createEncoder()
  encoding.writeVarString(encoder, JSON.stringify(words))
  return encoding.toUint8Array(encoder)
}

/** Undefined where the bytes are none. A word that is not of the shape is left out: another process may be of another version. */
export function readPeerNews(bytes: Uint8Array): readonly PeerWord[] | undefined {
  try {
    const words: unknown = JSON.parse(decoding.readVarString(decoding.createDecoder(bytes)))
    return Array.isArray(words) ? words.map(readWord).filter((word) => word !== undefined) : undefined
  } catch {
    return undefined
  }
}

function readWord(value: unknown): PeerWord | undefined {
  const { client, state, since_ms, opened_ms } = (value ?? {}) as Record<string, unknown>
  const parsed = parseClientId(client)
  if (!parsed.ok || typeof since_ms !== 'number' || typeof opened_ms !== 'number') return undefined
  const read = state === null ? null : readState(state)
  return read === undefined ? undefined : { client: parsed.value, state: read, since_ms, opened_ms }
}

function readState(value: unknown): PresenceState | undefined {
  const said = readSaid(value)
  const { user, claim } = (value ?? {}) as { readonly user?: unknown; readonly claim?: { readonly since_s?: unknown } }
  const read = readUser(user)
  if (said === undefined || read === undefined) return undefined
  const { claim: elector, ...rest } = said
  if (elector === undefined) return { user: read, ...rest }
  return { user: read, ...rest, claim: { elector, since_s: Number(claim?.since_s) } }
}

function readUser(value: unknown): PresentUser | undefined {
  const { id, name, name_en, role } = (value ?? {}) as Record<string, unknown>
  const user = parseUserId(id)
  if (!user.ok || typeof name !== 'string' || typeof role !== 'string' || !isRole(role)) return undefined
  return { id: user.value, name, ...(typeof name_en === 'string' ? { name_en } : {}), role }
}
