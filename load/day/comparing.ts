import type pg from 'pg'
import type { Crowd } from '../driver/crowd.ts'
import { inLanes } from '../driver/lanes.ts'
import { type Loss, lostForClient, lostInJournal, type Testimony } from './compare.ts'
import { losses_max, type Report } from './report.ts'

const lanes = 4

/** Asks the journal and a fresh client of every committee for each edit that was acknowledged. `user` is who comes fresh. */
export async function compareAll(
  testimonies: readonly Testimony[],
  sql: pg.Client,
  crowd: Crowd,
  user: number,
): Promise<Pick<Report, 'compared' | 'rows' | 'losses' | 'lost'>> {
  const losses: Loss[] = []
  const sum = { compared: 0, rows: 0 }
  await inLanes(
    Map.groupBy(testimonies, ({ committee }) => committee),
    lanes,
    async ([committee, of]) => {
      const fresh = await crowd.join(committee, user, 'coordinator')
      losses.push(...lostForClient(of, fresh.doc))
      crowd.leave(fresh)
      const { rows } = await sql.query<{ update: Buffer }>('select update from journal where committee_id = $1 order by sequence', [
        committee,
      ])
      losses.push(
        ...lostInJournal(
          of,
          rows.map(({ update }) => new Uint8Array(update)),
        ),
      )
      sum.rows += rows.length
      sum.compared += of.flatMap(({ deeds }) => deeds.filter(({ acknowledged }) => acknowledged)).length
    },
  )
  // An edit that both miss is one edit.
  const lost = new Set(losses.map((loss) => `${loss.committee} ${loss.user} ${loss.edit}`)).size
  return { ...sum, losses: mostTelling(losses), lost }
}

/** What is in no row explains the others, so it comes first. */
function mostTelling(losses: readonly Loss[]): readonly Loss[] {
  const isRoot = ({ how }: Loss) => (how === 'is in no row' ? 0 : 1)
  return losses.toSorted((a, b) => isRoot(a) - isRoot(b)).slice(0, losses_max)
}
