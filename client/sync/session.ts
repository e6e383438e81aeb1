import { type Accessor, batch, createSignal } from 'solid-js'
import type { DemoAnswer, LoginAnswer, MeAnswer, TokenAnswer } from '#contract/api.ts'
import type { CommitteeId } from '#contract/ids.ts'
import type { RefusalCode } from '#contract/refusals.ts'
import { assert, err, ok, type Result } from '#contract/result.ts'
import { ask, askJson, type Failure, isPassing, postJson } from './api.ts'
import { browserClock } from './clock.ts'
import { type CommitteeCopy, copyUnsent, joinCopies } from './copy.ts'
import { createCounts, type KeptCounts, type TabMessage } from './counts.ts'
import { countUnsent, createLocalDocument, withLeftBehind } from './document.ts'
import { type Inside, letInside } from './inside.ts'
import { isQuota, Keep, type StorageState } from './keep.ts'
import type { TrayEntry } from './kept-documents.ts'
import { forgetMe, isLeaving, lastMe, rememberMe, setLeaving } from './memory.ts'
import { createOpenings } from './openings.ts'
import { claimsOf, createTokens, type Tokens } from './token.ts'

type SessionState =
  | { readonly phase: 'starting' }
  | { readonly phase: 'signed-out'; readonly reason?: RefusalCode }
  | { readonly phase: 'signed-in'; readonly me: MeAnswer; readonly online: boolean }

export type Session = {
  readonly state: Accessor<SessionState>
  signIn(login: string, password: string): Promise<Result<void, Failure>>
  signOut(): Promise<void>
  /** Asks the server what this person may see and do, unless it has just said so. For whoever looks at the list of committees. */
  freshen(): void
  /** The same in any case: somebody has tapped, and waits for the answer of this moment. */
  askAgain(): void
  /** Over all committees of this person on this device. */
  readonly unsent: Accessor<number>
  kept(committee: CommitteeId): Accessor<KeptCounts>
  /** Whether this device keeps what is written, over all committees. */
  readonly storage: Accessor<StorageState>
  /** What of this person's work could not be brought into a document, over all committees. */
  readonly tray: Accessor<readonly TrayEntry[]>
  /** All unsent work of this person on this device, to be carried away in a file. */
  copy(): Promise<WorkCopy>
  /** For a page about to load anew: closes every committee. Resolves when what was written is kept. */
  settle(): Promise<void>
  /** Logins of the demo election; undefined where it is not loaded. */
  demo(): Promise<DemoAnswer | undefined>
}

/** The file's shape; `format` changes with it. */
type WorkCopy = {
  readonly format: 'lajna-unsent/1'
  readonly made_at: string
  readonly user: MeAnswer['user']
  readonly election: string
  readonly committees: readonly CommitteeCopy[]
  /** What could not be brought into a document, as it was meant. */
  readonly left_out: readonly TrayEntry[]
}

const retry_ms = 10_000
/** A phase changes for thousands in the same second, and each of them sees it where they are: the list comes later, one by one. */
const outdated_spread_ms = 15_000
/** An answer younger than this is news enough for whoever opens the list. */
const fresh_ms = 3_000

/** Runs one at a time over all tabs; where the browser has no locks, over this tab. */
const alone = <Value>(run: () => Promise<Value>): Promise<Value> =>
  navigator.locks === undefined ? run() : (navigator.locks.request('lajna-token', run) as Promise<Value>)

/** Brings to the server what is unsent in a closed committee; answers how to stop. From outside: it knows the session, not the session it. */
type Deliver = (session: Session, committee: CommitteeId, done: (delivered: boolean) => void) => () => void

/** The one session of a page. Starts at once: with the person of last time where there was one, also without a network. */
export function createSession(deliver: Deliver): Session {
  const clock = browserClock
  const [state, setState] = createSignal<SessionState>({ phase: 'starting' })
  const counts = createCounts()
  const openings = createOpenings(() => callCourier())
  const tabs = new BroadcastChannel('lajna-session')
  // Committees that would not take what is left behind: not asked again before the next contact with the server.
  const barred = new Set<CommitteeId>()
  let keep: Keep | undefined
  let stopCourier: (() => void) | undefined
  let cancelRetry = () => {}
  let cancelOutdated: (() => void) | undefined
  let answered_ms = 0
  let asked = 0

  const me = () => {
    const now = state()
    return now.phase === 'signed-in' ? now.me : undefined
  }
  const setOnline = (online: boolean) => {
    const now = state()
    if (now.phase === 'signed-in' && now.online !== online) setState({ ...now, online })
  }
  const tokens = createTokens({
    clock,
    alone,
    renew: async () => {
      const answer = await askJson<TokenAnswer>('/token', { method: 'POST' })
      const user = me()?.user.id
      // The cookie is the browser's, the work is a person's: nobody's edits may leave under another's name.
      const isOthers = answer.ok && user !== undefined && claimsOf(answer.value.token)?.sub !== String(user)
      return isOthers ? err({ code: 'unauthenticated' }) : answer
    },
    onRenewed: () => setOnline(true),
    onRefused: (code) => leave(code === 'offline' ? undefined : code),
  })
  const fetchAs = fetchWith(tokens)
  const fetchMe = async (): Promise<Result<MeAnswer, Failure>> => {
    const response = await fetchAs('/me')
    return response.ok ? ok((await response.value.json()) as MeAnswer) : response
  }

  /** Shows a person's work on this device. */
  async function enter(answer: MeAnswer, online: boolean) {
    const opened = await Keep.open(answer.user.id)
    await counts.load(opened)
    keep?.close()
    keep = opened
    rememberMe(answer)
    setState({ phase: 'signed-in', me: answer, online })
    void navigator.storage?.persist?.() // without it the browser may clear a phone that runs short; it may say no
    if (online) callCourier()
  }

  /** Asks who we are now: rights and phases may have changed while this page was away. */
  async function connect() {
    cancelRetry()
    cancelOutdated?.()
    cancelOutdated = undefined
    asked += 1
    const question = asked
    const answer = await fetchMe()
    const now = me()
    // Answers may overtake each other: only that to the last question is of now.
    if (now === undefined || question !== asked) return
    if (answer.ok) {
      answered_ms = clock.now()
      if (answer.value.user.id !== now.user.id) return leave()
      rememberMe(answer.value)
      if (JSON.stringify(answer.value) === JSON.stringify(now)) setOnline(true)
      else setState({ phase: 'signed-in', me: answer.value, online: true })
      barred.clear()
      callCourier()
    } else if (isPassing(answer.error.code)) {
      setOnline(false)
      cancelRetry = clock.after(retry_ms, () => void connect())
    } else if (answer.error.code !== 'offline') leave(answer.error.code)
  }

  /** Ends the session on this page. What is unsent stays on the device and leaves with this person's next session. */
  function leave(reason?: RefusalCode) {
    cancelRetry()
    cancelOutdated?.()
    cancelOutdated = undefined
    tokens.clear()
    stopCourier?.()
    stopCourier = undefined
    const user = me()?.user.id
    if (user !== undefined) forgetMe(user)
    batch(() => {
      setState({ phase: 'signed-out', ...(reason === undefined ? {} : { reason }) })
      openings.closeAll()
    })
  }

  async function signIn(login: string, password: string): Promise<Result<void, Failure>> {
    const answer = await askJson<LoginAnswer>('/login', postJson({ login, password }))
    if (!answer.ok) return answer
    setLeaving(false)
    tokens.accept(answer.value)
    const found = await fetchMe()
    if (!found.ok) {
      tokens.clear()
      return found
    }
    answered_ms = clock.now()
    await enter(found.value, true)
    tell({ type: 'signed-in', user: found.value.user.id })
    return ok()
  }

  async function signOut() {
    const left = keep
    const user = me()?.user.id
    const committees = [...new Set([...counts.committees(), ...openings.committees()])]
    leave()
    if (user !== undefined) tell({ type: 'signed-out', user })
    setLeaving(true)
    if ((await ask('/logout', { method: 'POST' })).ok) setLeaving(false)
    await openings.settled()
    if (left === undefined) return
    let unsent = 0
    for (const committee of committees) unsent += await countUnsent(left, committee, clock)
    if (unsent === 0 && left.tray().length === 0 && state().phase === 'signed-out') await left.forget(committees)
  }

  const tell = (message: TabMessage) => tabs.postMessage(message)
  tabs.onmessage = ({ data }: MessageEvent<TabMessage>) => {
    const isMine = data.user === me()?.user.id
    // Who signs in takes the browser's one cookie: everybody else in it is signed out, their work stays kept.
    const ends = data.type === 'signed-in' ? !isMine : data.type === 'signed-out' && isMine
    if (ends && me() !== undefined) leave()
    else if (isMine && data.type === 'kept') {
      void keep?.readTray()
      openings.look()
    } else if (isMine && data.type === 'report') counts.report(data.committee, data.report)
  }

  /** What is unsent in committees that nobody has open, one committee after the other. */
  function callCourier() {
    const now = state()
    if (stopCourier !== undefined || now.phase !== 'signed-in' || !now.online) return
    const next = now.me.committees.find(({ id }) => counts.of(id).unsent > 0 && openings.isIdle(id) && !barred.has(id))
    if (next === undefined) return
    const stop = deliver(session, next.id, (delivered) => {
      if (stopCourier !== stop) return
      if (!delivered) barred.add(next.id)
      stopCourier = undefined
      stop()
    })
    stopCourier = stop
  }

  async function settle() {
    stopCourier?.()
    stopCourier = () => {} // closing calls for the next one: there is none
    openings.closeAll()
    await openings.settled()
  }

  async function copy(): Promise<WorkCopy> {
    const now = me()
    assert(now !== undefined && keep !== undefined, 'only somebody signed in has work to copy')
    const committees: CommitteeCopy[] = []
    // Also what is kept of a committee that is no longer theirs: it has nowhere else to go.
    for (const id of counts.committees()) {
      if (counts.of(id).unsent > 0) committees.push(openings.copyOf(id) ?? (await copyOfClosed(keep, id)))
    }
    return {
      format: 'lajna-unsent/1',
      made_at: new Date(clock.now()).toISOString(),
      user: now.user,
      election: now.election.id,
      committees,
      left_out: keep.tray(),
    }
  }

  async function copyOfClosed(from: Keep, committee: CommitteeId): Promise<CommitteeCopy> {
    const local = createLocalDocument(from, committee, clock)
    await local.load()
    const left = await withLeftBehind(from, { committee, clock, inUse: local }, ({ doc, ledger }) => copyUnsent(doc, ledger))
    const copied = joinCopies([copyUnsent(local.doc, local.ledger), ...left])
    await local.destroy()
    return { committee, ...copied }
  }

  async function start() {
    const last = lastMe()
    if (isLeaving() && (await ask('/logout', { method: 'POST' })).ok) setLeaving(false)
    if (last === undefined) {
      setState({ phase: 'signed-out' })
      return
    }
    await enter(last, false)
    await connect()
  }

  const inside: Omit<Inside, 'me' | 'keep'> = {
    clock,
    token: tokens.get,
    contact: (online) => {
      const now = state()
      if (now.phase !== 'signed-in' || now.online === online) return
      if (online) return void connect()
      setOnline(false)
      cancelRetry()
      cancelRetry = clock.after(retry_ms, () => void connect())
    },
    fetch: fetchAs,
    refresh: () => void connect(),
    outdated: () => {
      cancelOutdated ??= clock.after(Math.random() * outdated_spread_ms, () => void connect())
    },
    report: (committee, report) => {
      counts.report(committee, report)
      const user = me()?.user.id
      if (user !== undefined) tell({ type: 'report', user, committee, report })
    },
    keptChanged: () => {
      const user = me()?.user.id
      if (user !== undefined) tell({ type: 'kept', user })
    },
    opened: openings.opened,
    closed: openings.closed,
  }
  const session: Session = {
    state,
    signIn,
    signOut,
    freshen: () => {
      const now = state()
      const isOld = cancelOutdated !== undefined || clock.now() - answered_ms > fresh_ms
      if (now.phase === 'signed-in' && now.online && isOld) void connect() // without a server it is asked again anyway
    },
    unsent: counts.unsent,
    kept: (committee) => () => counts.of(committee),
    storage: () => (me() === undefined ? 'kept' : (keep?.storage() ?? 'kept')),
    tray: () => (me() === undefined ? [] : (keep?.tray() ?? [])),
    copy,
    askAgain: () => void connect(),
    settle,
    demo: async () => {
      const answer = await askJson<DemoAnswer>('/demo')
      return answer.ok ? answer.value : undefined
    },
  }
  letInside(session, () => {
    const now = me()
    return now === undefined || keep === undefined ? undefined : { ...inside, me: now, keep }
  })
  window.addEventListener('online', () => void (me() !== undefined && connect()))
  window.addEventListener('offline', () => setOnline(false))
  // y-indexeddb lets its own tidying fall where the disk is full. Nothing is lost by that: what people write goes another way.
  window.addEventListener('unhandledrejection', (event) => {
    if (isQuota(event.reason)) event.preventDefault()
  })
  // The browser's own question, where closing the page would lose work.
  window.addEventListener('beforeunload', (event) => {
    if (session.storage() !== 'kept' && session.unsent() > 0) event.preventDefault()
  })
  void start()
  return session
}

/** Calls with the token; once more with a new one if the old was just over. */
function fetchWith(tokens: Tokens) {
  const attempt = async (path: string, init: RequestInit, besides?: string) => {
    const token = await tokens.get(besides)
    if (!token.ok) return { answer: err<Failure>({ code: token.error }) }
    const headers = { ...init.headers, authorization: `Bearer ${token.value}` }
    return { used: token.value, answer: await ask(path, { ...init, headers }) }
  }
  return async (path: string, init: RequestInit = {}): Promise<Result<Response, Failure>> => {
    const { used, answer } = await attempt(path, init)
    const isOver = !answer.ok && answer.error.code === 'token-expired'
    return isOver ? (await attempt(path, init, used)).answer : answer
  }
}
