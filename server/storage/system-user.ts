import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { err, ok, type Result } from '#contract/result.ts'

/** Whom to run Postgres as; null: as ourselves. */
export type SystemUser = { readonly uid: number; readonly gid: number } | null

const name = 'lajna-postgres'

/** Postgres refuses to run as root: there we keep a user for it, made at the first start. Errors are sentences for the operator. */
export function postgresUser(): Result<SystemUser, string> {
  if (process.getuid?.() !== 0) return ok(null)
  const known = lookUp()
  if (known) return ok(known)
  try {
    execFileSync('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', name], { stdio: 'pipe' })
  } catch (fault) {
    // Two servers may start together: what counts is whether the user is there afterwards.
    const made = lookUp()
    if (made) return ok(made)
    return err(
      `Postgres does not run as root, and the user ${name} could not be made (${(fault as Error).message.trim()}): ` +
        `make a system user of that name, start the server as a plain user, or set DATABASE_URL`,
    )
  }
  const made = lookUp()
  return made ? ok(made) : err(`the user ${name} was made but is not found`)
}

function lookUp(): SystemUser {
  const id = (flag: string) => Number(execFileSync('id', [flag, name], { stdio: ['ignore', 'pipe', 'ignore'] }).toString())
  try {
    return { uid: id('-u'), gid: id('-g') }
  } catch {
    return null // `id` fails for a user that does not exist
  }
}

/** Whether the user can come to a path through all its parents. */
export function canReach(path: string, user: SystemUser): boolean {
  if (user === null) return true
  for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder)) {
    const { mode, uid, gid } = statSync(folder)
    const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001
    if ((mode & bit) === 0) return false
  }
  return true
}

/**
 * Where things of Postgres go that its user could not come to where they are: a clone below /root, say. Opening somebody's folders
 * to everyone is not ours to do. One place for each original path, so that every start finds the same one.
 */
export function shelterFor(path: string): string {
  const shelter = join('/var/lib', name, createHash('sha256').update(path).digest('hex').slice(0, 16))
  mkdirSync(shelter, { recursive: true, mode: 0o755 })
  return shelter
}
