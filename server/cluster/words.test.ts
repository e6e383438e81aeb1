import { describe, expect, test } from 'vitest'
import type { ClientId, CommitteeId, Sequence, UserId } from '#contract/ids.ts'
import { encodeWord, openWord, type Word } from './words.ts'

const a = 'a' as CommitteeId
const me = { name: 'host-1', born_ms: 1_763_856_000_123 }

/** What was read has other types of bytes: compared as numbers. */
const plain = (word: Word | undefined) =>
  JSON.parse(JSON.stringify(word, (_key, value) => (ArrayBuffer.isView(value) ? [...(value as Uint8Array)] : value)))

const words: readonly Word[] = [
  {
    kind: 'rows',
    committee: a,
    last: 8 as Sequence,
    rows: [
      {
        sequence: 7 as Sequence,
        uuid: '01234567-89ab-4cde-8f01-23456789abcd',
        user: 2_147_483_647 as UserId,
        clients: [1, 4_294_967_295, 9_007_199_254_740_991] as ClientId[],
        head: '0123456789abcdef'.repeat(4),
        at_ms: 1_763_856_000_123.5,
        touches: [
          { path: 'attendance', key: '5/7' },
          { path: 'note/5', key: '' },
        ],
        update: new Uint8Array([1, 2, 3]),
      },
      {
        sequence: 8 as Sequence,
        uuid: 'ffffffff-ffff-4fff-8fff-ffffffffffff',
        user: null,
        clients: [],
        head: 'f'.repeat(64),
        at_ms: 0,
        touches: [],
        update: new Uint8Array(),
      },
    ],
  },
  { kind: 'rows', committee: a, last: 9 as Sequence, rows: [] },
  { kind: 'beat', number: 12, news: 0, marks: [{ committee: a, sequence: 3 as Sequence }] },
  { kind: 'bye' },
  { kind: 'ask', committees: [a] },
  { kind: 'news', number: 3, committee: a, news: new Uint8Array([9]) },
  { kind: 'pictures', number: 3, isLast: false, pictures: [[a, new Uint8Array([9, 8])]] },
  { kind: 'topic', topic: 'summary', payload: new Uint8Array([0, 255]) },
]

describe('words', () => {
  test.each(words.map((word) => [word.kind, word] as const))('%s is read as it was written, and by whom', (_kind, word) => {
    const envelope = openWord(encodeWord(me, word))
    expect([envelope?.from, envelope?.kind]).toEqual([me, word.kind])
    expect(plain(envelope?.read())).toEqual(plain(word))
  })

  test('[N9] cut short anywhere, or run over, it is none, and nothing throws', () => {
    for (const word of words) {
      const bytes = encodeWord(me, word)
      for (let length = 0; length < bytes.length; length += 1) expect(openWord(bytes.slice(0, length))?.read()).toBeUndefined()
      expect(openWord(new Uint8Array([...bytes, 0]))?.read()).toBeUndefined()
    }
  })

  test('[N9] a committee that is none, or a list without end, is no word', () => {
    const wrong = encodeWord(me, { kind: 'ask', committees: ['A_B' as CommitteeId] })
    expect(openWord(wrong)?.read()).toBeUndefined()
    const right = encodeWord(me, { kind: 'ask', committees: [] })
    expect(openWord(right)?.read()).toEqual({ kind: 'ask', committees: [] })
    const endless = new Uint8Array([...right.slice(0, -1), 255, 255, 255, 255, 127])
    expect(openWord(endless)?.read()).toBeUndefined()
  })
})
