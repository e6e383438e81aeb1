import type { Seal, SealRequest } from '#actors/journal/store.ts'
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
  { reasons, writes, more }: Refused,
  decoded: DecodedUpdate | undefined,
  replica: Replica,
  { limits, uuid }: { readonly limits: Limits; uuid(): string },
): SealRequest | undefined {
  const { user } = message.writer()
  const seals = decoded === undefined ? [] : sealable(decoded, user, replica, limits)
  const again = reasons.some(({ code }) => code === 'sealed')
  if (again && seals.length === 0) return undefined
  const [first] = seals
  return {
    after: replica.sequence,
    seals,
    room: { entries_max: limits.aside_entries_max, bytes_max: limits.aside_bytes_max },
    // What comes of a sealed client was kept when that was sealed; its phone writes the rest anew.
    ...(again
      ? {}
      : {
          aside: {
            id: uuid(),
            user,
            sealed: first === undefined ? null : { client: first.client, clock: first.clock },
            kind: reasons.every(({ code }) => code === 'late') ? 'late' : 'refused',
            reasons,
            writes,
            more,
            // A copy: the sender's buffer is overwritten to say no.
            update: new Uint8Array(message.update),
          },
        }),
  }
}

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

/** The seals a person asks for that are still to be made, or why none is. */
export function askedSeals({ user, clients }: SealClients, replica: Replica, limits: Limits): Result<readonly Seal[], Refusal> {
  const owners = clients.map((client) => replica.ownerOf(client))
  if (owners.some((owner) => owner !== undefined && owner !== user)) return err({ code: 'foreign-client' })
  const more = owners.filter((owner) => owner === undefined).length
  if (more > 0 && replica.ownedBy(user) + more > limits.clients_per_user_max) return err({ code: 'too-many-connections' })
  return ok(clients.filter((client) => !replica.seals.has(client)).map((client) => ({ client, user, clock: replica.live.stateOf(client) })))
}

export const sealedClocks = ({ clients }: SealClients, { seals }: Replica): ReadonlyMap<ClientId, number> =>
  new Map(clients.map((client) => [client, seals.get(client)?.clock ?? 0]))
