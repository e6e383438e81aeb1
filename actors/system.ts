import type { CommitteeId } from '#contract/ids.ts'
import type { Limits } from '#contract/limits.ts'
import { err } from '#contract/result.ts'
import { committeeBehaviour } from './committee/committee.ts'
import type { CommitteeMessage } from './committee/messages.ts'
import type { CommitteePorts } from './committee/state.ts'
import { Journal, type JournalObserver } from './journal/journal.ts'
import type { JournalStore } from './journal/store.ts'
import { attempt } from './kernel/attempt.ts'
import type { KernelObserver } from './kernel/behaviour.ts'
import type { Clock } from './kernel/clock.ts'
import { type Directory, makeDirectory } from './kernel/directory.ts'
import type { Log } from './kernel/log.ts'
import { Overview } from './overview/overview.ts'
import type { SummaryStore } from './overview/store.ts'
import { workOut } from './overview/work-out.ts'
import { type SessionAddress, type SessionMessage, sessionBehaviour } from './sessions/session.ts'

export type SystemPorts = {
  readonly store: JournalStore
  readonly summaries: SummaryStore
  readonly clock: Clock
  readonly log: Log
  readonly limits: Limits
  readonly holder: CommitteePorts['holder']
  readonly facts: CommitteePorts['facts']
  readonly random: () => number
  readonly uuid: () => string
  readonly onStore: (store: 'away' | 'back') => void
  readonly observe?: {
    readonly kernel?: KernelObserver
    readonly journal?: JournalObserver
    readonly committee?: CommitteePorts['observe']
  }
}

export type System = {
  readonly committees: Directory<CommitteeId, CommitteeMessage>
  /** By user. */
  readonly sessions: Directory<SessionAddress, SessionMessage>
  readonly journal: Journal
  readonly overview: Overview
  /** Ends it: what waits is written, everyone sleeps. Answers what could not be saved by then; empty: all of it was. */
  drain(deadline_ms: number): Promise<{ readonly committees: readonly CommitteeId[]; readonly entries: number }>
}

/**
 * Makes every actor and says who may tell whom; the only file that names them all.
 *
 *   server ──► committee ──append──► journal ──► store
 *          │       ▲ journaled ──────────┘
 *          │       └──summarized──► overview ──► summaries
 *          └────► session (of a user: who may come in; it tells nobody)
 */
export function makeSystem(ports: SystemPorts): System {
  const { store, clock, log, limits, holder, facts, uuid, observe } = ports
  const journal = new Journal({
    store,
    clock,
    log,
    limits,
    random: ports.random,
    onStore: ports.onStore,
    ...(observe?.journal === undefined ? {} : { observe: observe.journal }),
  })
  const committees: Directory<CommitteeId, CommitteeMessage> = makeDirectory(
    committeeBehaviour({
      store,
      append: (entry) =>
        journal.append(entry, (result) => committees.answer(entry.committee, { type: 'journaled', uuid: entry.uuid, result })),
      seal: async (committee, id, request) => {
        const asked = await attempt(() => store.seal(committee, request))
        if (!asked.ok || (!asked.value.ok && asked.value.error === 'rejected')) log.error({ committee, asked }, 'no seal could be made')
        committees.answer(committee, { type: 'sealed', id, result: asked.ok ? asked.value : err('unavailable') })
      },
      answer: (committee, message) => committees.answer(committee, message),
      facts,
      summarized: (summary) => overview.summarized(summary),
      holder,
      clock,
      log,
      limits,
      uuid,
      ...(observe?.committee === undefined ? {} : { observe: observe.committee }),
    }),
    {
      clock,
      log,
      limits: { mailbox_messages_max: limits.mailbox_messages_max, idle_ms: limits.committee_idle_ms },
      ...(observe?.kernel === undefined ? {} : { observe: observe.kernel }),
    },
  )
  const overview = new Overview({
    store: ports.summaries,
    clock,
    log,
    isHeld: (committee) => committees.has(committee),
    workOut: (committee) => workOut(committee, { store, facts }),
  })
  const sessions = makeDirectory(sessionBehaviour({ clock, limits }), {
    clock,
    log,
    limits: { mailbox_messages_max: limits.mailbox_messages_max, idle_ms: limits.committee_idle_ms },
    ...(observe?.kernel === undefined ? {} : { observe: observe.kernel }),
  })
  return {
    committees,
    sessions,
    journal,
    overview,
    async drain(deadline_ms) {
      const end_ms = clock.now_ms() + deadline_ms
      // The actors first: what they have admitted still has to go through the journal.
      const left = await committees.drain(deadline_ms)
      const entries = await journal.drain(Math.max(0, end_ms - clock.now_ms()))
      // Figures can be worked out again: nothing is unsaved without them, and a store that is away is not waited for.
      await Promise.race([overview.stop(), new Promise<void>((resolve) => void clock.after(Math.max(0, end_ms - clock.now_ms()), resolve))])
      return { committees: left, entries: entries.length }
    },
  }
}
