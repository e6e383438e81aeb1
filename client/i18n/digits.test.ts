import { describe, expect, test } from 'vitest'
import { digitsTyped, inDigits, latinDigits, wholeNumber } from './digits.ts'

describe('digits', () => {
  test('a number field accepts Latin, Arabic-Indic and Persian digits', () => {
    for (const typed of ['214', '٢١٤', '۲۱۴', '٢1۴']) expect(digitsTyped(typed, 6)).toBe('214')
  })

  test('a number field keeps nothing but digits, no leading zero, and no more than it has room for', () => {
    expect(digitsTyped('0٠2 1-4x', 6)).toBe('214')
    expect(digitsTyped('0', 6)).toBe('')
    expect(digitsTyped('1234567', 6)).toBe('123456')
  })

  test('a whole number is one or more, without sign, fraction or exponent', () => {
    expect(wholeNumber(' ١٥٢ ')).toBe(152)
    for (const text of ['', '0', '٠', '-1', '1.5', '1e3', '٥ ٢', '1234567890123456']) expect(wholeNumber(text)).toBeUndefined()
  })

  test('a screen shows one set of digits, whatever a text was written in', () => {
    expect(inDigits('قاعة 2 · ٣', 'arab')).toBe('قاعة ٢ · ٣')
    expect(inDigits('قاعة 2 · ٣', 'latn')).toBe('قاعة 2 · 3')
    expect(latinDigits('۰٩')).toBe('09')
  })
})
