import type { Knex } from 'knex'
import type { Device } from '#contract/api.ts'
import type { ClientId, CommitteeId, UserId } from '#contract/ids.ts'
import { err, ok, type Result } from '#contract/result.ts'

/** What a device last said of itself; `age_ms`: how long ago, so that no process's clock matters. */
export type SeenDevice = {
  readonly committee: CommitteeId
  readonly user: UserId
  readonly device: string
  readonly client: ClientId
  readonly unsent: number
  readonly here: boolean
  readonly age_ms: number
}

/** A device that is here is written again and again; one that was not for so long has gone down with its process. */
export const alive_ms = 60_000
const gone_ms = 2.5 * alive_ms

const perCommittee_max = 500
/** Of one person in one committee: nobody pushes the others out. */
const perPerson_max = 20
const shown_max = 200

export type Devices = {
  /** Those of the last 24 hours, at most 200, with unsent edits first. Rejects when the database does not answer. */
  list(committee: CommitteeId): Promise<readonly Device[]>
  save(seen: readonly SeenDevice[]): Promise<Result<undefined, 'unavailable'>>
}

type DeviceRow = {
  readonly id: UserId
  readonly name: string
  readonly name_en: string | null
  readonly client: string
  readonly unsent: number
  readonly here: boolean
  readonly seen_at_ms: number
}

export function makeDevices(database: Knex): Devices {
  return {
    async list(committee) {
      const { rows } = await database.raw<{ rows: DeviceRow[] }>(listSql, [gone_ms, committee, shown_max])
      return rows.map(({ id, name, name_en, client, ...row }) => ({
        user: { id, name, ...(name_en === null ? {} : { name_en }) },
        client: Number(client) as ClientId,
        ...row,
      }))
    },
    async save(seen) {
      try {
        await database.raw(saveSql, [JSON.stringify(seen)])
        const committees = [...new Set(seen.map(({ committee }) => committee))]
        await database.raw(forgetSql, [committees, perCommittee_max, perPerson_max] as never)
        return ok()
      } catch {
        return err('unavailable') // said again later: what the fault was changes nothing
      }
    },
  }
}

const listSql = `
  select users.id, users.name, users.name_en, devices.client, devices.unsent,
         devices.here and devices.seen_at > now() - make_interval(secs => ? / 1000.0) as here,
         (extract(epoch from devices.seen_at) * 1000)::double precision as seen_at_ms
    from devices
    join users on users.id = devices.user_id
   where devices.committee_id = ? and devices.seen_at > now() - interval '24 hours'
   order by devices.unsent desc, here, devices.seen_at desc
   limit ?`

const saveSql = `
  insert into devices (committee_id, user_id, device, client, unsent, here, seen_at)
  select seen.committee, seen."user", seen.device, seen.client, seen.unsent, seen.here, now() - make_interval(secs => seen.age_ms / 1000.0)
    from json_to_recordset(?) seen
         (committee text, "user" integer, device text, client bigint, unsent integer, here boolean, age_ms double precision)
    join committees on committees.id = seen.committee
    join users on users.id = seen."user"
  on conflict (committee_id, user_id, device) do update
     set client = excluded.client, unsent = excluded.unsent, here = excluded.here, seen_at = excluded.seen_at
   where excluded.seen_at >= devices.seen_at`

const forgetSql = `
  delete from devices
   using (
     select committee_id, user_id, device,
            row_number() over (partition by committee_id order by here desc, unsent > 0 desc, seen_at desc) as place,
            row_number() over (partition by committee_id, user_id order by here desc, unsent > 0 desc, seen_at desc) as own_place
       from devices
      where committee_id = any (?)
   ) ranked
   where (devices.committee_id, devices.user_id, devices.device) = (ranked.committee_id, ranked.user_id, ranked.device)
     and (ranked.place > ? or ranked.own_place > ?)`
