import { Watchers, type WatchersPorts } from '#actors/overview/watchers.ts'
import type { Limits } from '#contract/limits.ts'
import { systemClock } from './clock.ts'
import type { Collaboration } from './collaboration/collaboration.ts'
import type { OnRefusal } from './observe/audit.ts'
import { ProcessBook } from './observe/process-book.ts'
import type { Database } from './storage/database.ts'
import { makeProcesses, type Processes } from './storage/processes.ts'
import { makeWatching, type WatchingParts } from './storage/watching.ts'

type Parts = Omit<WatchingParts, 'database'> & {
  readonly database: Pick<Database, 'knex'>
  readonly collaboration: Pick<Collaboration, 'overview' | 'presence' | 'figures' | 'people'>
  readonly instance: string
  readonly limits: Limits
  readonly log: WatchersPorts['log']
  readonly onRefusal: OnRefusal
}

/** Those who watch from outside the committees: supervisors their figures, administrators who is connected. */
export function startWatching(
  { database: { knex }, collaboration, elections, accessList, instance, limits, log, onRefusal }: Parts,
  starting: AsyncDisposableStack,
): { readonly watchers: Watchers; readonly processes: Processes; readonly processBook: ProcessBook } {
  const watchers = new Watchers({
    clock: systemClock,
    log,
    limits,
    overview: collaboration.overview,
    rosters: collaboration.presence,
    onCrowd: (user) => onRefusal('too-many-connections', { user, subject: 'GET /api/events' }),
    ...makeWatching({ database: knex, elections, accessList }),
  })
  starting.defer(() => watchers.stop())
  const processes = makeProcesses(knex)
  const figures = () => {
    const { connections, documents } = collaboration.figures()
    return { connections, documents, people: collaboration.people() }
  }
  const processBook = starting.adopt(new ProcessBook({ processes, instance, clock: systemClock, figures }), (it) => it.close())
  return { watchers, processes, processBook }
}
