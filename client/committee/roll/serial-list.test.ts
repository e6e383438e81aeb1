import { expect, test } from 'vitest'
import type { Elector } from '#contract/api.ts'
import type { ElectorSerial } from '#contract/ids.ts'
import { indexRoll } from './search.ts'
import { parseSerials, reportOn } from './serial-list.ts'

const serials = (...numbers: number[]) => numbers as ElectorSerial[]

test.each<[string, number[]]>([
  ['12, 15;18\n20\t21/22 و 23', [12, 15, 18, 20, 21, 22, 23]],
  ['١٢، ١٥ ۲۰', [12, 15, 20]],
  ['12-15', [12, 13, 14, 15]],
  ['15 – 12', [12, 13, 14, 15]],
  ['١٢ إلى ١٤، 20..22', [12, 13, 14, 20, 21, 22]],
  ['\u200f12\u200e-\u200f14', [12, 13, 14]],
  ['3 -\n7', [3, 7]],
  ['- 3\n- 7', [3, 7]],
  ['007', [7]],
  ['1. سالم 2. حمد', [1, 2]],
  ['', []],
  ['no numbers', []],
])('%j is %j', (text, expected) => {
  expect(parseSerials(text)).toEqual({ serials: expected, repeated: [], unclear: [] })
})

test('a number that stands twice is told once, also where a range covers it', () => {
  expect(parseSerials('12 13 12 12')).toMatchObject({ serials: [12, 13], repeated: [12] })
  expect(parseSerials('14 12-15')).toMatchObject({ serials: [14, 12, 13, 15], repeated: [14] })
})

test('what is no serial is told as it was written, and the rest is read', () => {
  expect(parseSerials('0 12-18-20 1234567 5 2-0')).toEqual({ serials: [5], repeated: [], unclear: ['0', '12-18-20', '1234567', '2-0'] })
})

test('a slip in a range does not become a million electors', () => {
  expect(parseSerials('1-999999')).toEqual({ serials: [], repeated: [], unclear: ['1-999999'] })
  expect(parseSerials('1-10000').serials).toHaveLength(10_000)
  expect(parseSerials('1-6000 1-6000')).toMatchObject({ unclear: ['1-6000'] })
})

test('the report says who is new, who is marked already and which numbers nobody has', () => {
  const elector = (serial: number): Elector => ({
    serial: serial as ElectorSerial,
    name: `n${serial}`,
    sex: 'm',
    family: '',
    unit: '',
    active: true,
  })
  const roll = indexRoll([1, 2, 3].map(elector))
  const report = reportOn({ serials: serials(3, 9, 1, 2), repeated: [], unclear: [] }, roll, {
    1: { attended: true, witnesses: [] },
    2: { attended: false, witnesses: [] },
  })
  expect(report.fresh.map(({ serial }) => serial)).toEqual([3, 2])
  expect(report.attended.map(({ serial }) => serial)).toEqual([1])
  expect(report.unknown).toEqual([9])
})
