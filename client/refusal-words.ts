import type { RefusalCode } from '#contract/refusals.ts'
import type { WordKey } from './i18n/words.ts'

/** A refusal in plain words: what is safe, what happened, what to do. */
export type RefusalWords = Exclude<Extract<WordKey, `refusal.${string}`>, 'refusal.throttled'>

/** What to say when signing in was refused. A code that cannot come from there reads as "try again". */
export function signInRefusal(code: RefusalCode | 'offline'): RefusalWords {
  switch (code) {
    case 'unauthenticated':
      return 'refusal.wrong_login'
    case 'rate-limited':
    case 'too-many-connections':
      return 'refusal.throttled_unknown'
    case 'offline':
      return 'refusal.offline'
    case 'store-unavailable':
    case 'draining':
    case 'overloaded':
      return 'refusal.busy'
    default:
      return 'refusal.other'
  }
}

/** What to say when an edit was refused on this device, before it was written. */
export function editRefusal(code: RefusalCode): Extract<RefusalWords, 'refusal.not_allowed' | 'refusal.late' | 'refusal.other'> {
  switch (code) {
    case 'forbidden':
    case 'not-assigned':
      return 'refusal.not_allowed'
    case 'late':
      return 'refusal.late'
    default:
      return 'refusal.other'
  }
}

/** Why something is kept aside, for whoever decides on it: what is the matter with it, not what its author should do. */
export function keptReason(code: RefusalCode): Extract<WordKey, `aside.why_${string}`> {
  switch (code) {
    case 'late':
      return 'aside.why_late'
    case 'forbidden':
    case 'not-assigned':
      return 'aside.why_right'
    case 'bad-key':
    case 'unknown-root':
      return 'aside.why_place'
    case 'bad-value':
      return 'aside.why_value'
    case 'foreign-client':
      return 'aside.why_device'
    case 'not-append-only':
      return 'aside.why_rewrite'
    case 'sealed':
      return 'aside.why_sealed'
    case 'malformed':
    case 'unparseable':
      return 'aside.why_unreadable'
    case 'too-large':
    case 'too-many-structs':
      return 'aside.why_large'
    default:
      return 'aside.why_other'
  }
}

/** Why a decision was not taken. */
export type DecisionWords = 'aside.no_network' | 'aside.forbidden' | 'aside.unfit' | 'aside.gone' | 'aside.busy'

export function decisionRefusal(code: RefusalCode | 'offline'): DecisionWords {
  switch (code) {
    case 'offline':
      return 'aside.no_network'
    case 'forbidden':
    case 'not-assigned':
    case 'unknown-committee':
    case 'unauthenticated':
      return 'aside.forbidden'
    case 'bad-value':
      return 'aside.unfit'
    case 'unparseable':
      return 'aside.gone'
    default:
      return 'aside.busy'
  }
}
