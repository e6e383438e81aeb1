import type * as Y from 'yjs'
import {
  type Attendance,
  attendanceRoot,
  markAttendance,
  ruleAttendance,
  seenBy,
  withdrawAttendance,
  witnesses,
} from '#contract/document/attendance.ts'
import { guaranteesRoot, writeGuarantee } from '#contract/document/guarantees.ts'
import { type GuaranteeField, keyOf } from '#contract/document/keys.ts'
import { editNote, noteOf, type TextEdit } from '#contract/document/notes.ts'
import type { Writer } from '#contract/document/schema.ts'
import { type AttendanceRuling, cleanText, type GuaranteeValues, textCharactersMax } from '#contract/document/values.ts'
import { nextWalkin, ruleWalkin, type WalkinPlace, walkinsRoot, writeWalkin } from '#contract/document/walkins.ts'
import type { ElectorSerial, UserId } from '#contract/ids.ts'
import { defaultLimits } from '#contract/limits.ts'
import type { Refusal } from '#contract/refusals.ts'
import { err, ok, type Result } from '#contract/result.ts'

/** What writing on the roll needs of all writing: the one gate, and the one way into the document. */
type RollPorts = {
  readonly doc: Y.Doc
  readonly writer: () => Writer
  readonly attendanceOf: (elector: ElectorSerial) => Attendance
  readonly at_s: () => number
  readonly refuse: (path: string, key: string, value: unknown) => Refusal | undefined
  readonly write: (run: () => void) => Result<undefined, never>
}

export type PledgeFields = Partial<GuaranteeValues>
export type WalkinFields = { readonly name: string; readonly serial: number | null; readonly why: string }

/** Of one update: a withdrawal whose reason is all Arabic has about 450 bytes, so this stays under what an update may have. */
const marks_per_update = 400

/** The edits of the roll: attendance, guarantees, notes, walk-ins, and a supervisor's word on them. */
export function createRollWriting({ doc, writer, attendanceOf, at_s, refuse, write }: RollPorts) {
  /** The time to mark with; undefined where the own mark stands already. One that a ruling settled is given anew, and not as it was. */
  function timeToMark(elector: ElectorSerial, now_s: number): number | undefined {
    const { user } = writer()
    const value = attendanceRoot(doc).get(keyOf.attendance(elector, user))
    if (typeof value !== 'number') return now_s
    if (witnesses(attendanceOf(elector)).some((witness) => witness.user === user)) return undefined
    return value === now_s ? now_s + 1 : now_s
  }

  /** The person's own mark on every one of them that does not have it. Refused whole, or written whole: no half a paper. */
  function markAll(electors: readonly ElectorSerial[]): Result<readonly ElectorSerial[], Refusal> {
    const { user } = writer()
    const marks: { elector: ElectorSerial; time_s: number }[] = []
    const now_s = at_s()
    for (const elector of electors) {
      const refusal = refuse('attendance', keyOf.attendance(elector, user), now_s)
      if (refusal !== undefined) return err(refusal)
      const time_s = timeToMark(elector, now_s)
      if (time_s !== undefined) marks.push({ elector, time_s })
    }
    for (const part of chunks(marks, marks_per_update)) {
      write(() => {
        for (const { elector, time_s } of part) markAttendance(attendanceRoot(doc), elector, user, time_s)
      })
    }
    return ok(marks.map(({ elector }) => elector))
  }

  /** Withdraws the person's own marks; nobody withdraws what they never said. */
  function unmarkAll(electors: readonly ElectorSerial[], why: string): Result<undefined, Refusal> {
    const { user } = writer()
    const reason = cleanText(why, textCharactersMax.why)
    const given: ElectorSerial[] = []
    for (const elector of electors) {
      const key = keyOf.attendance(elector, user)
      const statement = attendanceRoot(doc).get(key)
      const refusal = refuse('attendance', key, { at_s: 0, why: reason })
      if (refusal !== undefined) return err(refusal)
      if (statement === undefined) return err({ code: 'bad-key', path: 'attendance', key })
      if (typeof statement === 'number') given.push(elector)
    }
    for (const part of chunks(given, marks_per_update)) {
      write(() => {
        for (const elector of part) withdrawAttendance(attendanceRoot(doc), elector, user, reason)
      })
    }
    return ok()
  }

  function mark(elector: ElectorSerial): Result<undefined, Refusal> {
    const done = markAll([elector])
    return done.ok ? ok() : done
  }

  function rule(elector: ElectorSerial, why: string, saw: AttendanceRuling['saw']): Result<undefined, Refusal> {
    const ruling: AttendanceRuling = { by: writer().user, at_s: at_s(), why: cleanText(why, textCharactersMax.why), saw }
    const refusal = refuse('attendance', keyOf.attendanceRuling(elector), ruling)
    if (refusal !== undefined) return err(refusal)
    return write(() => ruleAttendance(attendanceRoot(doc), elector, ruling))
  }

  /** Writes the fields that change, in a collector's name: the own, or for those who may speak for others, theirs. */
  function pledge(elector: ElectorSerial, fields: PledgeFields, collector: UserId = writer().user): Result<undefined, Refusal> {
    const root = guaranteesRoot(doc)
    const cleaned: PledgeFields = { ...fields, ...cleanedText(fields, 'group'), ...cleanedText(fields, 'quick_note') }
    const changed = (Object.entries(cleaned) as [GuaranteeField, never][]).filter(
      ([field, value]) => value !== undefined && (root.get(keyOf.guarantee(elector, collector, field)) ?? null) !== value,
    )
    for (const [field, value] of changed) {
      const refusal = refuse('guarantees', keyOf.guarantee(elector, collector, field), value)
      if (refusal !== undefined) return err(refusal)
    }
    if (changed.length === 0) return ok()
    return write(() => {
      for (const [field, value] of changed) writeGuarantee(root, elector, collector, field, value)
    })
  }

  function writeNote(elector: ElectorSerial, edits: readonly TextEdit[]): Result<undefined, Refusal> {
    const path = keyOf.note(elector)
    const refusal = refuse(path, '', edits.map(({ inserted }) => inserted).join(''))
    if (refusal !== undefined) return err(refusal)
    const grown = edits.reduce((sum, { removed, inserted }) => sum + inserted.length - removed, 0)
    if (grown > 0 && noteOf(doc, elector).length + grown > defaultLimits.note_characters_max)
      return err({ code: 'too-large', path, key: '' })
    return write(() => editNote(doc, elector, edits))
  }

  function addWalkin({ name, serial, why }: WalkinFields): Result<undefined, Refusal> {
    const place = nextWalkin(doc, writer().user)
    const value = { name: cleanText(name, textCharactersMax.name), serial, why: cleanText(why, textCharactersMax.why), at_s: at_s() }
    const refusal = refuse('walkins', keyOf.walkin(place.user, place.client, place.n), value)
    if (refusal !== undefined) return err(refusal)
    return write(() => writeWalkin(walkinsRoot(doc), place, value))
  }

  function acceptWalkin(place: WalkinPlace, accepted: boolean): Result<undefined, Refusal> {
    const key = keyOf.walkinRuling(place.user, place.client, place.n)
    const ruling = { accepted, by: writer().user, at_s: at_s() }
    const refusal = refuse('walkins', key, ruling)
    if (refusal !== undefined) return err(refusal)
    return write(() => ruleWalkin(walkinsRoot(doc), place, ruling))
  }

  return {
    mark,
    markAll,
    unmark: (elector: ElectorSerial, why: string) => unmarkAll([elector], why),
    unmarkAll,
    /** Says that the marks as they stand now are wrong; marks given later stand again by themselves. */
    overrule: (elector: ElectorSerial, why: string) => rule(elector, why, seenBy(attendanceOf(elector).statements)),
    /** Takes such a word back: a ruling that saw nothing settles nothing. */
    restore: (elector: ElectorSerial, why: string) => rule(elector, why, {}),
    pledge,
    writeNote,
    addWalkin,
    acceptWalkin,
  }
}

function* chunks<Thing>(all: readonly Thing[], size: number): Iterable<readonly Thing[]> {
  for (let from = 0; from < all.length; from += size) yield all.slice(from, from + size)
}

/** A text of a pledge as it may stand in the document; none left empties the field. */
function cleanedText(fields: PledgeFields, name: 'group' | 'quick_note'): PledgeFields {
  const text = fields[name]
  return typeof text === 'string' ? { [name]: cleanText(text, textCharactersMax[name]) || null } : {}
}
