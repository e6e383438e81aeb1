import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { canReach } from './system-user.ts'

/** Nobody's: what others may do decides. */
const stranger = { uid: 54_321, gid: 54_321 }

function makeFolder(mode: number): string {
  const root = mkdtempSync(join(tmpdir(), 'lajna-reach-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  chmodSync(root, mode)
  mkdirSync(join(root, 'inner'))
  return root
}

test('what lies below a folder that others may not enter is out of their reach', () => {
  expect(canReach(join(makeFolder(0o700), 'inner', 'cluster'), stranger)).toBe(false)
})

test('what lies below one that they may pass through is not, nor is anything for ourselves', () => {
  expect(canReach(join(makeFolder(0o711), 'inner', 'cluster'), stranger)).toBe(true)
  expect(canReach(join(makeFolder(0o700), 'inner', 'cluster'), null)).toBe(true)
})
