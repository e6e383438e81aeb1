import { randomBytes } from 'node:crypto'
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs'

/**
 * The secret kept in a file that only its owner can read (mode 600), made by the first caller: 32 random bytes, base64url. Two
 * processes that start together get the same one: it is written aside and linked into place, and the link of the later one fails.
 */
export function keptSecret(path: string): string {
  const read = () => readFileSync(path, 'utf8').trim()
  try {
    return read()
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code !== 'ENOENT') throw fault
  }
  const aside = `${path}.${process.pid}`
  writeFileSync(aside, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600 })
  try {
    linkSync(aside, path)
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code !== 'EEXIST') throw fault
  } finally {
    rmSync(aside)
  }
  return read()
}
