import { type Accessor, batch, createMemo, createSignal, onCleanup, untrack } from 'solid-js'
import type { CommitteeEntry, Device, Election } from '#contract/api.ts'
import { ballotsRoot, type CountedBallot, countBallots, readLogs } from '#contract/document/ballots.ts'
import type { FigureSource } from '#contract/document/keys.ts'
import type { TextEdit } from '#contract/document/notes.ts'
import type { Facts } from '#contract/document/values.ts'
import type { WalkinPlace } from '#contract/document/walkins.ts'
import { type CandidateNumber, type CommitteeId, documentName, type ElectorSerial, type Sheet, type UserId } from '#contract/ids.ts'
import type { ServerMessage } from '#contract/messages.ts'
import type { Refusal } from '#contract/refusals.ts'
import { assert, ok, type Result, unreachable } from '#contract/result.ts'
import { type Phase, type Right, usableRights } from '#contract/rights.ts'
import type { Failure } from './api.ts'
import { type Aside, createAside } from './aside.ts'
import { ballotPaper } from './ballot-paper.ts'
import { type AttendanceRow, bindAttendance } from './binding/attendance.ts'
import { bindBallots, type Tally } from './binding/ballots.ts'
import { bindFigures, type FigureRow } from './binding/figures.ts'
import { bindGuarantees, type GuaranteeRow } from './binding/guarantees.ts'
import { bindNote, type Note } from './binding/note.ts'
import { createPending } from './binding/pending.ts'
import { createStrikeCount } from './binding/strike.ts'
import { bindWalkins, type WalkinCounts, type WalkinRow } from './binding/walkins.ts'
import { conflate } from './clock.ts'
import { copyUnsent } from './copy.ts'
import { type Ballot, createCounting } from './counting.ts'
import { createLocalDocument } from './document.ts'
import { insideOf } from './inside.ts'
import type { TrayEntry } from './kept-documents.ts'
import type { Person } from './people.ts'
import { changePhase, readDevices } from './phases.ts'
import { createPresence, type PlaceChanges } from './presence.ts'
import { createReset, type ResetState } from './reset.ts'
import { countRegistered, loadRoll, type RollState } from './roll.ts'
import type { Session } from './session.ts'
import { createStatus, type Status } from './status.ts'
import { createWriting } from './write.ts'
import type { PledgeFields, WalkinFields } from './write-roll.ts'

export type { Ballot, FigureRow, TrayEntry }

/** What views see of one committee. Reading is by signals and stores; writing answers at once, saving shows in `status`. */
export type CommitteeSession = {
  readonly entry: CommitteeEntry
  readonly election: Election
  readonly roll: Accessor<RollState>
  /** The figures can be shown: the kept copy is read, and if there was none, the server's is here or out of reach. */
  readonly loaded: Accessor<boolean>
  /** Usable now: assigned, and open in this phase. */
  readonly rights: Accessor<readonly Right[]>
  readonly phase: Accessor<Phase>
  readonly attendance: Readonly<Record<number, AttendanceRow | undefined>>
  readonly guarantees: Readonly<Record<number, readonly GuaranteeRow[] | undefined>>
  /** Not the walk-ins: those are counted apart. Each a signal of its own: who shows one is not woken by the others. */
  readonly counts: { readonly attended: number; readonly strike: number; readonly registered: number }
  /** Grows a moment after changes of attendance or guarantees, for lists over all of them. */
  readonly revision: Accessor<number>
  readonly walkins: Accessor<readonly WalkinRow[]>
  readonly walkinCounts: Accessor<WalkinCounts>
  note(serial: ElectorSerial): Note
  tally(sheet: Sheet): Accessor<Tally>
  /** My own last five, newest first, voided ones marked. */
  recent(sheet: Sheet): Accessor<readonly Ballot[]>
  nextBallot(sheet: Sheet): Accessor<number>
  setNextBallot(sheet: Sheet, n: number): void
  /** Every ballot of a sheet with what became of it. Reads the whole sheet: for what is looked at now and then. */
  ballots(sheet: Sheet): readonly CountedBallot[]
  /** Who has called a ballot on a sheet, ascending. */
  countersOf(sheet: Sheet): readonly UserId[]
  /** By `figureRowKey`. */
  readonly figures: Readonly<Record<string, FigureRow | undefined>>
  readonly people: Accessor<readonly Person[]>
  /** Tells the others where this person is; what is undefined is taken back. */
  present(changes: PlaceChanges): void
  nameOf(user: UserId): string
  readonly status: Accessor<Status>
  mark(serial: ElectorSerial): Result<void, Refusal>
  unmark(serial: ElectorSerial, why: string): Result<void, Refusal>
  /** My mark on all of them, or on none; answers those that did not have it before. */
  markAll(serials: readonly ElectorSerial[]): Result<readonly ElectorSerial[], Refusal>
  unmarkAll(serials: readonly ElectorSerial[], why: string): Result<void, Refusal>
  /** A supervisor's word that the marks as they stand now are wrong, and that word taken back. */
  overrule(serial: ElectorSerial, why: string): Result<void, Refusal>
  restore(serial: ElectorSerial, why: string): Result<void, Refusal>
  /** `collector`: another's, for those who may speak for others. */
  pledge(serial: ElectorSerial, fields: PledgeFields, collector?: UserId): Result<void, Refusal>
  writeNote(serial: ElectorSerial, edits: readonly TextEdit[]): Result<void, Refusal>
  addWalkin(fields: WalkinFields): Result<void, Refusal>
  acceptWalkin(place: WalkinPlace, accepted: boolean): Result<void, Refusal>
  call(sheet: Sheet, choices: readonly CandidateNumber[] | null, n: number): Result<Ballot, Refusal>
  voidBallot(sheet: Sheet, id: string, why: string): Result<void, Refusal>
  /** Strikes a ballot and lets other choices count in its place, under its number. */
  correctBallot(sheet: Sheet, id: string, why: string, instead: readonly CandidateNumber[] | null): Result<void, Refusal>
  /** What this person read of a figure. */
  state(source: FigureSource, figure: string, value: number): Result<void, Refusal>
  /** Settles a figure until somebody says something else. */
  rule(source: FigureSource, figure: string, value: number): Result<void, Refusal>
  /** What of this person's work here could not be brought into the document, oldest first. */
  readonly tray: Accessor<readonly TrayEntry[]>
  putAway(ids: readonly string[]): void
  /** Writes the own value of what raced now, as a normal edit, and puts it away. */
  keepMine(entry: TrayEntry): Result<void, Refusal>
  /** Whether this device has to start anew after a refusal. It does so by itself. */
  readonly reset: Accessor<ResetState>
  /** Changes the committee's phase; null: the election's own. Everybody hears of it as they hear of their rights. */
  changePhase(phase: Phase | null): Promise<Result<void, Failure>>
  /** Devices at work here today, those with unsent edits first. */
  devices(): Promise<Result<readonly Device[], Failure>>
  readonly aside: Aside
  reconnect(): void
  close(): void
}

type OpenOptions = {
  /** This device works on a fresh document from now on: close this session and open another. */
  readonly onReset: () => void
}

/** Opens a committee. Call under a Solid owner: it closes when the owner is cleaned up. */
export function openCommittee(session: Session, id: CommitteeId, { onReset }: OpenOptions): CommitteeSession {
  const inside = insideOf(session)
  const { clock, keep, me } = inside
  const entry = me.committees.find((committee) => committee.id === id)
  assert(entry !== undefined, 'only committees of the list are opened')
  const user = { id: me.user.id, name: me.user.name, role: me.user.role }
  /** May change while the committee is open; of somebody who leaves, the last. */
  const role = () => {
    const now = session.state()
    return now.phase === 'signed-in' ? now.me.user.role : user.role
  }

  const local = createLocalDocument(keep, id, clock, { onMended: () => tellCounts.later() })
  const { doc, ledger } = local
  const pending = createPending(ledger.covers)
  const strike = createStrikeCount(clock)
  const attendance = bindAttendance(doc, user.id, pending, strike.attended)
  const guarantees = bindGuarantees(doc, user.id, strike.guaranteed)
  const figures = bindFigures(doc, user.id, pending)
  const walkins = bindWalkins(doc, user.id, pending)
  const ballots = bindBallots(doc)
  const counting = createCounting(doc, user.id, ballots, ledger)
  const status = createStatus({ inside, committee: id, doc, ledger })
  let blocked = false
  const reset = createReset({
    inside,
    committee: id,
    url: socketUrl(id),
    local,
    block: (on) => {
      blocked = on
    },
    onSwitched: () => {
      inside.keptChanged()
      if (!closed) onReset()
    },
  })

  const [assigned, setAssigned] = createSignal(entry.rights)
  const [phase, setPhase] = createSignal(entry.phase)
  const rights = createMemo(() => usableRights(assigned(), phase()))
  const [loaded, setLoaded] = createSignal(false)
  const [roll, setRoll] = createSignal<RollState>({ state: 'loading', have: 0, of: entry.electors })
  const serials = createMemo(() => {
    const now = roll()
    return now.state === 'ready' ? new Set(now.electors.map((elector) => elector.serial)) : undefined
  })
  const election = ballotPaper(me, entry)
  const candidates = new Set(election.candidates.map((candidate) => candidate.number))
  const facts: Facts = {
    hasElector: (elector) => serials()?.has(elector) ?? true, // without the roll the server has the last word
    hasCandidate: (candidate) => candidates.has(candidate),
    choices_per_ballot: election.choices_per_ballot,
  }
  const registered = createMemo(() => countRegistered(roll(), entry.electors))
  const aside = createAside({
    inside,
    committee: id,
    doc,
    mayDecide: createMemo(() => {
      const now = session.state()
      const mine = now.phase === 'signed-in' ? now.me.committees.find((one) => one.id === id) : undefined
      return mine?.rights.includes('rule') === true
    }),
  })
  const presence = createPresence(
    inside,
    user,
    () => status.link?.awareness,
    () => status.now().unsent,
  )
  const writing = createWriting({
    doc,
    writer: () => ({ user: user.id, role: role(), assigned: assigned(), rights: rights() }),
    facts: () => facts,
    ballots,
    attendanceOf: attendance.of,
    now_ms: clock.now,
    isReady: () => !closed && !blocked && status.isOpen() && ledger.isOwn(doc.clientID),
    onEdit: () => {
      status.edited()
      // In the task of the edits: who goes by the kept counts must not miss one when the tab dies.
      tellCounts.later()
      queueMicrotask(tellCounts.now)
    },
  })
  const tellCounts = conflate(clock, 300, () =>
    status.report({ attended: attendance.attended(), ballots: ballots.sheet('A').tally().ballots }),
  )
  let freshRoll: Promise<boolean> | undefined
  /** Once; after a failure again with the next reconnect. */
  const freshenRoll = async () => {
    freshRoll ??= loadRoll(inside, id, { of: entry.electors, isShown: untrack(roll).state === 'ready', show: setRoll, meet: presence.meet })
    if (!(await freshRoll)) freshRoll = undefined
  }

  function hear(message: ServerMessage) {
    switch (message.type) {
      case 'durable':
        batch(() => {
          if (ledger.learn(message.clocks)) {
            pending.settle()
            ballots.touch()
          }
          status.heardDurable(message)
        })
        tellCounts.later()
        return
      case 'rights':
        if (message.phase !== phase() || message.rights.join() !== rights().join()) inside.outdated()
        if (message.phase !== phase()) void aside.refresh()
        batch(() => {
          setAssigned(message.rights)
          setPhase(message.phase)
        })
        return
      case 'refused':
        // Of no edit but of the whole document: the line says so when it is closed, right after this.
        if (message.reasons.every(({ code, path }) => code === 'forbidden' && path === '')) return inside.outdated()
        reset.refused(message)
        return
      case 'token':
      case 'drain':
      case 'notice':
        return // the link has seen to the first two; notices have no screen yet
      default:
        unreachable(message)
    }
  }

  async function open() {
    await Promise.all([local.load(), presence.loadNames()])
    if (closed) return
    await local.claim()
    if (closed) return
    await status.open({
      url: socketUrl(id),
      name: documentName(id),
      presence: presence.state,
      onMessage: hear,
      onSynced: () => {
        setLoaded(true)
        tellCounts.later()
        reset.retry()
        void aside.refresh()
        void freshenRoll()
      },
      onTick: presence.tick,
      onOffline: () => {
        setLoaded(true)
        const { code } = status.now()
        if (code === 'foreign-client' || code === 'sealed') reset.changeClient()
      },
    })
    if (closed) return status.close()
    if (status.now().saved_at_ms !== undefined) setLoaded(true) // it was in step once: the kept copy is worth showing
    presence.start()
    status.link?.start()
    tellCounts.later()
    void reset.look()
    await freshenRoll()
  }

  let closed = false
  const close = () => {
    if (closed) return
    closed = true
    tellCounts.now()
    status.close()
    reset.stop()
    attendance.stop()
    guarantees.stop()
    figures.stop()
    walkins.stop()
    ballots.stop()
    strike.stop()
    const gone = opening
      .catch(() => undefined) // told as an unhandled rejection when it happened; closing goes on all the same
      .then(() => status.saved())
      .then(() => local.destroy())
    inside.closed(id, close, gone)
  }
  const tray = createMemo(() => keep.tray().filter(({ committee }) => committee === id))
  const putAway = (ids: readonly string[]) => void keep.putAway(ids).then(inside.keptChanged)
  doc.on('update', () => {
    tellCounts.later()
    // Yjs takes a new client id when it meets its own from elsewhere; that one, too, goes on the list before it may write.
    if (status.isOpen() && !ledger.isOwn(doc.clientID)) void local.claim()
  })
  inside.opened(id, {
    close,
    copy: () => ({ committee: id, ...copyUnsent(doc, ledger) }),
    look: () => void (status.isOpen() && !closed && reset.look()),
  })
  const opening = open()
  onCleanup(close)

  return {
    entry,
    election,
    roll,
    loaded,
    rights,
    phase,
    attendance: attendance.rows,
    guarantees: guarantees.rows,
    counts: {
      get attended() {
        return attendance.attended()
      },
      get strike() {
        return strike.count()
      },
      get registered() {
        return registered()
      },
    },
    revision: strike.revision,
    walkins: walkins.rows,
    walkinCounts: walkins.counts,
    note: (serial) => bindNote(doc, serial),
    tally: (sheet) => ballots.sheet(sheet).tally,
    recent: (sheet) => counting[sheet].recent,
    nextBallot: (sheet) => counting[sheet].next,
    setNextBallot: (sheet, n) => counting[sheet].setNext(n),
    ballots: (sheet) => {
      ballots.sheet(sheet).version()
      return countBallots(readLogs(ballotsRoot(doc), sheet))
    },
    countersOf: (sheet) => counting[sheet].counters(),
    figures: figures.rows,
    people: presence.people,
    present: presence.present,
    nameOf: presence.nameOf,
    status: status.now,
    mark: writing.mark,
    unmark: writing.unmark,
    markAll: writing.markAll,
    unmarkAll: writing.unmarkAll,
    overrule: writing.overrule,
    restore: writing.restore,
    pledge: writing.pledge,
    writeNote: writing.writeNote,
    addWalkin: writing.addWalkin,
    acceptWalkin: writing.acceptWalkin,
    call: (sheet, choices, n) => {
      const called = writing.call(sheet, choices, n)
      if (!called.ok) return called
      const { client, index, entry: made } = called.value
      counting[sheet].called(n)
      const now = { voided: false, corrected: false, durable: false }
      return ok({ id: `${client}:${index}`, sheet, n, at_s: made.at_s, choices, by: user.id, mine: true, ...now })
    },
    voidBallot: (sheet, ballot, why) => {
      const struck = counting[sheet].recent().find(({ id: own }) => own === ballot)
      const done = writing.voidBallot(sheet, ballot, why)
      if (done.ok && struck !== undefined && !struck.voided && !struck.corrected) counting[sheet].voided(struck.n)
      return done
    },
    correctBallot: writing.voidBallot,
    state: writing.state,
    rule: writing.rule,
    tray,
    putAway,
    keepMine: (entry) => {
      const done = writing.rewrite(entry.path, entry.key, entry.value)
      if (done.ok) putAway([entry.id])
      return done
    },
    reset: reset.state,
    changePhase: (next) => changePhase(inside, id, next),
    devices: () => readDevices(inside, id),
    aside,
    reconnect: () => status.link?.reconnect(),
    close,
  }
}

function socketUrl(id: CommitteeId): string {
  const { protocol, host } = window.location
  return `${protocol === 'https:' ? 'wss' : 'ws'}://${host}/collaboration?committee=${id}`
}
