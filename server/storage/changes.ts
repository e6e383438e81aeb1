import type { Knex } from 'knex'
import type { Cancel, Clock } from '#actors/kernel/clock.ts'
import { type CommitteeId, parseCommitteeId, parseUserId, type UserId } from '#contract/ids.ts'
import { err, ok, type Result } from '#contract/result.ts'

/** What people may do, and what values are judged by: each has a row's column in `versions`, which grows with every change. */
export const topics = ['access', 'facts'] as const
export type Topic = (typeof topics)[number]

/** Notified at the commit that changes something, as `<version>:<what>`. */
export const channelOf = { access: 'lajna_access', facts: 'lajna_facts' } as const satisfies Record<Topic, string>

/** Who or what is concerned; `any`: perhaps everybody. */
export type Concerned = { readonly user: UserId } | { readonly committee: CommitteeId } | 'any'
export type Notice = { readonly version: number; readonly of: Concerned }

export function parseNotice(payload: string): Result<Notice, 'not a notice'> {
  const [, version = '', what = '', id] = /^(\d{1,15}):(\*|user|committee)(?: (\S+))?$/.exec(payload) ?? []
  const user = parseUserId(id)
  const committee = parseCommitteeId(id)
  if (what === '*') return ok({ version: Number(version), of: 'any' })
  if (what === 'user' && user.ok) return ok({ version: Number(version), of: { user: user.value } })
  if (what === 'committee' && committee.ok) return ok({ version: Number(version), of: { committee: committee.value } })
  return err('not a notice')
}

/** Tells every process, at the commit, that values are judged by other facts. The last act of a transaction: others wait for its end. */
export async function tellFacts(transaction: Knex, committees: 'all' | readonly string[]): Promise<void> {
  if (committees.length === 0) return
  const { rows } = await transaction.raw<{ rows: { facts: string }[] }>('update versions set facts = facts + 1 returning facts')
  for (const what of committees === 'all' ? ['*'] : committees.map((committee) => `committee ${committee}`)) {
    await transaction.raw('select pg_notify(?, ?)', [channelOf.facts, `${rows[0]?.facts}:${what}`])
  }
}

export type Versions = Readonly<Record<Topic, number>>
export type ReadVersions = () => Promise<Result<Versions, 'unavailable'>>

export function makeReadVersions(database: Knex): ReadVersions {
  return async () => {
    try {
      const { rows } = await database.raw<{ rows: Record<Topic, string>[] }>('select access, facts from versions')
      return ok({ access: Number(rows[0]?.access), facts: Number(rows[0]?.facts) })
    } catch {
      return err('unavailable') // asked again a second later: what the fault was changes nothing
    }
  }
}

export type ChangesOptions = {
  readonly clock: Clock
  readonly read: ReadVersions
  /** Whether anybody is here whom a change could concern: else nothing is asked. */
  readonly isNeeded: () => boolean
  readonly onChange: Readonly<Record<Topic, (concerned: Concerned) => void>>
}

const poll_ms = 1_000

/**
 * Changes of other processes, and our own: told by the feed at once; found by a poll of one row at the latest, whatever NOTIFY does.
 * What was swallowed is known by its missing version, and then concerns everybody.
 */
export class Changes {
  readonly #options: ChangesOptions
  /** The newest version of each topic that was passed on; undefined where that is not known. */
  #known: Partial<Record<Topic, number>> = {}
  #timer: Cancel = () => {}
  #asking = false
  #stopped = false

  constructor(options: ChangesOptions) {
    this.#options = options
    this.#schedule()
  }

  /** False for what says nothing. */
  hear(topic: Topic, payload: string): boolean {
    const notice = parseNotice(payload)
    if (!notice.ok) return false
    const { version, of } = notice.value
    const known = this.#known[topic]
    this.#known[topic] = Math.max(version, known ?? 0)
    // One transaction may give several notices, all of its version.
    const isNext = known !== undefined && version <= known + 1
    this.#options.onChange[topic](isNext ? of : 'any')
    return true
  }

  /** The feed was away: nobody knows what it has not brought. */
  gap(): void {
    this.#known = {}
    void this.poll()
  }

  async poll(): Promise<void> {
    if (this.#stopped || this.#asking) return
    this.#timer()
    if (this.#options.isNeeded()) {
      this.#asking = true
      const before = this.#known
      const versions = await this.#options.read()
      this.#asking = false
      // A gap that came while the answer was on its way leaves nothing known: the next poll begins anew.
      if (versions.ok && before === this.#known) this.#compare(versions.value)
    }
    this.#schedule()
  }

  stop(): void {
    this.#stopped = true
    this.#timer()
  }

  #compare(versions: Versions): void {
    for (const topic of topics) {
      if (versions[topic] <= (this.#known[topic] ?? -1)) continue
      this.#known[topic] = versions[topic]
      this.#options.onChange[topic]('any')
    }
  }

  #schedule(): void {
    if (!this.#stopped) this.#timer = this.#options.clock.after(poll_ms, () => void this.poll())
  }
}
