import type { Entry } from '#actors/journal/store.ts'
import type { ClientId } from '#contract/ids.ts'
import type { Admission } from './messages.ts'
import type { CommitteePorts, CommitteeState } from './state.ts'

// Rows that the server itself writes: what it admits from aside, and entries of conflicts. One at a time in a committee, because each is
// encoded on top of what stands, with the next clocks of one client; and never straight into the document, where it would be seen
// before it lasts.

/** The client of the next row. Undefined where the store is away. */
export async function serverClient(state: CommitteeState, { store }: CommitteePorts): Promise<ClientId | undefined> {
  if (state.serverClient === undefined) {
    const client = await store.serverClient()
    if (client.ok) state.serverClient = client.value
  }
  return state.serverClient
}

/**
 * Nothing else of the server's may be on its way (`state.writing`). The row that comes of it is read from the journal: under this uuid
 * another process may have written its own.
 */
export function appendAsServer(
  state: CommitteeState,
  client: ClientId,
  row: Pick<Entry, 'uuid' | 'update' | 'touches' | 'admits'>,
  ports: CommitteePorts,
  reply: (admission: Admission) => void,
): void {
  const entry: Entry = { ...row, committee: state.committee, user: null, clients: [client] }
  state.writing = true
  state.busy.add(client)
  state.pending.set(entry.uuid, {
    entry,
    deletes: false,
    since_ms: ports.clock.now_ms(),
    reply: (admission) => {
      state.writing = false
      // Whether that row will be there is not known: its clocks are not used again.
      if (admission.answer !== 'merged') state.serverClient = undefined
      reply(admission)
    },
  })
  ports.append(entry)
}
