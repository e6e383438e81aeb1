import type { AsidePart, Seal, SealRequest } from '#actors/journal/store.ts'
import type { ClientId, UserId } from '#contract/ids.ts'
import type { Limits } from '#contract/limits.ts'
import type { Refusal } from '#contract/refusals.ts'
import { err, ok, type Result } from '#contract/result.ts'
import type { DecodedUpdate } from './admission/decode.ts'
import type { Admit, SealClients } from './messages.ts'
import type { Replica } from './replica.ts'
import type { Refused } from './state.ts'

/**
 * What a refusal asks of the store before the sender hears of it: the end of the clients whose new structs the update brings, and
 * the update kept aside. Undefined where there is nothing to ask: all of it is about clients that have ended before.
 */
export function sealRequest(
  message: Admit,
  verdict: Refused,
  decoded: DecodedUpdate | undefined,
  replica: Replica,
  { limits, uuid }: { readonly limits: Limits; uuid(): string },
): SealRequest | undefined {
  const { user } = message.writer()
  const seals = decoded === undefined ? [] : sealable(decoded, user, replica, limits)
  const reasons = verdict.reasons.filter(({ code }) => code !== 'sealed')
  // Only its client's end stands against it: its phone writes it anew.
  if (reasons.length === 0 && seals.length === 0) return undefined
  const room = { entries_max: limits.aside_entries_max, bytes_max: limits.aside_bytes_max }
  const request = { after: replica.sequence, seals, final: false, room }
  if (reasons.length === 0) return request
  const kind = reasons.every(({ code }) => code === 'late') ? 'late' : 'refused'
  const parts = asideParts(verdict, decoded, [...seals, ...sealedBefore(user, replica)], uuid)
  // A copy: the sender's buffer is overwritten to say no.
  return { ...request, aside: { user, kind, reasons, more: verdict.more, update: new Uint8Array(message.update), parts } }
}

/** What is kept of each client; of the first alone where nothing can be said of what they write. */
function asideParts(
  { writes }: Refused,
  decoded: DecodedUpdate | undefined,
  seals: readonly Seal[],
  uuid: () => string,
): readonly AsidePart[] {
  const parts = (decoded?.blocks ?? []).flatMap((block): AsidePart[] => {
    const seal = seals.find(({ client }) => client === block.client)
    if (seal === undefined || block.end <= seal.clock) return []
    const theirs = writes.filter(({ client }) => client === seal.client).map(({ write }) => write)
    return [{ id: uuid(), sealed: { client: seal.client, clock: seal.clock, end: block.end }, writes: theirs }]
  })
  const telling = parts.filter(({ writes: theirs }) => theirs.length > 0)
  if (telling.length > 0) return telling
  return parts.length > 0 ? parts.slice(0, 1) : [{ id: uuid(), sealed: null, writes: writes.map(({ write }) => write) }]
}

const sealedBefore = (user: UserId, { seals }: Replica): readonly Seal[] => [...seals.values()].filter((seal) => seal.user === user)

/** New structs of the user's own clients, or of nobody's as far as the user may have more. The first clocks the document has not. */
function sealable({ blocks }: DecodedUpdate, user: UserId, replica: Replica, limits: Limits): readonly Seal[] {
  let room = limits.clients_per_user_max - replica.ownedBy(user)
  return blocks.flatMap((block): Seal[] => {
    const client = block.client as ClientId
    const clock = replica.live.stateOf(client)
    if (block.end <= clock || client >= 2 ** 32 || replica.seals.has(client)) return []
    const owner = replica.ownerOf(client)
    if (owner !== undefined && owner !== user) return []
    if (owner === undefined) room -= 1
    // Over it nothing of the client can enter, sealed or not.
    return owner === undefined && room < 0 ? [] : [{ client, user, clock }]
  })
}

/** The seals a person asks for, those that are made already among them; or why none is made. */
export function askedSeals({ user, clients }: SealClients, replica: Replica, limits: Limits): Result<readonly Seal[], Refusal> {
  const owners = clients.map((client) => replica.ownerOf(client))
  if (owners.some((owner) => owner !== undefined && owner !== user)) return err({ code: 'foreign-client' })
  const more = owners.filter((owner) => owner === undefined).length
  if (more > 0 && replica.ownedBy(user) + more > limits.clients_per_user_max) return err({ code: 'too-many-connections' })
  return ok(clients.map((client) => replica.seals.get(client) ?? { client, user, clock: replica.live.stateOf(client) }))
}
