import type * as Y from 'yjs'
import type { ElectorSerial, UserId } from '#contract/ids.ts'
import { keyOf, keyParser } from './keys.ts'
import { inOrder, type Statement, wasSeen } from './statements.ts'
import { type AttendanceRuling, type AttendanceValue, isAttendanceRuling, isAttendanceValue } from './values.ts'

/** What the committee's people say of one elector, ascending by user, and a supervisor's ruling where there is one. */
export type Attendance = {
  readonly statements: readonly Statement<AttendanceValue>[]
  readonly ruling?: AttendanceRuling
}

export type AttendanceRoot = Y.Map<unknown>
export const attendanceRoot = (doc: Y.Doc): AttendanceRoot => doc.getMap('attendance')

export const parseAttendanceKey = keyParser('<elector>/<user>')
export const parseAttendanceRulingKey = keyParser('<elector>/#')

/** Marks that stand: given, not withdrawn, and not seen (and so settled) by a ruling. Two of them are one attendance. */
export function witnesses({ statements, ruling }: Attendance): readonly Statement<number>[] {
  return statements.filter(
    (statement): statement is Statement<number> => typeof statement.value === 'number' && !wasSeen(ruling?.saw, statement),
  )
}

export const hasAttended = (attendance: Attendance): boolean => witnesses(attendance).length > 0

/** Statements as a ruling on them says it saw them. */
export const seenBy = (statements: readonly Statement<AttendanceValue>[]): AttendanceRuling['saw'] =>
  Object.fromEntries(statements.map(({ user, value }) => [String(user), value]))

/** The whole root as statements per elector. O(keys): for a first reading; afterwards follow `keysChanged`. */
export function readAttendance(root: AttendanceRoot): Map<ElectorSerial, Attendance> {
  const statements = new Map<ElectorSerial, Statement<AttendanceValue>[]>()
  const rulings = new Map<ElectorSerial, AttendanceRuling>()
  for (const [key, value] of root.entries()) {
    const mark = parseAttendanceKey(key)
    if (mark?.elector !== undefined && mark.user !== undefined && isAttendanceValue(value)) {
      const list = statements.get(mark.elector) ?? []
      list.push({ user: mark.user, value })
      statements.set(mark.elector, list)
      continue
    }
    const elector = parseAttendanceRulingKey(key)?.elector
    if (elector !== undefined && isAttendanceRuling(value)) rulings.set(elector, value)
  }
  const all = new Map<ElectorSerial, Attendance>()
  for (const elector of new Set([...statements.keys(), ...rulings.keys()])) {
    const ruling = rulings.get(elector)
    all.set(elector, { statements: inOrder(statements.get(elector) ?? []), ...(ruling === undefined ? {} : { ruling }) })
  }
  return all
}

/** Serials that have attended, ascending. */
export function attendedElectors(root: AttendanceRoot): readonly ElectorSerial[] {
  return [...readAttendance(root)]
    .filter(([, attendance]) => hasAttended(attendance))
    .map(([elector]) => elector)
    .sort((a, b) => a - b)
}

/** Writes the author's own mark. `at_s`: unix seconds of the author's clock. */
export function markAttendance(root: AttendanceRoot, elector: ElectorSerial, user: UserId, at_s: number): void {
  root.set(keyOf.attendance(elector, user), at_s satisfies AttendanceValue)
}

/** Withdraws the author's own mark; the reason stays beside it. */
export function withdrawAttendance(root: AttendanceRoot, elector: ElectorSerial, user: UserId, why: string): void {
  root.set(keyOf.attendance(elector, user), { at_s: 0, why } satisfies AttendanceValue)
}

/** Writes a supervisor's word on the statements it `saw`; with none seen, all of them stand again. */
export function ruleAttendance(root: AttendanceRoot, elector: ElectorSerial, ruling: AttendanceRuling): void {
  root.set(keyOf.attendanceRuling(elector), ruling)
}
