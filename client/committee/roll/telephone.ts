import type { Elector } from '#contract/api.ts'
import { latinDigits } from '../../i18n/digits.ts'

/** Address that a phone dials. The server sends a number only to those with the right `contacts`, so without one there is none. */
export function telephone({ mobile }: Elector): string | undefined {
  const number = latinDigits(mobile ?? '').replace(/[^\d+]/g, '')
  return number === '' ? undefined : `tel:${number}`
}
