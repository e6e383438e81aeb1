import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { keptSecret } from './kept-secret.ts'

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'lajna-secret-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}

test('made once, long enough, readable by its owner only, and the same from then on', () => {
  const folder = makeFolder()
  const path = join(folder, 'secret')
  const secret = keptSecret(path)
  expect(Buffer.byteLength(secret)).toBeGreaterThanOrEqual(32)
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(keptSecret(path)).toBe(secret)
  expect(readdirSync(folder)).toEqual(['secret'])
  expect(keptSecret(join(folder, 'other'))).not.toBe(secret)
})

test('one that is there is never replaced', () => {
  const path = join(makeFolder(), 'secret')
  writeFileSync(path, 'put here by hand\n')
  chmodSync(path, 0o400)
  expect(keptSecret(path)).toBe('put here by hand')
})
