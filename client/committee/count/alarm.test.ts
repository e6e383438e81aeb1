import { createRoot, createSignal } from 'solid-js'
import { beforeEach, expect, test } from 'vitest'
import type { CandidateNumber, ClientId, Sheet, UserId } from '#contract/ids.ts'
import { createDifferences } from '../../sync/binding/differences.ts'
import type { CommitteeView } from '../context.ts'
import { type Alarm, createAlarm } from './alarm.ts'

const me = 7 as UserId

/** What a page remembers between two loads. */
const kept = new Map<string, string>()
beforeEach(() => {
  kept.clear()
  Object.assign(globalThis, {
    localStorage: { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, text: string) => kept.set(key, text) },
  })
})

/** A counter at a sheet; `says`: what a sheet has at a number, as its only ballot there. */
function table(sheet: Sheet | undefined) {
  const { watch, ...differences } = createDifferences()
  const [at, setAt] = createSignal(sheet)
  const view = {
    committee: { differences, entry: { id: 'u01' } },
    counting: { isCounting: () => at() !== undefined, sheet: () => at() ?? 'A' },
    user: { id: me },
  } as unknown as CommitteeView
  const says = (on: Sheet, n: number, ...choices: number[]) =>
    watch.says(on, { client: on.charCodeAt(0) as ClientId, index: n, user: me, n, choices: choices as CandidateNumber[], corrected: false })
  const open = (): Alarm => createRoot(() => createAlarm(view))
  return { says, setAt, open, alarm: open() }
}
const difference = (alarm: Alarm) => {
  const asked = alarm.asked()
  if (asked === undefined) throw new Error('nobody is asked')
  return asked
}

test('who counts on one of two sheets that differ is asked about the first ballot; who counts on neither reads it', () => {
  const { says, setAt, alarm } = table('A')
  says('B', 143, 21)
  expect(alarm.asked()).toBeUndefined()
  says('A', 144, 3)
  says('A', 143, 12)
  says('B', 144, 5)
  expect(difference(alarm).n).toBe(143)
  expect(alarm.standing()).toMatchObject({ first: { n: 143 }, more: 1, mine: true })
  setAt('C')
  expect(alarm.asked()).toBeUndefined()
  expect(alarm.standing()).toBeUndefined()
  expect(alarm.anywhere()?.first.n).toBe(143)
  setAt(undefined)
  expect(alarm.standing()).toMatchObject({ first: { n: 143 }, mine: false })
})

test('who says theirs is right is asked at the next one, and again when one of the sides has changed', () => {
  const { says, alarm, open } = table('A')
  for (const n of [5, 9]) {
    says('A', n, 1)
    says('B', n, 2)
  }
  alarm.answer(difference(alarm), 'right')
  expect(difference(alarm).n).toBe(9)
  alarm.answer(difference(alarm), 'right')
  expect(alarm.asked()).toBeUndefined()
  expect(alarm.standing()).toMatchObject({ first: { n: 5 }, more: 1 })
  expect(open().asked()).toBeUndefined()
  says('B', 5, 3)
  expect(difference(alarm).n).toBe(5)
  says('B', 5, 1)
  expect(alarm.asked()).toBeUndefined()
})

test('who leaves it to the supervisor is not asked about these two sheets while that difference stands: one number skipped makes all after it differ', () => {
  const { says, alarm, open } = table('A')
  says('A', 5, 1)
  says('B', 5, 2)
  alarm.answer(difference(alarm), 'left')
  says('A', 6, 1)
  says('B', 6, 2)
  expect(alarm.asked()).toBeUndefined()
  expect(open().asked()).toBeUndefined()
  // Another pair of sheets is another question.
  says('C', 5, 4)
  expect(difference(alarm)).toMatchObject({ n: 5, other: { sheet: 'C' } })
  says('C', 5, 1)
  says('B', 5, 1)
  expect(difference(alarm).n).toBe(6)
})

test('what was put away is asked again for whoever looks at it, and put away again', () => {
  const { says, alarm } = table('B')
  says('A', 5, 1)
  says('B', 5, 2)
  const first = difference(alarm)
  alarm.answer(first, 'right')
  alarm.askAgain(first)
  expect(alarm.asked()?.key).toBe(first.key)
  alarm.answer(first, 'left')
  expect(alarm.asked()).toBeUndefined()
})
