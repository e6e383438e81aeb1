import { describe, expect, test } from 'vitest'
import {
  documentName,
  isSheet,
  parseCandidateNumber,
  parseClientId,
  parseCommitteeId,
  parseDocumentName,
  parseElectorSerial,
  parseSequence,
  parseUserId,
} from './ids.ts'

describe('ids', () => {
  test.each(['a', '7', 'north-1', 'a-b-c', 'x'.repeat(24)])('a committee id may be %j', (text) => {
    expect(parseCommitteeId(text)).toEqual({ ok: true, value: text })
  })

  test.each(['', '-a', 'a-', 'A', 'a b', 'a/b', 'a:b', 'é', 'x'.repeat(25), 'a\n', 7, null, undefined, ['a']])(
    'a committee id is not %j',
    (text) => {
      expect(parseCommitteeId(text).ok).toBe(false)
    },
  )

  test('a document is named after its committee, and only so', () => {
    const committee = parseCommitteeId('north-1')
    if (!committee.ok) throw new Error('not parsed')
    expect(documentName(committee.value)).toBe('committee:north-1')
    expect(parseDocumentName('committee:north-1')).toEqual(committee)
    for (const name of ['north-1', 'committee:', 'committee:North', 'committee:a:b', ' committee:a'])
      expect(parseDocumentName(name).ok).toBe(false)
  })

  test.each([
    ['user', parseUserId, 1, 2 ** 31 - 1],
    ['elector', parseElectorSerial, 1, 999_999],
    ['candidate', parseCandidateNumber, 1, 9_999],
    ['client', parseClientId, 0, 2 ** 32 - 1],
    ['sequence', parseSequence, 0, Number.MAX_SAFE_INTEGER],
  ])('a %s number has its range, from a number or its one decimal form', (_name, parse, from, to) => {
    for (const number of [from, from + 1, to]) {
      expect(parse(number)).toEqual({ ok: true, value: number })
      expect(parse(String(number))).toEqual({ ok: true, value: number })
    }
    for (const value of [from - 1, to + 1, from + 0.5, Number.NaN, Number.POSITIVE_INFINITY, null, undefined, {}, true, 5n])
      expect(parse(value).ok).toBe(false)
    for (const text of ['', '+1', '-1', '01', '00', '1.0', '1e3', '0x1', ' 1', '1 ', '1_0', '١', '99999999999999999999'])
      expect(parse(text).ok).toBe(false)
  })

  test('sheets are A to D', () => {
    for (const sheet of ['A', 'B', 'C', 'D']) expect(isSheet(sheet)).toBe(true)
    for (const text of ['a', 'E', '', 'AB']) expect(isSheet(text)).toBe(false)
  })
})
