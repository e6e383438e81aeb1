import { hash, verify } from '@node-rs/argon2'
import { err, ok, type Result } from '#contract/result.ts'

/**
 * argon2id (the library's own default), OWASP's second set: 19 MiB, 2 passes, 1 lane: about 20 ms of one core, off the event loop. More memory would cost
 * more on the morning when everybody logs in at once than it takes from somebody who has stolen the table.
 */
const parameters = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const

/**
 * At once: each hash takes 19 MiB and one of libuv's four threads, which files and DNS also need. Waiting: about ten seconds of work;
 * whoever comes after that is better told to come back.
 */
const bounds = { hashing_max: 2, waiting_max: 500 }

export const hashPassword = (password: string): Promise<string> => hash(password, parameters)

/** Checks passwords, a few at a time. */
export class PasswordChecker {
  readonly #bounds: typeof bounds
  #hashing = 0
  readonly #waiting: (() => void)[] = []
  #dummy: Promise<string> | undefined

  constructor(other = bounds) {
    this.#bounds = other
  }

  /**
   * `stored` is undefined for a login that does not exist: a hash is computed all the same, so that the time an answer takes does not
   * tell which logins exist.
   */
  async check(stored: string | undefined, password: string): Promise<Result<boolean, 'overloaded'>> {
    if (this.#hashing < this.#bounds.hashing_max) this.#hashing += 1
    else if (this.#waiting.length < this.#bounds.waiting_max) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    else return err('overloaded')
    try {
      this.#dummy ??= hashPassword('no login has this password')
      const matches = await verify(stored ?? (await this.#dummy), password)
      return ok(stored !== undefined && matches)
    } catch {
      return ok(false) // what is stored is no argon2 hash: a person who cannot log in by password
    } finally {
      // The place is handed on, not given up and taken again, so that nobody slips in between.
      const next = this.#waiting.shift()
      if (next) next()
      else this.#hashing -= 1
    }
  }
}
