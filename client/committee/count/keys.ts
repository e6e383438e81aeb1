import type { CandidateNumber } from '#contract/ids.ts'
import { latinDigits } from '../../i18n/digits.ts'

/**
 * Counting on a laptop, without the mouse. Pure: what a key makes of the digits typed so far, and what it does.
 *
 *   1 2 Space   marks candidate 12 (so do + , and Enter)     Enter   saves, where no digits wait
 *   2 L         all of the second list                       B I     blank, invalid
 *   Backspace   the last digit      Escape   all digits; else the correction       Z   undo      ?   this table
 */
export type KeyAct =
  | { readonly type: 'tap'; readonly candidate: CandidateNumber }
  | { readonly type: 'list'; readonly place: number }
  | { readonly type: 'kind'; readonly kind: 'blank' | 'invalid' }
  | { readonly type: 'cancel' }
  | { readonly type: 'save' | 'undo' | 'help' }
  /** There is no candidate, or no list, with the number typed. */
  | { readonly type: 'unknown'; readonly typed: string }

/** `key` is what it writes; `code` is where it is, so that letters work under an Arabic layout as well. */
export type Key = { readonly key: string; readonly code: string }

export type OnBallot = { readonly hasCandidate: (candidate: CandidateNumber) => boolean; readonly lists: number }

const digits_max = 4

/** Undefined: the key is not ours, and the browser does with it what it always does. */
export function keyStep(typed: string, { key, code }: Key, ballot: OnBallot): readonly [typed: string, act?: KeyAct] | undefined {
  const digit = latinDigits(key)
  if (/^\d$/.test(digit)) return [`${typed}${digit}`.replace(/^0+/, '').slice(0, digits_max)]
  if (key === '?' || key === '؟') return [typed, { type: 'help' }]
  if (key === 'Enter') return typed === '' ? ['', { type: 'save' }] : ['', mark(typed, ballot)]
  if (key === ' ' || key === '+' || key === ',' || key === '،') return typed === '' ? undefined : ['', mark(typed, ballot)]
  if (key === 'Backspace') return typed === '' ? undefined : [typed.slice(0, -1)]
  if (key === 'Escape') return typed === '' ? ['', { type: 'cancel' }] : ['']
  return letter(typed, code, ballot)
}

function letter(typed: string, code: string, ballot: OnBallot): readonly [typed: string, act?: KeyAct] | undefined {
  switch (code) {
    case 'KeyB':
      return ['', { type: 'kind', kind: 'blank' }]
    case 'KeyI':
      return ['', { type: 'kind', kind: 'invalid' }]
    case 'KeyZ':
      return ['', { type: 'undo' }]
    case 'KeyL': {
      const place = typed === '' ? 1 : Number(typed)
      return ['', place >= 1 && place <= ballot.lists ? { type: 'list', place } : { type: 'unknown', typed }]
    }
    default:
      return undefined
  }
}

function mark(typed: string, { hasCandidate }: OnBallot): KeyAct {
  const candidate = Number(typed) as CandidateNumber
  return hasCandidate(candidate) ? { type: 'tap', candidate } : { type: 'unknown', typed }
}
