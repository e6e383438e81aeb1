import { code, name, orNull, sex, text } from './columns.ts'
import { firstOfEach, inPieces, type Kind, nothingBefore } from './kind.ts'
import { committeeIdOf, insertPlaces, type KeptCommittee, missing, type NewPlaces, type Places, readPlaces } from './places.ts'

const parsers = { code, name, site: name, sex: orNull(sex), constituency: orNull(text(160)) }

type Change = { readonly new: NewPlaces; readonly updated: readonly KeptCommittee[] }

/** Rooms of the election, by code. */
export const committees: Kind<'committees', typeof parsers, undefined, Places, Change> = {
  kind: 'committees',
  parsers,
  before: nothingBefore,
  known: (transaction, { election }) => readPlaces(transaction, election),

  plan(rows, known, problems) {
    const ids = new Set(known.ids)
    const created: KeptCommittee[] = []
    const updated: KeptCommittee[] = []
    let moved = false
    for (const row of firstOfEach(rows, problems, { column: 'code', key: (row) => row.code, shown: (row) => row.code })) {
      const kept = known.committees.get(row.code)
      const { sex = kept?.sex ?? null, constituency = kept?.constituency ?? null } = row
      const named = { code: row.code, name: row.name, site: row.site, sex, constituency }
      if (kept === undefined) {
        const id = committeeIdOf(row.code, ids)
        ids.add(id)
        created.push({ ...named, id })
      } else if (!isSame(kept, { ...named, id: kept.id })) {
        updated.push({ ...named, id: kept.id })
        moved ||= kept.constituency !== constituency
      }
    }
    const all = [...created, ...updated]
    const sites = missing(
      all.map(({ site }) => site),
      known.sites,
    )
    const constituencies = missing(
      all.map(({ constituency }) => constituency),
      known.constituencies,
    )
    return {
      created: created.length,
      updated: updated.length,
      unchanged: rows.length - created.length - updated.length,
      deactivated: 0,
      made: { sites: sites.length, constituencies: constituencies.length },
      // In another constituency there is another ballot paper.
      affects: moved ? updated.map(({ id }) => id) : [],
      change: { new: { sites, constituencies, committees: created }, updated },
    }
  },

  async apply(transaction, { election }, change) {
    // In the journal's order, so that a commit and this never wait for each other in a circle; first, as commits wait from here on.
    await transaction.raw('select from committees where id = any (?) order by id for no key update', [change.updated.map(({ id }) => id)])
    await insertPlaces(transaction, election, change.new)
    await inPieces(transaction, updateSql, [election], change.updated)
  },
}

const isSame = (one: KeptCommittee, other: KeptCommittee): boolean =>
  one.name === other.name && one.site === other.site && one.sex === other.sex && one.constituency === other.constituency

/** The English name was of the old one. */
const updateSql = `
  update committees
     set name = c.name, name_en = case when committees.name = c.name then committees.name_en end,
         site_id = sites.id, sex = c.sex,
         constituency_id = (select id from constituencies where election_id = sites.election_id and constituencies.name = c.constituency)
    from (select id, name, election_id from sites where election_id = ?) sites,
         json_to_recordset(?) c (id text, name text, site text, sex text, constituency text)
   where committees.id = c.id and sites.name = c.site`
