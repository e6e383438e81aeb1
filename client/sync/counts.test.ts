import { expect, test } from 'vitest'
import type { CommitteeId } from '#contract/ids.ts'
import { createCounts } from './counts.ts'
import { type ClientRecord, newClient, noneUnsent } from './ledger.ts'

const a = 'a' as CommitteeId
const b = 'b' as CommitteeId
const record = (client: number, clock: number, durable: number, ballots: number): ClientRecord => ({
  ...newClient(client, 0),
  clock,
  durable,
  unsent: { ...noneUnsent, ballots },
})
const report = (...records: ClientRecord[]) => ({ attended: 3, ballots: 4, records })

test('two tabs of one committee add up, whichever speaks last', () => {
  const counts = createCounts()
  counts.report(a, report(record(1, 5, 3, 2)))
  counts.report(a, report(record(2, 9, 8, 1), record(1, 3, 3, 0)))
  expect(counts.of(a)).toEqual({ attended: 3, ballots: 4, unsent: 3 })
  counts.report(b, report(record(3, 1, 0, 1)))
  expect(counts.unsent()).toBe(4)
})

test("one tab's news that all is durable holds for what the other has told", () => {
  const counts = createCounts()
  counts.report(a, report(record(1, 5, 3, 2)))
  counts.report(a, report(record(1, 3, 5, 0)))
  expect(counts.of(a).unsent).toBe(0)
})

test('a committee nobody has told of has nothing unsent', () => {
  expect(createCounts().of(a)).toEqual({ unsent: 0 })
})
