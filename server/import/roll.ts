import type { Knex } from 'knex'
import { code, mobile, name, orNull, type RowOf, serial, sex, text } from './columns.ts'
import { firstOfEach, inPieces, type Kind, nothingBefore } from './kind.ts'
import type { Sex } from './places.ts'

const parsers = { committee_code: code, serial, name, sex, family: text(160), unit: text(160), mobile: orNull(mobile) }
type Row = RowOf<'roll', typeof parsers>

type Elector = {
  readonly serial: number
  readonly name: string
  readonly sex: Sex
  readonly family: string
  readonly unit: string
  readonly mobile: string | null
  readonly active: boolean
}
type Roll = ReadonlyMap<number, Elector>
type Known = {
  /** Ids by code. */
  readonly committees: ReadonlyMap<string, string>
  /** By committee's id: of committees that the file names. */
  readonly rolls: ReadonlyMap<string, Roll>
}
type Written = Omit<Elector, 'active'> & { readonly committee_id: string }
type Change = { readonly written: readonly Written[]; readonly gone: readonly { readonly committee_id: string; readonly serial: number }[] }

/**
 * Who may vote where. A serial is what the committees' documents are written with, so it is never given to somebody else by us and never
 * taken out: who is not in the file any more, in a committee that it names, is struck through.
 */
export const roll: Kind<'roll', typeof parsers, undefined, Known, Change> = {
  kind: 'roll',
  parsers,
  before: nothingBefore,

  async known(transaction, { election }, rows) {
    const named = [...new Set(rows.map((row) => row.committee_code))]
    const found = await transaction<{ id: string; code: string }>('committees')
      .where('election_id', election)
      .whereIn('code', named)
      .select('id', 'code')
    const committees = new Map(found.map(({ id, code }) => [code, id]))
    return { committees, rolls: await readRolls(transaction, [...committees.values()]) }
  },

  plan(rows, { committees, rolls }, problems) {
    const placed = rows.filter((row) => {
      const isKnown = committees.has(row.committee_code)
      if (!isKnown) problems.add(row.line, 'unknown-committee', { column: 'committee_code', value: row.committee_code })
      return isKnown
    })
    const once = firstOfEach(placed, problems, {
      column: 'serial',
      key: (row) => `${row.serial}/${row.committee_code}`,
      shown: (row) => row.serial,
    })
    const written: Written[] = []
    let created = 0
    const named = new Map<string, Set<number>>()
    for (const row of once) {
      const committee_id = committees.get(row.committee_code) ?? ''
      const kept = rolls.get(committee_id)?.get(row.serial)
      named.set(committee_id, (named.get(committee_id) ?? new Set()).add(row.serial))
      const elector = electorOf(row, kept)
      if (kept === undefined) created += 1
      else if (isSame(kept, elector)) continue
      written.push({ committee_id, ...elector })
    }
    const gone = [...named].flatMap(([committee_id, serials]) =>
      [...(rolls.get(committee_id)?.values() ?? [])]
        .filter((elector) => elector.active && !serials.has(elector.serial))
        .map((elector) => ({ committee_id, serial: elector.serial })),
    )
    return {
      created,
      updated: written.length - created,
      unchanged: once.length - written.length,
      deactivated: gone.length,
      made: {},
      affects: [...named.keys()],
      change: { written, gone },
    }
  },

  async apply(transaction, _target, { written, gone }) {
    await inPieces(transaction, writeSql, [], written)
    await inPieces(transaction, strikeSql, [], gone)
  },
}

/** What the file does not have a column for stays as it is. */
function electorOf({ serial, name, sex, ...row }: Row, kept: Elector | undefined): Omit<Elector, 'active'> {
  const { family = kept?.family ?? '', unit = kept?.unit ?? '', mobile = kept?.mobile ?? null } = row
  return { serial, name, sex, family, unit, mobile }
}

const isSame = (kept: Elector, elector: Omit<Elector, 'active'>): boolean =>
  kept.active &&
  kept.name === elector.name &&
  kept.sex === elector.sex &&
  kept.family === elector.family &&
  kept.unit === elector.unit &&
  kept.mobile === elector.mobile

async function readRolls(transaction: Knex, committees: readonly string[]): Promise<ReadonlyMap<string, Roll>> {
  const rolls = new Map<string, Map<number, Elector>>()
  // One committee at a time: a national file would bring all of them in one answer.
  for (const id of committees) {
    const electors = await transaction<Elector & { committee_id: string }>('electors')
      .where('committee_id', id)
      .select('serial', 'name', 'sex', 'family', 'unit', 'mobile', 'active')
    rolls.set(id, new Map(electors.map((elector) => [elector.serial, elector])))
  }
  return rolls
}

const writeSql = `
  insert into electors (committee_id, serial, name, sex, family, unit, mobile)
  select r.* from json_to_recordset(?) r (committee_id text, serial integer, name text, sex text, family text, unit text, mobile text)
  on conflict (committee_id, serial) do update
     set name = excluded.name, sex = excluded.sex, family = excluded.family, unit = excluded.unit, mobile = excluded.mobile, active = true`

const strikeSql = `
  update electors set active = false
    from json_to_recordset(?) gone (committee_id text, serial integer)
   where electors.committee_id = gone.committee_id and electors.serial = gone.serial`
