import { batch, createMemo, createSignal, onCleanup, untrack } from 'solid-js'
import { ballotsRoot, countBallots, readLogs } from '#contract/document/ballots.ts'
import type { Facts } from '#contract/document/values.ts'
import { type CommitteeId, documentName } from '#contract/ids.ts'
import type { ServerMessage } from '#contract/messages.ts'
import { assert, ok, unreachable } from '#contract/result.ts'
import { usableRights } from '#contract/rights.ts'
import { createAside } from './aside.ts'
import { ballotPaper } from './ballot-paper.ts'
import { bindAttendance } from './binding/attendance.ts'
import { bindBallots } from './binding/ballots.ts'
import { bindConflicts } from './binding/conflicts.ts'
import { createDifferences } from './binding/differences.ts'
import { bindFigures } from './binding/figures.ts'
import { bindGuarantees } from './binding/guarantees.ts'
import { bindNote } from './binding/note.ts'
import { createPending } from './binding/pending.ts'
import { createStrikeCount } from './binding/strike.ts'
import { bindWalkins } from './binding/walkins.ts'
import { conflate } from './clock.ts'
import { createColleagues } from './colleagues.ts'
import type { CommitteeSession } from './committee-session.ts'
import { copyUnsent } from './copy.ts'
import { createCounting } from './counting.ts'
import { createLocalDocument } from './document.ts'
import { insideOf } from './inside.ts'
import { createNoteWriters } from './note-writers.ts'
import { changePhase, readDevices } from './phases.ts'
import { createPresence } from './presence.ts'
import { createReset } from './reset.ts'
import { countRegistered, loadRoll, type RollState } from './roll.ts'
import type { Session } from './session.ts'
import { createStatus } from './status.ts'
import { createWriting } from './write.ts'
import { mayDecide } from './write-conflicts.ts'

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

  const [isWriting, setWriting] = createSignal(false)
  const local = createLocalDocument(keep, id, clock, { onMended: () => tellCounts.later(), onWriting: setWriting })
  const { doc, ledger } = local
  const pending = createPending(ledger.covers)
  const strike = createStrikeCount(clock)
  const attendance = bindAttendance(doc, user.id, pending, strike.attended)
  const guarantees = bindGuarantees(doc, user.id, strike.guaranteed)
  const figures = bindFigures(doc, user.id, pending)
  const walkins = bindWalkins(doc, user.id, pending)
  const differences = createDifferences()
  const ballots = bindBallots(doc, differences.watch)
  const conflicts = bindConflicts(doc)
  const counting = createCounting(doc, user.id, ballots, ledger)
  const status = createStatus({ inside, committee: id, doc, ledger, isWriting })
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
  const colleagues = createColleagues(keep, user)
  const presence = createPresence({
    clock,
    me: user,
    awareness: () => status.link?.awareness,
    unsent: () => status.now().unsent,
    meet: colleagues.meet,
  })
  const notes = createNoteWriters({ doc, clock, ...presence.views })
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
    freshRoll ??= loadRoll(inside, id, {
      of: entry.electors,
      isShown: untrack(roll).state === 'ready',
      show: setRoll,
      meet: colleagues.meet,
    })
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
    await Promise.all([local.load(), colleagues.load()])
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
    notes.stop()
    presence.stop()
    status.close()
    reset.stop()
    attendance.stop()
    guarantees.stop()
    figures.stop()
    walkins.stop()
    ballots.stop()
    conflicts.stop()
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
    differences,
    conflicts,
    settle: writing.settle,
    mayDecide: ({ root }) => mayDecide(root, role(), rights()),
    figures: figures.rows,
    ...presence.views,
    nameOf: colleagues.nameOf,
    writers: notes.writers,
    typing: notes.typing,
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
