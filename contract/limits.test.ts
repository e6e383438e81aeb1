import { expect, test } from 'vitest'
import { defaultLimits, limitTable } from './limits.ts'

const units = ['bytes_max', 'ms', 'max', 'rows']

test('every limit is a whole number above 0, with its unit at the end of its name and a reason', () => {
  expect(Object.keys(defaultLimits)).toEqual(Object.keys(limitTable))
  for (const [name, row] of Object.entries(limitTable)) {
    expect(Number.isSafeInteger(row.default) && row.default > 0, name).toBe(true)
    expect(
      units.some((unit) => name.endsWith(`_${unit}`)),
      name,
    ).toBe(true)
    expect(row.why, name).not.toBe('')
  }
})

test('what a phone brings back after hours may be more than one live update, never less', () => {
  expect(defaultLimits.offline_bytes_max).toBeGreaterThan(defaultLimits.update_bytes_max)
  expect(defaultLimits.offline_structs_max).toBeGreaterThan(defaultLimits.structs_max)
})

test('one value fits into an update, one batch into what may wait', () => {
  expect(defaultLimits.journal_batch_rows_max).toBeLessThanOrEqual(defaultLimits.journal_waiting_max)
})
