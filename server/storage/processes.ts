import type { Knex } from 'knex'
import type { ConnectedUser, ConnectionsAnswer, ConnectionsPoint, Me } from '#contract/api.ts'
import type { CommitteeId, UserId } from '#contract/ids.ts'
import { err, ok, type Result } from '#contract/result.ts'
import { named } from './users.ts'

/** Somebody with open documents in one process. `since_ms`: of the first of them. */
export type SeatedUser = {
  readonly user: UserId
  readonly devices: number
  readonly committees: readonly CommitteeId[]
  readonly since_ms: number
}

/** What one process has open. */
export type ProcessFigures = { readonly connections: number; readonly documents: number; readonly people: readonly SeatedUser[] }

/** Between two writings of a process; one that was not heard for thrice as long is not counted. */
export const heard_ms = 10_000
/** Width of a step of the trend, and how many are answered and kept. */
const bucket_s = 600
const points_max = 144

/** What all processes have open, by each other's word. */
export type Processes = {
  save(instance: string, figures: ProcessFigures): Promise<Result<undefined, 'unavailable'>>
  /** It stops: from now on it has nothing open. */
  forget(instance: string): Promise<void>
  /** Rejects when the database does not answer. */
  read(): Promise<ConnectionsAnswer>
}

export function makeProcesses(database: Knex): Processes {
  return {
    async save(instance, { connections, documents, people }) {
      try {
        await database.raw(saveSql, [instance, connections, documents, JSON.stringify(people)])
        await database.raw(trendSql, [bucket_s, instance, connections, people.length])
        await database.raw(`delete from connections_trend where bucket < floor(extract(epoch from now()) / ?) - ?`, [bucket_s, points_max])
        return ok()
      } catch {
        return err('unavailable') // said again in ten seconds
      }
    },
    async forget(instance) {
      await database('processes').where('instance', instance).delete()
    },
    async read() {
      const { rows } = await database.raw<{ rows: ProcessRow[] }>(readSql, [heard_ms * 3])
      const users = together(rows.flatMap(({ people }) => people))
      const { rows: known } = await database.raw<{ rows: UserRow[] }>(usersSql, [[...users.keys()]])
      const trend = await database.raw<{ rows: ConnectionsPoint[] }>(pointsSql, [bucket_s, bucket_s, points_max])
      const sum = (of: 'connections' | 'documents') => rows.reduce((total, row) => total + row[of], 0)
      return {
        connections: sum('connections'),
        documents: sum('documents'),
        instances: rows.map(({ instance }) => instance),
        users: known.flatMap(({ unsent, ...user }): readonly ConnectedUser[] => {
          const seated = users.get(user.id)
          return seated === undefined ? [] : [{ ...seated, user: named(user), unsent }]
        }),
        trend: trend.rows,
      }
    },
  }
}

type ProcessRow = { readonly instance: string } & ProcessFigures
type UserRow = Omit<Me, 'name_en'> & { readonly name_en: string | null; readonly unsent: number }

/** One person in several processes is one person. */
function together(people: readonly SeatedUser[]): ReadonlyMap<UserId, SeatedUser> {
  const all = new Map<UserId, SeatedUser>()
  for (const one of people) {
    const { devices = 0, committees = [], since_ms = one.since_ms } = all.get(one.user) ?? {}
    all.set(one.user, {
      user: one.user,
      devices: devices + one.devices,
      committees: [...new Set([...committees, ...one.committees])].sort(),
      since_ms: Math.min(since_ms, one.since_ms),
    })
  }
  return all
}

const saveSql = `
  insert into processes (instance, seen_at, connections, documents, people) values (?, now(), ?, ?, ?::json)
  on conflict (instance) do update
     set seen_at = excluded.seen_at, connections = excluded.connections, documents = excluded.documents, people = excluded.people`

const trendSql = `
  insert into connections_trend as known (bucket, instance, connections, users)
  values (floor(extract(epoch from now()) / ?), ?, ?, ?)
  on conflict (bucket, instance) do update
     set connections = greatest(known.connections, excluded.connections), users = greatest(known.users, excluded.users)`

const readSql = `
  select instance, connections, documents, people
    from processes
   where seen_at > now() - make_interval(secs => ? / 1000.0)
   order by instance`

const usersSql = `
  select users.id, login, name, name_en, role,
         (select coalesce(sum(unsent), 0)::integer from devices
           where devices.user_id = users.id and unsent > 0 and here and seen_at > now() - interval '150 seconds') as unsent
    from users
   where users.id = any (?)
   order by users.id`

const pointsSql = `
  select (bucket::double precision + 1) * ? * 1000 as at_ms, sum(connections)::integer as connections, sum(users)::integer as users
    from connections_trend
   where bucket > floor(extract(epoch from now()) / ?) - ?
   group by bucket
   order by bucket`
