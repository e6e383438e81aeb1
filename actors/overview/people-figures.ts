import type * as Y from 'yjs'
import { attendanceRoot, hasAttended, parseAttendanceKey, parseAttendanceRulingKey } from '#contract/document/attendance.ts'
import { guaranteesRoot, parseGuaranteeKey, readGuarantee, stands } from '#contract/document/guarantees.ts'
import { keyOf } from '#contract/document/keys.ts'
import { inOrder, type Statement } from '#contract/document/statements.ts'
import { type AttendanceValue, isAttendanceRuling, isAttendanceValue, isWalkin, isWalkinRuling } from '#contract/document/values.ts'
import { parseWalkinKey, walkinsRoot } from '#contract/document/walkins.ts'
import type { ElectorSerial, UserId } from '#contract/ids.ts'

/**
 * Who has attended, who is guaranteed, and who of them is still to be fetched: kept elector by elector. What is touched is read anew
 * from the document, so that nothing depends on the order in which changes are told, or on how often.
 */
export class PeopleFigures {
  readonly #attendance: Y.Map<unknown>
  readonly #guarantees: Y.Map<unknown>
  readonly #walkins: Y.Map<unknown>
  /** Who has said anything of an elector: there is no list of a map's keys that begin alike. */
  readonly #witnesses = new Map<ElectorSerial, Set<UserId>>()
  readonly #attended = new Set<ElectorSerial>()
  /** Collectors whose pledge stands, by elector. */
  readonly #standing = new Map<ElectorSerial, Set<UserId>>()
  readonly #accepted = new Set<string>()
  strike = 0

  constructor(doc: Y.Doc) {
    this.#attendance = attendanceRoot(doc)
    this.#guarantees = guaranteesRoot(doc)
    this.#walkins = walkinsRoot(doc)
  }

  get attended(): number {
    return this.#attended.size
  }

  get guaranteed(): number {
    return this.#standing.size
  }

  get walkins(): number {
    return this.#accepted.size
  }

  touchAttendance(key: string): void {
    const mark = parseAttendanceKey(key)
    const elector = mark?.elector ?? parseAttendanceRulingKey(key)?.elector
    if (elector === undefined) return
    const users = this.#witnesses.get(elector) ?? new Set()
    if (mark?.user !== undefined) this.#witnesses.set(elector, users.add(mark.user))
    const ruling = this.#attendance.get(keyOf.attendanceRuling(elector))
    const statements = [...users].flatMap((user): Statement<AttendanceValue>[] => {
      const value = this.#attendance.get(keyOf.attendance(elector, user))
      return isAttendanceValue(value) ? [{ user, value }] : []
    })
    const has = hasAttended({ statements: inOrder(statements), ...(isAttendanceRuling(ruling) ? { ruling } : {}) })
    this.#change(elector, () => (has ? this.#attended.add(elector) : this.#attended.delete(elector)))
  }

  touchGuarantee(key: string): void {
    const place = parseGuaranteeKey(key)
    if (place?.elector === undefined || place.user === undefined) return
    const { elector, user } = place
    const collectors = this.#standing.get(elector) ?? new Set()
    if (stands(readGuarantee(this.#guarantees, elector, user))) collectors.add(user)
    else collectors.delete(user)
    this.#change(elector, () => (collectors.size > 0 ? this.#standing.set(elector, collectors) : this.#standing.delete(elector)))
  }

  touchWalkin(touched: string): void {
    const key = touched.endsWith('/#') ? touched.slice(0, -2) : touched
    const { user, client, n } = parseWalkinKey(key) ?? {}
    if (user === undefined || client === undefined || n === undefined) return
    const ruling = this.#walkins.get(keyOf.walkinRuling(user, client, n))
    if (isWalkin(this.#walkins.get(key)) && isWalkinRuling(ruling) && ruling.accepted) this.#accepted.add(key)
    else this.#accepted.delete(key)
  }

  #change(elector: ElectorSerial, act: () => void): void {
    const before = this.#isOnStrike(elector)
    act()
    this.strike += Number(this.#isOnStrike(elector)) - Number(before)
  }

  #isOnStrike(elector: ElectorSerial): boolean {
    return this.#standing.has(elector) && !this.#attended.has(elector)
  }
}
