import type pg from 'pg'
import type * as Y from 'yjs'
import { documentOf } from '#load/driver/oracle.ts'

/** A committee's document as plain Yjs makes it from the journal's rows. */
export async function journaled(sql: pg.Client, committee: string): Promise<Y.Doc> {
  const { rows } = await sql.query<{ update: Buffer }>('select update from journal where committee_id = $1 order by sequence', [committee])
  return documentOf(rows.map(({ update }) => update))
}
