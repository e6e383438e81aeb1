import type { Elector } from '#contract/api.ts'
import type { ElectorSerial } from '#contract/ids.ts'
import { latinDigits } from '../../i18n/digits.ts'

/**
 * A name as people type it: without diacritics, tatweel and hamzas, ya for alef maqsura, ha for ta marbuta, Latin letters lower
 * case and without accents, no hyphen or apostrophe, "عبد الرحمن" and "Al Rashed" as the one word they are in "عبدالرحمن" and
 * "Al-Rashed".
 */
export function fold(text: string): string {
  return (
    latinDigits(text)
      // Decomposed, أ إ آ ؤ ئ and é are a letter and a mark; the marks go.
      .normalize('NFD')
      .replace(/\p{M}/gu, '')
      .toLowerCase()
      .replace(/[\u0640\u200b-\u200f\u2060'’‘`-]/g, '')
      .replaceAll('ٱ', 'ا')
      .replace(/[ىی]/g, 'ي')
      .replaceAll('ک', 'ك')
      .replaceAll('ة', 'ه')
      .trim()
      .replace(/\s+/g, ' ')
      .replace(/(^| )(عبد|al) (?=\S)/g, '$1$2')
  )
}

/** A roll made ready for searching: folded once, so that a keystroke only compares. */
export type RollIndex = {
  readonly electors: readonly Elector[]
  readonly bySerial: ReadonlyMap<ElectorSerial, Elector>
  /** Folded name and serial of `electors`, at the same places. */
  readonly names: readonly string[]
  readonly serials: readonly string[]
}

export function indexRoll(electors: readonly Elector[]): RollIndex {
  return {
    electors,
    bySerial: new Map(electors.map((elector) => [elector.serial, elector])),
    names: electors.map((elector) => fold(elector.name)),
    serials: electors.map((elector) => String(elector.serial)),
  }
}

/**
 * Electors that match every part of the query: a number by the beginning of the serial, anything else anywhere in the name, in
 * any order. In the roll's order, so an exact serial stands before those that only begin with it.
 */
export function searchRoll(roll: RollIndex, query: string): readonly Elector[] {
  const parts = fold(query)
    .split(' ')
    .filter((part) => part !== '')
  if (parts.length === 0) return roll.electors
  const serialParts = parts.filter((part) => /^\d+$/.test(part)).map((part) => part.replace(/^0+(?=\d)/, ''))
  const nameParts = parts.filter((part) => !/^\d+$/.test(part))
  return roll.electors.filter((_, place) => {
    const name = roll.names[place] ?? ''
    const serial = roll.serials[place] ?? ''
    return serialParts.every((part) => serial.startsWith(part)) && nameParts.every((part) => name.includes(part))
  })
}
