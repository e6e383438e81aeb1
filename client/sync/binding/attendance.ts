import { batch, createSignal } from 'solid-js'
import { createStore } from 'solid-js/store'
import type * as Y from 'yjs'
import {
  type Attendance,
  attendanceRoot,
  hasAttended,
  parseAttendanceKey,
  parseAttendanceRulingKey,
  witnesses,
} from '#contract/document/attendance.ts'
import { keyOf } from '#contract/document/keys.ts'
import { inOrder, wasSeen } from '#contract/document/statements.ts'
import { type AttendanceRuling, type AttendanceValue, isAttendanceRuling, isAttendanceValue } from '#contract/document/values.ts'
import type { ElectorSerial, UserId } from '#contract/ids.ts'
import type { Pending } from './pending.ts'

export type AttendanceRow = {
  readonly witnesses: readonly { readonly user: UserId; readonly at_s: number; readonly mine: boolean; readonly durable: boolean }[]
  readonly attended: boolean
  /** A supervisor's word, where marks were given that do not stand because of it. */
  readonly overruled?: { readonly by: UserId; readonly at_s: number; readonly why: string; readonly users: readonly UserId[] }
}

/** Of a class of its own, so that the store hands a row out as it is: a plain object it would wrap at every change, with all in it. */
class Row implements AttendanceRow {
  readonly witnesses: AttendanceRow['witnesses']
  readonly attended: boolean
  declare readonly overruled?: NonNullable<AttendanceRow['overruled']>

  constructor({ witnesses, attended, overruled }: AttendanceRow) {
    this.witnesses = witnesses
    this.attended = attended
    if (overruled !== undefined) this.overruled = overruled
  }
}

/** The root `attendance` as a store: a change reaches the rows it touches, and only those are worked out again. */
export function bindAttendance(doc: Y.Doc, me: UserId, pending: Pending, onRow: (elector: ElectorSerial, attended: boolean) => void) {
  const root = attendanceRoot(doc)
  const [rows, setRows] = createStore<Record<number, AttendanceRow | undefined>>({})
  const [attended, setAttended] = createSignal(0)
  const speakers = new Map<ElectorSerial, Set<UserId>>()
  const present = new Set<ElectorSerial>()

  function attendanceOf(elector: ElectorSerial): Attendance {
    const statements = [...(speakers.get(elector) ?? [])].flatMap((user) => {
      const value = root.get(keyOf.attendance(elector, user))
      return isAttendanceValue(value) ? [{ user, value: value as AttendanceValue }] : []
    })
    const ruling = root.get(keyOf.attendanceRuling(elector))
    return { statements: inOrder(statements), ...(isAttendanceRuling(ruling) ? { ruling } : {}) }
  }

  function rowOf(elector: ElectorSerial): AttendanceRow {
    const attendance = attendanceOf(elector)
    return new Row({
      ...overruledIn(attendance),
      witnesses: witnesses(attendance).map(({ user, value }) => {
        const durable = user !== me || pending.follow(root, keyOf.attendance(elector, user), () => update([elector]))
        return { user, at_s: value, mine: user === me, durable }
      }),
      attended: hasAttended(attendance),
    })
  }

  function update(electors: Iterable<ElectorSerial>) {
    batch(() => {
      for (const elector of electors) {
        const row = rowOf(elector)
        if (row.attended) present.add(elector)
        else present.delete(elector)
        setRows(elector, row)
        onRow(elector, row.attended)
      }
      setAttended(present.size)
    })
  }

  const take = (keys: Iterable<string>) => {
    const touched = new Set<ElectorSerial>()
    for (const key of keys) {
      const mark = parseAttendanceKey(key)
      const elector = mark?.elector ?? parseAttendanceRulingKey(key)?.elector
      if (elector === undefined) continue
      if (mark?.user !== undefined) speakers.set(elector, (speakers.get(elector) ?? new Set()).add(mark.user))
      touched.add(elector)
    }
    update(touched)
  }
  const observer = (event: Y.YMapEvent<unknown>) => take(event.keysChanged)
  take(root.keys())
  root.observe(observer)

  return {
    rows,
    attended,
    hasAttended: (elector: ElectorSerial) => present.has(elector),
    of: attendanceOf,
    stop: () => root.unobserve(observer),
  }
}

function overruledIn({ statements, ruling }: Attendance): Pick<AttendanceRow, 'overruled'> {
  const users = statements.filter((statement) => typeof statement.value === 'number' && wasSeen(ruling?.saw, statement))
  if (ruling === undefined || users.length === 0) return {}
  const { by, at_s, why }: AttendanceRuling = ruling
  return { overruled: { by, at_s, why, users: users.map(({ user }) => user) } }
}
