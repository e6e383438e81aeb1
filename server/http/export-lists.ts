import type * as Y from 'yjs'
import type { ExportList } from '#contract/audit.ts'
import { attendanceRoot, hasAttended, readAttendance, witnesses } from '#contract/document/attendance.ts'
import { ballotsRoot, countBallots, readLogs, tallyBallots } from '#contract/document/ballots.ts'
import { guaranteesRoot, readGuarantees, stands } from '#contract/document/guarantees.ts'
import { isAccepted, readWalkins, walkinsRoot } from '#contract/document/walkins.ts'
import { type ElectorSerial, sheets, type UserId } from '#contract/ids.ts'
import type { NamedCommittee } from '../storage/exports.ts'
import type { Cell } from './csv.ts'

/** A list as data: its columns, and its lines out of one committee's document, ascending. */
type Kind = {
  readonly columns: readonly string[]
  readonly lines: (doc: Y.Doc, committee: NamedCommittee, logins: ReadonlyMap<UserId, string>) => readonly (readonly Cell[])[]
}

const instant = (at_s: number | null | undefined): Cell => (typeof at_s === 'number' ? new Date(at_s * 1_000).toISOString() : undefined)
const ascending = <Value>(map: ReadonlyMap<ElectorSerial, Value>) => [...map].sort(([a], [b]) => a - b)

const attendance: Kind = {
  columns: ['committee_code', 'serial', 'name', 'on_the_roll', 'attended', 'at', 'witnesses', 'why'],
  lines(doc, { code, electors }, logins) {
    const marks = ascending(readAttendance(attendanceRoot(doc))).map(([serial, of]) => {
      const seen = witnesses(of)
      const at_s = seen.length === 0 ? undefined : Math.min(...seen.map(({ value }) => value))
      const by = seen.map(({ user }) => logins.get(user) ?? String(user)).join(' ')
      return [code, serial, electors.get(serial), true, hasAttended(of), instant(at_s), by, of.ruling?.why]
    })
    const others = readWalkins(walkinsRoot(doc)).map((walkin) => {
      const { name, serial, why, at_s } = walkin.value
      return [
        code,
        serial ?? undefined,
        name,
        false,
        isAccepted(walkin),
        instant(at_s),
        logins.get(walkin.user) ?? String(walkin.user),
        why,
      ]
    })
    return [...marks, ...others]
  },
}

const guarantees: Kind = {
  columns: [
    'committee_code',
    'serial',
    'name',
    'collector',
    'stands',
    'strength',
    'confirmation',
    'group',
    'quick_note',
    'follow_up',
    'attended',
  ],
  lines(doc, { code, electors }, logins) {
    const attended = readAttendance(attendanceRoot(doc))
    return ascending(readGuarantees(guaranteesRoot(doc))).flatMap(([serial, pledges]) =>
      pledges.map((pledge) => {
        const { collector, strength, confirmation, group, quick_note, follow_up } = pledge
        const there = attended.get(serial)
        return [
          code,
          serial,
          electors.get(serial),
          logins.get(collector) ?? String(collector),
          stands(pledge),
          strength ?? undefined,
          confirmation ?? undefined,
          group ?? undefined,
          quick_note ?? undefined,
          instant(follow_up),
          there !== undefined && hasAttended(there),
        ]
      }),
    )
  },
}

const counts: Kind = {
  columns: ['committee_code', 'sheet', 'figure', 'candidate', 'name', 'value'],
  lines(doc, { code, candidates }) {
    return sheets.flatMap((sheet) => {
      const logs = readLogs(ballotsRoot(doc), sheet)
      if (logs.length === 0) return []
      const { votes, ...figures } = tallyBallots(countBallots(logs))
      const numbers = [...new Set<number>([...candidates.keys(), ...votes.keys()])].sort((a, b) => a - b)
      return [
        ...Object.entries(figures).map(([figure, value]): readonly Cell[] => [code, sheet, figure, undefined, undefined, value]),
        ...numbers.map((number) => [code, sheet, 'votes', number, candidates.get(number), votes.get(number as never) ?? 0]),
      ]
    })
  },
}

/** Every list that is made of the documents. */
export const exportKinds: Readonly<Record<Exclude<ExportList, 'audit'>, Kind>> = { attendance, guarantees, counts }
