import { expect, test } from 'vitest'
import { Turns } from './turns.ts'

test('one at a time, in the order asked; more than may wait are told so at once, and may come again', async () => {
  const turns = new Turns(2)
  const begun: string[] = []
  const ask = (name: string) => turns.take().then((taken) => void begun.push(taken ? name : `not ${name}`))
  await ask('one')
  const waiting = [ask('two'), ask('three')]
  await ask('four')
  expect(begun).toEqual(['one', 'not four'])
  turns.leave()
  await waiting[0]
  expect(begun).toEqual(['one', 'not four', 'two'])
  turns.leave()
  await waiting[1]
  turns.leave()
  await ask('five')
  expect(begun.slice(2)).toEqual(['two', 'three', 'five'])
})
