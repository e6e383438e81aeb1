import type { MeAnswer } from '#contract/api.ts'
import type { CommitteeId, Sheet, UserId } from '#contract/ids.ts'

// The few things a page must know before any database is open. Private windows may refuse local storage: then nobody is
// remembered, and that is what the person asked for.

function read(key: string): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    return null // blocked: nothing is remembered
  }
}

function write(key: string, value: string | undefined): void {
  try {
    if (value === undefined) localStorage.removeItem(key)
    else localStorage.setItem(key, value)
  } catch {
    // blocked or full: the next start asks for a login, nothing is lost
  }
}

/** Who used this device last, so that the app opens without a network. The shape is what the server sent. */
export function lastMe(): MeAnswer | undefined {
  const text = read('lajna/me')
  try {
    const me = text === null ? undefined : (JSON.parse(text) as MeAnswer)
    return Array.isArray(me?.elections) ? me : undefined // an earlier version knew only one election
  } catch {
    return undefined // not ours
  }
}

export const rememberMe = (me: MeAnswer): void => write('lajna/me', JSON.stringify(me))
/** Another tab may have signed in as somebody else meanwhile: that one stays remembered. */
export function forgetMe(user: UserId): void {
  if (lastMe()?.user.id === user) write('lajna/me', undefined)
}

/** What this browser calls itself. Where nothing is remembered it has no name, and is known by its Yjs client alone. */
export function deviceName(): string | undefined {
  const known = read('lajna/device')
  if (known !== null) return known
  write(
    'lajna/device',
    crypto.getRandomValues(new Uint32Array(4)).reduce((name, part) => name + part.toString(36), ''),
  )
  return read('lajna/device') ?? undefined
}

/** Signed out without a network: the cookie is still there, and the server is told at the next start. */
export const isLeaving = (): boolean => read('lajna/leaving') !== null
export const setLeaving = (leaving: boolean): void => write('lajna/leaving', leaving ? '1' : undefined)

/** A person's answer to one difference between two sheets: `right`, "ours is right"; `left`, "the supervisor sees to it". */
export type DifferenceAnswer = {
  readonly key: string
  readonly one: Sheet
  readonly other: Sheet
  readonly n: number
  readonly how: 'right' | 'left'
}

/** Older answers are forgotten: whoever gave so many has long been asked again. */
const answers_max = 100

/** What this person answered on this device, oldest first: nobody is asked twice because the page was loaded again. */
export function differenceAnswers(user: UserId, committee: CommitteeId): readonly DifferenceAnswer[] {
  try {
    const kept = JSON.parse(read(`lajna/differences/${user}/${committee}`) ?? '[]') as readonly DifferenceAnswer[]
    return Array.isArray(kept) ? kept : []
  } catch {
    return [] // not ours
  }
}

export const rememberAnswers = (user: UserId, committee: CommitteeId, answers: readonly DifferenceAnswer[]): void =>
  write(`lajna/differences/${user}/${committee}`, JSON.stringify(answers.slice(-answers_max)))
