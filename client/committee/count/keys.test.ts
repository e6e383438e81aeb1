import { describe, expect, test } from 'vitest'
import { type KeyAct, keyStep } from './keys.ts'

const ballot = { hasCandidate: (candidate: number) => candidate >= 1 && candidate <= 30, lists: 2 }

/** Keys by what they write, letters by where they are; what they did in the end and what was still typed. */
function press(...keys: string[]): { typed: string; acts: KeyAct[]; ours: boolean } {
  let typed = ''
  let ours = true
  const acts: KeyAct[] = []
  for (const key of keys) {
    const step = keyStep(typed, /^Key[A-Z]$/.test(key) ? { key: 'x', code: key } : { key, code: '' }, ballot)
    ours = step !== undefined
    typed = step?.[0] ?? typed
    if (step?.[1] !== undefined) acts.push(step[1])
  }
  return { typed, acts, ours }
}

describe('counting by keys', () => {
  test('digits wait until Space, a comma, a plus or Enter says whose they are', () => {
    expect(press('1', '2')).toEqual({ typed: '12', acts: [], ours: true })
    for (const end of [' ', ',', '+', '،', 'Enter'])
      expect(press('1', '2', end)).toEqual({ typed: '', acts: [{ type: 'tap', candidate: 12 }], ours: true })
  })

  test('digits of any script, none too many, and no leading zeros', () => {
    expect(press('١', '۲', ' ').acts).toEqual([{ type: 'tap', candidate: 12 }])
    expect(press('0', '0', '7').typed).toBe('7')
    expect(press('1', '2', '3', '4', '5').typed).toBe('1234')
  })

  test('a number nobody has marks nobody and says so', () => {
    expect(press('3', '1', ' ').acts).toEqual([{ type: 'unknown', typed: '31' }])
    expect(press('3', 'KeyL').acts).toEqual([{ type: 'unknown', typed: '3' }])
  })

  test('Enter saves where no digits wait, so that a number typed is never left out of its ballot', () => {
    expect(press('5', 'Enter').acts).toEqual([{ type: 'tap', candidate: 5 }])
    expect(press('5', 'Enter', 'Enter').acts).toEqual([{ type: 'tap', candidate: 5 }, { type: 'save' }])
  })

  test('letters go by their place on the keyboard: under an Arabic layout they write something else', () => {
    expect(press('KeyB').acts).toEqual([{ type: 'kind', kind: 'blank' }])
    expect(press('KeyI').acts).toEqual([{ type: 'kind', kind: 'invalid' }])
    expect(press('KeyZ').acts).toEqual([{ type: 'undo' }])
    expect(press('2', 'KeyL').acts).toEqual([{ type: 'list', place: 2 }])
    expect(press('KeyL').acts).toEqual([{ type: 'list', place: 1 }])
    for (const help of ['?', '؟']) expect(press('1', help)).toEqual({ typed: '1', acts: [{ type: 'help' }], ours: true })
  })

  test('Backspace takes a digit, Escape all of them, and then the correction', () => {
    expect(press('1', '2', 'Backspace').typed).toBe('1')
    expect(press('1', '2', 'Escape')).toEqual({ typed: '', acts: [], ours: true })
    expect(press('Escape').acts).toEqual([{ type: 'cancel' }])
  })

  test('other keys are the browser’s: Tab, Space and Backspace with nothing typed, any other letter', () => {
    for (const key of ['Tab', ' ', 'Backspace', 'KeyQ', 'ArrowDown', 'F5']) expect(press(key).ours, key).toBe(false)
  })
})
