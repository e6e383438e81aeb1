import * as Y from 'yjs'
import type { AsideWrite } from '#contract/api.ts'
import { findPlace, refuseValue, refuseWriter } from '#contract/document/schema.ts'
import type { ClientId } from '#contract/ids.ts'
import type { Limits } from '#contract/limits.ts'
import { assert, err, ok } from '#contract/result.ts'
import { rights } from '#contract/rights.ts'
import { type AdmitAside, refuse, storeAway } from './messages.ts'
import { follow } from './order.ts'
import type { Replica } from './replica.ts'
import { appendAsServer, serverClient } from './server-rows.ts'
import type { CommitteePorts, CommitteeState } from './state.ts'

// What was kept aside is written by the server itself, under the keys it had. The row is encoded on a copy of the document and then
// goes the way of every row: written straight into the document it would be seen before it lasts.

/** One at a time in a committee: the next one appends where this one will have ended. */
export async function admitAside(state: CommitteeState, message: AdmitAside, ports: CommitteePorts): Promise<void> {
  const { replica } = state
  if (replica === undefined) return refuse(message, { code: 'overloaded' })
  if (state.writing) {
    if (state.heldAdmissions.length >= ports.limits.mailbox_messages_max) return refuse(message, { code: 'overloaded' })
    state.heldAdmissions.push(message)
    return
  }
  // A decision that another instance has written may be among them.
  if (!(await follow(state, ports))) return refuse(message, storeAway)
  const fitting = stillFitting(message, replica, ports.limits)
  if (fitting.length === 0) return message.reply(err({ code: 'bad-value' }))
  const client = await serverClient(state, ports)
  if (client === undefined) return refuse(message, storeAway)

  const { id, by, why, writes } = message
  const left = writes.filter(({ admissible }) => admissible).length - fitting.length
  const row = {
    // The entry's own: asked again, by this process or another, it is found and not written twice.
    uuid: id,
    update: writeAnew(replica.document, client, fitting),
    touches: [...new Map(fitting.map(({ path, key }) => [`${path}\0${key}`, { path, key }])).values()],
    admits: { by, ...(why === undefined ? {} : { why }) },
  }
  appendAsServer(state, client, row, ports, (admission) => {
    if (admission.answer === 'merged') return message.reply(ok({ sequence: admission.sequence, left }))
    message.reply(err(admission.answer === 'postponed' ? admission.refusal : { code: 'overloaded' }))
  })
}

/** Those of the writes that had only a right or the phase against them, and whose place and value fit the document as it is now. */
function stillFitting({ writes, author }: AdmitAside, replica: Replica, limits: Limits): readonly AsideWrite[] {
  const able = { ...author, rights, assigned: rights }
  const logs = new Map<string, number>()
  return writes.filter(({ path, key, index, value, admissible }) => {
    const place = findPlace(path, key)
    if (!admissible || typeof place === 'string') return false
    const { row, parts } = place
    if (refuseWriter(place, able, parts.client ?? (0 as ClientId)) !== undefined) return false
    if (refuseValue(place, value, able, replica.facts, replica.ownerOf) !== undefined) return false
    if (row.kind === 'text') return typeof value === 'string' && replica.live.lengthOf(path) + value.length <= limits.note_characters_max
    if (row.kind === 'map') return true
    // Its writer has ended, so that nobody else appends to it; and voids point by the index, so it has to stand where it stood.
    const next = logs.get(key) ?? replica.live.logAt(path, key)?.length ?? 0
    if (parts.client === undefined || replica.seals.get(parts.client)?.user !== author.user) return false
    if (index !== next || next >= limits.log_ballots_max) return false
    logs.set(key, next + 1)
    return true
  })
}

/** The update of one transaction that writes all of it: entries at the end of their logs, values over those that stand, text at the end. */
function writeAnew(document: Y.Doc, client: ClientId, writes: readonly AsideWrite[]): Uint8Array {
  const copy = new Y.Doc()
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(document))
  copy.clientID = client
  let written: Uint8Array | undefined
  copy.once('update', (update: Uint8Array) => {
    written = update
  })
  copy.transact(() => {
    for (const { path, key, index, value } of writes) {
      if (key === '') {
        const text = copy.getText(path)
        text.insert(text.length, value as string)
      } else if (index === undefined) copy.getMap(path).set(key, value)
      else {
        const root = copy.getMap<Y.Array<unknown>>(path)
        const log = root.get(key) ?? root.set(key, new Y.Array())
        log.push([value])
      }
    }
  })
  copy.destroy()
  assert(written !== undefined, 'what is written makes an update')
  return written
}
