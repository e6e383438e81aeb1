import type { Elector } from '#contract/api.ts'
import { type ElectorSerial, parseElectorSerial } from '#contract/ids.ts'
import { latinDigits } from '../../i18n/digits.ts'
import type { CommitteeSession } from '../../sync/committee-session.ts'
import type { RollIndex } from './search.ts'

/** The numbers of a paper, in its order. `repeated`: more than once on it. `unclear`: pieces that are no serial and no range. */
export type SerialList = {
  readonly serials: readonly ElectorSerial[]
  readonly repeated: readonly ElectorSerial[]
  readonly unclear: readonly string[]
}

/** More numbers than the largest roll has: a range with a slip in it must not become a million electors. */
const numbers_max = 10_000

// One line at a time, so that a dash at the end of one does not join it with the next. Several dashes: a date, a phone number.
const piece = /\d+(?:[ \t]*(?:[-\u2010-\u2015\u2212~]|\.{2,}|…|إلى|الى|حتى|to)[ \t]*\d+)*/gu
const invisible = /[\u061c\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069]/g

/** Reads what was typed or pasted: any separators, any digits, ranges from either end ("12-18", "١٨ - ١٢"). */
export function parseSerials(text: string): SerialList {
  const times = new Map<ElectorSerial, number>()
  const unclear: string[] = []
  let numbers = 0
  for (const [found] of latinDigits(text).replace(invisible, '').matchAll(piece)) {
    const ends = found.match(/\d+/g) ?? []
    const [first, last = first] = ends.map((end) => parseElectorSerial(Number(end)))
    const isClear = ends.length <= 2 && first?.ok === true && last?.ok === true
    const [from, to] = isClear ? [Math.min(first.value, last.value), Math.max(first.value, last.value)] : [1, 0]
    numbers += to - from + 1
    if (!isClear || numbers > numbers_max) {
      numbers -= to - from + 1
      unclear.push(found)
      continue
    }
    // A range is written from either end, and read from its smaller one.
    for (let serial = from; serial <= to; serial += 1) {
      times.set(serial as ElectorSerial, (times.get(serial as ElectorSerial) ?? 0) + 1)
    }
  }
  const serials = [...times.keys()]
  return { serials, repeated: serials.filter((serial) => (times.get(serial) ?? 0) > 1), unclear }
}

/** What a paper would change: whom it marks, who is marked already, which numbers nobody has. */
export type PaperReport = {
  readonly fresh: readonly Elector[]
  readonly attended: readonly Elector[]
  readonly unknown: readonly ElectorSerial[]
}

export function reportOn(list: SerialList, roll: RollIndex, attendance: CommitteeSession['attendance']): PaperReport {
  const fresh: Elector[] = []
  const attended: Elector[] = []
  const unknown: ElectorSerial[] = []
  for (const serial of list.serials) {
    const elector = roll.bySerial.get(serial)
    if (elector === undefined) unknown.push(serial)
    else if (attendance[serial]?.attended === true) attended.push(elector)
    else fresh.push(elector)
  }
  return { fresh, attended, unknown }
}
