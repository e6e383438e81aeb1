import { expect, test } from 'vitest'
import { isRefusalCode, type RefusalCode, refusals, socketCode } from './refusals.ts'

const codes = Object.keys(refusals) as RefusalCode[]

test('every refusal has an HTTP status that says no, and a word on trying again', () => {
  for (const code of codes) {
    expect(refusals[code].http, code).toBeGreaterThanOrEqual(400)
    expect(refusals[code].http, code).toBeLessThan(600)
    expect(refusals[code].retry, code).not.toBe('')
  }
})

test('a socket closes with a code of the range that is free for applications, and its last digits are the HTTP status', () => {
  for (const code of codes) {
    const row: { readonly socket?: number; readonly http: number } = refusals[code]
    expect(socketCode(code)).toBe(row.socket ?? 4403)
    if (row.socket !== undefined) expect(row.socket - 4000, code).toBe(row.http)
  }
})

test('what is not in the table is no code, the names of every object neither', () => {
  for (const code of codes) expect(isRefusalCode(code)).toBe(true)
  for (const text of ['', 'Forbidden', 'toString', '__proto__', 'constructor']) expect(isRefusalCode(text)).toBe(false)
})
