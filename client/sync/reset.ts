import { type Accessor, createSignal } from 'solid-js'
import * as Y from 'yjs'
import type { MeAnswer, SealAnswer } from '#contract/api.ts'
import type { Facts } from '#contract/document/values.ts'
import { type CommitteeId, documentName } from '#contract/ids.ts'
import { defaultLimits } from '#contract/limits.ts'
import type { Reason, ServerMessage } from '#contract/messages.ts'
import { err, ok, type Result } from '#contract/result.ts'
import { usableRights } from '#contract/rights.ts'
import { type FailureCode, postJson } from './api.ts'
import { ballotPaper } from './ballot-paper.ts'
import type { Clock } from './clock.ts'
import { type LocalDocument, withLeftBehind } from './document.ts'
import { fetchFresh } from './fresh.ts'
import type { Inside } from './inside.ts'
import { writeDocument } from './kept-database.ts'
import type { KeptRefusal, TrayEntry } from './kept-documents.ts'
import { createLedger, type Ledger } from './ledger.ts'
import { alone } from './locks.ts'
import { type Replayed, replay } from './replay.ts'
import { loadRoll } from './roll.ts'

// What a device does after a refusal (rules R1 to R8).
//
//   refused, or something is left in a document that was left ──► due ──lock──► seal ──► fresh ──► write anew ──► keep ──► switch
//                                                                  ▲    (the old document goes on)  (nobody writes)         │
//                                                                  └───────────── any failure, later again ◄────────────────┤
//                                                                                        the committee opens anew ◄── done ──┘
//
// Until the switch nothing has happened: what was sealed stays in the old document, and is written anew from there the next time,
// by another client, into another fresh document. The switch is one transaction, and only behind it anything is sent.

/** `stuck`: it has been tried, and could not be done yet. */
export type ResetState = 'none' | 'due' | 'stuck'

export type ResetPorts = {
  readonly inside: Inside
  readonly committee: CommitteeId
  readonly url: string
  readonly local: LocalDocument
  /** While true nothing may be written into the old document. */
  readonly block: (blocked: boolean) => void
  /** The device works on another document from here: this one is to be closed, and the committee opened again. */
  readonly onSwitched: () => void
}

type RefusedMessage = Extract<ServerMessage, { type: 'refused' }>
type Source = { readonly doc: Y.Doc; readonly ledger: Ledger }

const retry_ms = 15_000
/** Nobody can write meanwhile: a disk that takes longer is asked again later. */
const keeping_ms = 10_000
const hour_ms = 3_600_000
const resetsMax = 8
/** Clients of one call, as the server allows. */
const sealsMax = 256

export function createReset(ports: ResetPorts) {
  const { inside, committee, local } = ports
  const { clock, keep } = inside
  const [state, setState] = createSignal<ResetState>('none')
  const heard: KeptRefusal[] = []
  let running = false
  let again = false
  let opensAnyway = false
  let ended = false
  let cancel = () => {}

  async function run(): Promise<void> {
    if (ended || state() === 'none') return
    if (running) {
      again = true
      return
    }
    running = true
    cancel()
    again = false
    const outcome = await alone(`lajna-reset/${keep.user}/${committee}`, async () => (ended ? 'later' : startAnew(ports, heard))).catch(
      (error: unknown) => {
        console.error(error)
        return 'later' as const
      },
    )
    running = false
    if (ended) return
    if (outcome === 'switched' || (outcome === 'nothing' && opensAnyway)) {
      ended = true
      ports.onSwitched()
      return
    }
    ports.block(false)
    if (again) return void run()
    setState(outcome === 'nothing' ? 'none' : 'stuck')
    if (outcome === 'later') cancel = clock.after(retry_ms, () => void run())
  }
  const becomeDue = (opens = false) => {
    opensAnyway ||= opens
    if (state() === 'none') setState('due')
    void run()
  }

  return {
    state: state as Accessor<ResetState>,
    /** The server has refused an update of this device. */
    refused: ({ reasons }: RefusedMessage) => {
      if (reasons.every(({ path }) => path === 'stateless')) return // no edit
      const { doc, ledger } = local
      const clocks = Object.fromEntries(ledger.records().map(({ client }) => [client, Y.getState(doc.store, client)]))
      const refusal = { committee, reasons, clocks, at_ms: clock.now(), heard: `${clock.now()}.${Math.random()}` }
      heard.push(refusal)
      void keep.putRefusal(refusal).then(() => becomeDue())
    },
    /** The line came up. */
    retry: () => void run(),
    /** The line was refused for this page's client: with another it may go on, whether there is work to take along or not. */
    changeClient: () => becomeDue(true),
    /** Looks whether anything was left behind, once, when the committee has been opened. */
    look: async () => {
      const left = await withLeftBehind(keep, { committee, clock, inUse: local }, () => true)
      if (!ended && (left.length > 0 || (await keep.document(committee)).generation !== local.generation)) becomeDue()
    },
    stop: () => {
      ended = true
      cancel()
    },
  }
}

/** Under the lock. `nothing`: there is nothing to be written anew, and this is the document to work on. */
async function startAnew(ports: ResetPorts, heard: readonly KeptRefusal[]): Promise<'switched' | 'nothing' | 'later'> {
  const { inside, committee, local, url } = ports
  const { clock, keep } = inside
  local.ledger.load(await keep.clients(committee)) // another tab may have written a part of it anew
  const left = await withLeftBehind(keep, { committee, clock, inUse: local }, ({ doc, ledger }): Source => ({ doc, ledger }))
  const sources: readonly Source[] = [...left, local]
  const clients = [...new Set(sources.flatMap(unsentClients))]
  const { generation } = await keep.document(committee)
  if (clients.length === 0) {
    if (generation === local.generation) return 'nothing'
    ports.block(true)
    return unsentClients(local).length === 0 ? 'switched' : 'later'
  }
  const seals = await seal(inside, committee, [...new Set([...clients, local.doc.clientID])])
  if (!seals.ok) return 'later'
  const judge = await askFacts(inside, committee)
  if (!judge.ok) return 'later'
  const fresh = await fetchFresh({ url, name: documentName(committee), clock, token: inside.token, atLeast: seals.value.clocks })
  if (!fresh.ok) return 'later'

  ports.block(true)
  const refusals = [...heard, ...(await keep.refusals(committee)).filter((refusal) => heard.every((one) => one.heard !== refusal.heard))]
  const kept = keptAside(committee, seals.value.reasons, sources, clock.now())
  return writeAnew({ ...ports, fresh: fresh.value, sources, seals: seals.value.clocks, refusals: [...refusals, ...kept], ...judge.value })
}

/**
 * What the server keeps aside of these clients and a supervisor may still admit counts as refused, whether this device has heard so
 * or not: it may have died first, and the right may be back by now. Written anew it would count twice.
 */
function keptAside(committee: CommitteeId, reasons: readonly Reason[], sources: readonly Source[], at_ms: number): KeptRefusal[] {
  const admissible = reasons.filter(({ code }) => code === 'late' || code === 'forbidden')
  if (admissible.length === 0) return []
  const clocks = Object.fromEntries(
    sources.flatMap(({ doc, ledger }) => ledger.records().map(({ client }) => [client, Y.getState(doc.store, client)])),
  )
  return [{ committee, reasons: admissible, clocks, at_ms, heard: `sealed.${at_ms}` }]
}

type Judge = { readonly writer: Parameters<typeof replay>[0]['writer']; readonly facts: Facts }
type WriteAnew = ResetPorts &
  Judge & {
    readonly fresh: Y.Doc
    readonly sources: readonly Source[]
    readonly seals: ReadonlyMap<number, number>
    readonly refusals: readonly KeptRefusal[]
  }

/** Writes the fresh document, keeps it, and switches. Nothing is written into the old one meanwhile. */
async function writeAnew(given: WriteAnew): Promise<'switched' | 'later'> {
  const { inside, committee, local, fresh, sources, seals, refusals } = given
  const { clock, keep } = inside
  const before = await keep.document(committee)
  const now_ms = clock.now()
  const resets_ms = before.resets_ms.filter((at_ms) => now_ms - at_ms < hour_ms)
  const isOwn = (client: number) => sources.some(({ ledger }) => ledger.isOwn(client))
  let moved = before.moved
  const leftOut: Replayed['leftOut'][number][] = []
  const settled = new Map<number, { client: number; from: number; clock: number }>()
  for (const { doc, ledger } of sources) {
    const from = new Map<number, number>()
    for (const { client, durable } of ledger.records()) {
      const done = Math.max(durable, seals.get(client) ?? 0, settled.get(client)?.clock ?? 0)
      const end = Y.getState(doc.store, client)
      // Only what has been sealed: of anything else the server may still take the old structs.
      if (end <= done || !seals.has(client)) continue
      from.set(client, done)
      settled.set(client, { client, from: settled.get(client)?.from ?? done, clock: end })
    }
    const { note_characters_max, log_ballots_max } = defaultLimits
    const done = replay({
      old: doc,
      fresh,
      from,
      isOwn,
      refusals,
      writer: given.writer,
      facts: given.facts,
      limits: { note_characters_max, log_ballots_max },
      moved,
      giveUp: resets_ms.length >= resetsMax,
    })
    moved = done.moved
    leftOut.push(...done.leftOut)
  }
  const ledger = createLedger(() => fresh, clock.now)
  ledger.claim(fresh.clientID)
  ledger.count()
  const [writer] = ledger.records()
  const generation = keep.usable ? await keep.reserveDocument(committee) : before.generation + 1
  if (generation === undefined || writer === undefined) return 'later'
  const state = Y.encodeStateAsUpdate(fresh)
  if (keep.usable && !(await within(clock, keeping_ms, writeDocument(keep.documentName(committee, generation), state)))) return 'later'
  const tray = leftOut.map((edit, index): TrayEntry => ({ ...edit, committee, at_ms: now_ms, id: `${committee}/${generation}/${index}` }))
  const switched = await keep.switchDocument({
    committee,
    from: before.generation,
    to: generation,
    moved,
    resets_ms: refusals.length > 0 ? [...resets_ms, now_ms] : resets_ms,
    writer,
    settled: [...settled.values()],
    tray,
    answered: refusals.map((refusal) => refusal.heard),
  })
  if (!switched) return 'later'
  if (!keep.usable) {
    const done = [...settled.values()].map(({ client, clock: end }) => ({ ...writer, client, clock: end, durable: end }))
    keep.hold(committee, { state, records: [writer, ...done] })
  }
  local.leave()
  return 'switched'
}

const within = (clock: Clock, limit_ms: number, work: Promise<void>): Promise<boolean> =>
  new Promise((resolve, reject) => {
    const cancel = clock.after(limit_ms, () => resolve(false))
    work.then(() => resolve(true), reject).finally(cancel)
  })

/** Own clients that hold what is not in a committed row, nor written anew. */
const unsentClients = ({ doc, ledger }: Source): number[] =>
  ledger
    .records()
    .filter(({ client, durable }) => Y.getState(doc.store, client) > durable)
    .map(({ client }) => client)

/**
 * First clocks that will never enter the document, and what is kept aside of these clients. One that is somebody else's never had
 * anything of ours there.
 */
async function seal(
  inside: Inside,
  committee: CommitteeId,
  clients: readonly number[],
): Promise<Result<{ readonly clocks: ReadonlyMap<number, number>; readonly reasons: readonly Reason[] }, FailureCode>> {
  const seals = new Map<number, number>()
  const named: Reason[] = []
  const ask = async (some: readonly number[]): Promise<Result<void, FailureCode>> => {
    const answer = await inside.fetch(`/committees/${committee}/seal`, postJson({ clients: some }))
    if (!answer.ok && answer.error.code === 'foreign-client') {
      const [first] = some
      if (first !== undefined && some.length === 1) seals.set(first, 0)
      else {
        for (const one of some) {
          const asked = await ask([one])
          if (!asked.ok) return asked
        }
      }
      return ok()
    }
    if (!answer.ok) return err(answer.error.code)
    const { clocks, reasons } = (await answer.value.json()) as SealAnswer
    named.push(...reasons)
    for (const [client, end] of Object.entries(clocks)) seals.set(Number(client), end)
    return ok()
  }
  for (let at = 0; at < clients.length; at += sealsMax) {
    const asked = await ask(clients.slice(at, at + sealsMax))
    if (!asked.ok) return asked
  }
  return ok({ clocks: seals, reasons: named })
}

/** The person's rights, the candidates and the roll as they are now: what they were when it was written is what went wrong. */
async function askFacts(inside: Inside, committee: CommitteeId): Promise<Result<Judge, FailureCode>> {
  const answer = await inside.fetch('/me')
  if (!answer.ok) return err(answer.error.code)
  const me = (await answer.value.json()) as MeAnswer
  const entry = me.committees.find(({ id }) => id === committee)
  if (entry === undefined) return err('not-assigned')
  let serials: ReadonlySet<number> | undefined
  const asked = await loadRoll(inside, committee, {
    of: entry.electors,
    isShown: false,
    show: (roll) => {
      if (roll.state === 'ready') serials = new Set(roll.electors.map(({ serial }) => serial))
    },
    meet: () => {},
  })
  if (!asked) return err('offline')
  const election = ballotPaper(me, entry)
  const candidates = new Set<number>(election.candidates.map(({ number }) => number))
  return ok({
    writer: { user: me.user.id, role: me.user.role, assigned: entry.rights, rights: usableRights(entry.rights, entry.phase) },
    facts: {
      hasElector: (elector) => serials?.has(elector) ?? true,
      hasCandidate: (candidate) => candidates.has(candidate),
      choices_per_ballot: election.choices_per_ballot,
    },
  })
}
