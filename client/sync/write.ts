import type * as Y from 'yjs'
import type { Attendance } from '#contract/document/attendance.ts'
import { appendToLog } from '#contract/document/ballots.ts'
import { keyOf } from '#contract/document/keys.ts'
import { findPlace, refuseValue, refuseWriter, type Writer } from '#contract/document/schema.ts'
import { type BallotCall, type BallotVoid, cleanText, type Facts, textCharactersMax } from '#contract/document/values.ts'
import type { CandidateNumber, ClientId, ElectorSerial, Sheet } from '#contract/ids.ts'
import type { Refusal } from '#contract/refusals.ts'
import { assert, err, ok, type Result } from '#contract/result.ts'
import type { BallotsBinding } from './binding/ballots.ts'
import { createSettling } from './write-conflicts.ts'
import { createFigureWriting } from './write-figures.ts'
import { createRollWriting } from './write-roll.ts'

export type WritePorts = {
  readonly doc: Y.Doc
  /** Who writes, with the rights as last told by the server. */
  readonly writer: () => Writer
  readonly facts: () => Facts
  readonly ballots: BallotsBinding
  /** What everybody says of one elector, and the ruling on it. */
  readonly attendanceOf: (elector: ElectorSerial) => Attendance
  readonly now_ms: () => number
  /** False until the own client is on the kept list: an edit before that could not be told from others' after a reload. */
  readonly isReady: () => boolean
  /** After every edit, in the same task. */
  readonly onEdit: () => void
}

export type CallPlace = { readonly client: ClientId; readonly index: number; readonly entry: BallotCall }

/** The edits a person makes. What the server would refuse is refused here, by the same table and before it is in the document. */
export function createWriting(ports: WritePorts) {
  const { doc } = ports
  const at_s = () => Math.floor(ports.now_ms() / 1_000)

  function refuse(path: string, key: string, value: unknown): Refusal | undefined {
    if (!ports.isReady()) return { code: 'store-unavailable', path, key }
    const place = findPlace(path, key)
    if (typeof place === 'string') return { code: place, path, key }
    const writer = ports.writer()
    const code =
      refuseWriter(place, writer, doc.clientID as ClientId) ?? refuseValue(place, value, writer, ports.facts(), ports.ballots.ownerOf)
    return code === undefined ? undefined : { code, path, key }
  }

  const write = (run: () => void): Result<undefined, never> => {
    doc.transact(run)
    ports.onEdit()
    return ok()
  }

  const roll = createRollWriting({ doc, writer: ports.writer, attendanceOf: ports.attendanceOf, at_s, refuse, write })

  function call(sheet: Sheet, choices: readonly CandidateNumber[] | null, n: number): Result<CallPlace, Refusal> {
    const { user } = ports.writer()
    const client = doc.clientID as ClientId
    const entry: BallotCall = { n, at_s: at_s(), c: choices === null ? null : [...choices] }
    const refusal = refuse('ballots', keyOf.log(sheet, user, client), entry)
    if (refusal !== undefined) return err(refusal)
    const index = appendToLog(doc, sheet, user, entry)
    ports.onEdit()
    return ok({ client, index, entry })
  }

  /**
   * Strikes a ballot; with `instead`, that counts in its place. Strikes are final: striking a struck one again changes nothing, and
   * to put something else in its place is refused `bad-value`.
   */
  function voidBallot(sheet: Sheet, id: string, why: string, instead?: readonly CandidateNumber[] | null): Result<undefined, Refusal> {
    const { user } = ports.writer()
    const [client, index] = id.split(':').map(Number) as [ClientId, number]
    const key = keyOf.log(sheet, user, doc.clientID as ClientId)
    const reason = cleanText(why, textCharactersMax.why)
    const struck: BallotVoid = { void: [client, index], at_s: at_s(), why: reason }
    const entry: BallotVoid = instead === undefined ? struck : { ...struck, instead: instead === null ? null : [...instead] }
    const bound = ports.ballots.sheet(sheet)
    const target = bound.logs.get(client)?.entries[index]
    if (target == null || 'void' in target) return err({ code: 'bad-value', path: 'ballots', key })
    const refusal = refuse('ballots', key, entry)
    if (refusal !== undefined) return err(refusal)
    const before = bound.strikeOf(client, index)
    if (before !== undefined && instead !== undefined) return err({ code: 'bad-value', path: 'ballots', key })
    if (before === undefined) {
      appendToLog(doc, sheet, user, entry)
      ports.onEdit()
      assert(bound.strikeOf(client, index) !== undefined, 'the binding follows what was just written')
    }
    return ok()
  }

  /** A value of a map that could not be written before, said now. */
  function rewrite(path: string, key: string, value: unknown): Result<undefined, Refusal> {
    const refusal = refuse(path, key, value)
    return refusal === undefined ? write(() => void doc.getMap(path).set(key, value)) : err(refusal)
  }

  const figures = createFigureWriting({ doc, writer: ports.writer, at_s, refuse, write })
  const settle = createSettling({ writer: ports.writer, rewrite, ...roll, ...figures })
  return { ...roll, rewrite, ...figures, call, voidBallot, settle }
}
