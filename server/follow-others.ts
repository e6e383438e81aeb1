import type { Log } from '#actors/kernel/log.ts'
import type { Watchers } from '#actors/overview/watchers.ts'
import { systemClock } from './clock.ts'
import type { Neighbours } from './cluster/neighbours.ts'
import type { Collaboration } from './collaboration/collaboration.ts'
import { Changes, makeReadVersions } from './storage/changes.ts'
import type { Database } from './storage/database.ts'
import { Feed } from './storage/feed.ts'
import { Follower } from './storage/follow.ts'
import type { PostgresJournal } from './storage/journal.ts'

type FollowPorts = {
  readonly collaboration: Pick<Collaboration, 'awake' | 'onHead' | 'onRows' | 'isBusy' | 'onChange' | 'presence' | 'overview'>
  readonly watchers: Watchers
  readonly neighbours: Neighbours
  readonly databaseUrl: string
  readonly database: Database
  readonly store: PostgresJournal
  readonly instance: string
  readonly log: Log
}

/** What other processes commit: rows, rights, facts, summaries. Told by the feed at once, found by the polls at the latest. */
export function followOthers(
  { collaboration, watchers, neighbours, databaseUrl, database, store, instance, log }: FollowPorts,
  starting: AsyncDisposableStack,
): void {
  const { awake, onHead, onRows, isBusy, onChange, presence, overview } = collaboration
  const follower = starting.adopt(new Follower({ clock: systemClock, store, awake, onHead }), (it) => it.stop())
  const read = makeReadVersions(database.knex)
  const changes = starting.adopt(
    new Changes({
      clock: systemClock,
      read,
      isNeeded: () => isBusy() || watchers.count > 0,
      onChange: {
        access: (concerned) => {
          onChange.access(concerned)
          watchers.accessChanged(concerned)
        },
        facts: (concerned) => {
          onChange.facts(concerned)
          watchers.factsChanged(concerned !== 'any' && 'committee' in concerned ? [concerned.committee] : 'any')
        },
      },
    }),
    (it) => it.stop(),
  )
  const feed = new Feed({
    url: databaseUrl,
    clock: systemClock,
    log,
    onHead: (head) => {
      if (head.instance !== instance) neighbours.head(head.committee, head.sequence)
    },
    onNotice: (topic, payload) => changes.hear(topic, payload),
    onSummaries: (by) => {
      if (by !== instance) overview.hear()
    },
    onGap: () => {
      overview.hear()
      changes.gap()
      void follower.poll()
    },
  })
  starting.adopt(feed, (it) => it.close())
  neighbours.open({ awake, onHead, onRows, presence })
}
