import { describe, expect, test } from 'vitest'
import { savedState } from './saved-state.ts'

const status = { storage: 'kept', unsent: 0, writing: false, link: 'online' } as const

describe('the saved indicator', () => {
  test('says saved only while nothing of mine is unsent, with or without a network', () => {
    expect(savedState(status, 0)).toEqual({ is: 'there' })
    expect(savedState({ ...status, link: 'offline' }, 0)).toEqual({ is: 'there' })
    expect(savedState({ ...status, unsent: 1 }, 1)).toEqual({ is: 'here', n: 1 })
  })

  test('says how far a pile has come, and not for a few edits or without a network', () => {
    expect(savedState({ ...status, unsent: 4 }, 12)).toEqual({ is: 'sending', n: 8, of: 12 })
    expect(savedState({ ...status, unsent: 12 }, 12)).toEqual({ is: 'sending', n: 0, of: 12 })
    expect(savedState({ ...status, unsent: 1 }, 3)).toEqual({ is: 'here', n: 1 })
    expect(savedState({ ...status, unsent: 4, link: 'offline' }, 12)).toEqual({ is: 'here', n: 4 })
  })

  test('never says "here" where this device keeps nothing', () => {
    expect(savedState({ ...status, storage: 'not-kept', unsent: 2 }, 2)).toEqual({ is: 'unkept', n: 2 })
    expect(savedState({ ...status, storage: 'not-kept' }, 0)).toEqual({ is: 'there' })
  })

  test('says "here" only of what the disk has', () => {
    expect(savedState({ ...status, writing: true, unsent: 2 }, 2)).toEqual({ is: 'writing', n: 2 })
    expect(savedState({ ...status, unsent: 2 }, 2)).toEqual({ is: 'here', n: 2 })
    expect(savedState({ ...status, writing: true }, 0)).toEqual({ is: 'there' })
  })

  test('says that there is no room before anything else', () => {
    expect(savedState({ ...status, storage: 'full', unsent: 2 }, 2)).toEqual({ is: 'full' })
  })
})
