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
