import { type Accessor, createMemo, createSignal } from 'solid-js'
import * as Y from 'yjs'
import type { CommitteeId } from '#contract/ids.ts'
import type { ServerMessage } from '#contract/messages.ts'
import type { FailureCode } from './api.ts'
import type { Inside } from './inside.ts'
import type { KeptCommittee, StorageState } from './keep.ts'
import { type EditKind, type Ledger, noneUnsent, total } from './ledger.ts'
import { Link, type LinkOptions, type LinkState } from './link.ts'

/** Times are the phone's, in milliseconds since 1970. */
export type Status = {
  readonly link: 'online' | 'connecting' | 'offline'
  /** When the line came up, or went down. */
  readonly since_ms: number
  /** From the last edit made online to its committed row being known here. */
  readonly latency_ms?: number
  readonly reconnects: number
  readonly next_try_ms?: number
  /** Why there is no line. `forbidden`, `not-assigned` and `unknown-committee` are final until the person asks again. */
  readonly code?: FailureCode
  readonly unsent: number
  /** Some of them are on their way to this device's disk: a moment in which a reload would lose them. */
  readonly writing: boolean
  readonly unsent_by_kind: Readonly<Record<EditKind, number>>
  /** When the server last confirmed work of this device. */
  readonly saved_at_ms?: number
  readonly storage: StorageState
  /** What could not be brought into the document and waits for the person. */
  readonly refused: number
}

type DurableMessage = Extract<ServerMessage, { type: 'durable' }>
type Receipt = Pick<KeptCommittee, 'sequence' | 'head' | 'saved_at_ms'>
type OpenOptions = Pick<LinkOptions, 'url' | 'name' | 'presence' | 'onMessage' | 'onSynced' | 'onTick'> & { readonly onOffline: () => void }

const shownLink: Record<LinkState['phase'], Status['link']> = {
  waiting: 'offline',
  connecting: 'connecting',
  online: 'online',
  renewing: 'connecting',
  ended: 'offline',
}

const timedEditsMax = 100

/** Where this committee's work stands: the line, what is not on the server yet, the last receipt. */
export function createStatus(given: { inside: Inside; committee: CommitteeId; doc: Y.Doc; ledger: Ledger; isWriting: Accessor<boolean> }) {
  const { inside, committee, doc, ledger, isWriting } = given
  const { clock, keep } = inside
  const [line, setLine] = createSignal<LinkState>({ phase: 'connecting', since_ms: clock.now(), reconnects: 0 })
  const [unsent, setUnsent] = createSignal(noneUnsent)
  const [receipt, setReceipt] = createSignal<Receipt>({})
  const [latency_ms, setLatency] = createSignal<number>()
  const now: Accessor<Status> = createMemo(() => ({
    link: shownLink[line().phase],
    since_ms: line().since_ms,
    reconnects: line().reconnects,
    ...defined({ latency_ms: latency_ms(), next_try_ms: line().next_try_ms, code: line().code, saved_at_ms: receipt().saved_at_ms }),
    unsent: total(unsent()),
    writing: isWriting(),
    unsent_by_kind: unsent(),
    storage: keep.storage(),
    refused: keep.tray().filter((entry) => entry.committee === committee).length,
  }))

  let link: Link | undefined
  let timed: { client: number; clock_end: number; at_ms: number }[] = []
  let lastWrite: Promise<unknown> = Promise.resolve()
  let cleanUp = () => {}

  const count = () => setUnsent(ledger.count())
  const onTransaction = (transaction: Y.Transaction) => {
    const { beforeState, afterState } = transaction
    if (ledger.records().some(({ client }) => beforeState.get(client) !== afterState.get(client))) count()
  }
  doc.on('afterTransaction', onTransaction)

  return {
    now,
    get link() {
      return link
    },
    isOpen: () => link !== undefined,
    /** Reads what was kept and makes the line; `link.start()` opens it. */
    open: async ({ onOffline, ...options }: OpenOptions) => {
      const committees = await keep.committees()
      const { sequence, head, saved_at_ms } = committees.find((kept) => kept.committee === committee) ?? {}
      setReceipt(defined({ sequence, head, saved_at_ms }))
      count()
      link = new Link({
        ...options,
        doc,
        clock,
        random: Math.random,
        token: inside.token,
        onState: (state) => {
          if (state.phase !== 'online') timed = []
          setLine(state)
          if (state.phase === 'online') inside.contact(true)
          if (state.phase === 'waiting') inside.contact(false)
          if (state.phase === 'waiting' || state.phase === 'ended') onOffline()
        },
      })
      cleanUp = wakeWithPage(link)
    },
    /** After an own edit: only what is made online tells how long the way to the server is. */
    edited: () => {
      if (line().phase !== 'online' || timed.length >= timedEditsMax) return
      timed.push({ client: doc.clientID, clock_end: Y.getState(doc.store, doc.clientID), at_ms: clock.now() })
    },
    heardDurable: ({ sequence, head }: DurableMessage) => {
      count()
      const known = timed.filter(({ client, clock_end }) => ledger.covers(client, clock_end - 1))
      const last = known.at(-1)
      if (last !== undefined) {
        setLatency(clock.now() - last.at_ms)
        timed = timed.slice(known.length)
      }
      if (last !== undefined || total(unsent()) === 0) setReceipt({ sequence, head, saved_at_ms: clock.now() })
    },
    /** Tells the list of committees, and keeps for the next start, how things stand. */
    report: (counts: { attended: number; ballots: number }) => {
      const records = ledger.records()
      const { saved_at_ms } = receipt()
      // Never in step: what is here is not the committee's, and its figures would be wrong.
      const figures = saved_at_ms === undefined ? {} : { ...counts, saved_at_ms }
      inside.report(committee, { ...figures, records })
      lastWrite = Promise.all([keep.putClients(committee, records), keep.putCommittee({ committee, ...figures, ...receipt() })])
    },
    saved: () => lastWrite,
    close: () => {
      doc.off('afterTransaction', onTransaction)
      cleanUp()
      link?.stop()
    },
  }
}

/** The network is back, or the page: try at once instead of waiting for the timer. It is gone: ask at once whether the line is, too. */
function wakeWithPage(link: Link): () => void {
  const wake = () => {
    if (document.visibilityState === 'visible') link.wake()
  }
  const back = () => link.wake()
  const gone = () => link.doubt()
  window.addEventListener('online', back)
  window.addEventListener('offline', gone)
  window.addEventListener('pageshow', wake)
  document.addEventListener('visibilitychange', wake)
  return () => {
    window.removeEventListener('online', back)
    window.removeEventListener('offline', gone)
    window.removeEventListener('pageshow', wake)
    document.removeEventListener('visibilitychange', wake)
  }
}

type Defined<Fields> = { [Name in keyof Fields]?: Exclude<Fields[Name], undefined> }

/** Leaves out what is undefined: under `exactOptionalPropertyTypes` absent and undefined are not the same. */
function defined<Fields extends Record<string, unknown>>(fields: Fields): Defined<Fields> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Defined<Fields>
}
