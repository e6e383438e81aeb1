import type { DemoElector } from './election.ts'
import { familyNames, menNames, womenNames } from './names.ts'
import type { Random } from './random.ts'

/** A roll to invent. `before`: electors of the election's committees ahead of this one, so that no mobile appears twice. */
export type RollPlan = {
  readonly electors: number
  /** Workplaces, or parts of town. */
  readonly units: readonly [string, ...string[]]
  readonly womenOfHundred: number
  readonly before: number
}

type Unnumbered = Omit<DemoElector, 'serial' | 'mobile'>

/** Of 100 people: how many have at most this many name parts. */
const partsOfHundred = [
  { parts: 3, upTo: 8 },
  { parts: 4, upTo: 40 },
  { parts: 5, upTo: 71 },
  { parts: 6, upTo: 87 },
  { parts: 7, upTo: 96 },
  { parts: 8, upTo: 100 },
]
const mobilesOfHundred = 93

/** A printed roll: in the order of the names, serials 1, 2, 3 … */
export function makeRoll(random: Random, { electors, units, womenOfHundred, before }: RollPlan): readonly DemoElector[] {
  const people = Array.from({ length: electors }, () => drawElector(random, units, womenOfHundred))
  return inOrderOfNames(people).map((person, index) => ({
    serial: index + 1,
    ...person,
    mobile: random.below(100) < mobilesOfHundred ? syntheticMobile(before + index + 1) : null,
  }))
}

function drawParts(random: Random): number {
  const drawn = random.below(100)
  return partsOfHundred.find(({ upTo }) => drawn < upTo)?.parts ?? 8
}

/** Given name, fathers, family; from five parts on, a third carry the branch of the family before the family itself. */
function drawElector(random: Random, units: RollPlan['units'], womenOfHundred: number): Unnumbered {
  const sex = random.below(100) < womenOfHundred ? 'f' : 'm'
  const parts = drawParts(random)
  const family = random.pickCommon(familyNames)
  const branch = random.pick(familyNames)
  const ending = parts >= 5 && random.below(3) === 0 && branch !== family ? [branch, family] : [family]
  const chain = [random.pickCommon(sex === 'f' ? womenNames : menNames)]
  while (chain.length < parts - ending.length) {
    const father = random.pickCommon(menNames)
    // A son is seldom named as his father is; his grandfather's name is common, so only the neighbour counts.
    if (father !== chain.at(-1)) chain.push(father)
  }
  return { name: [...chain, ...ending].join(' '), sex, family, unit: random.pick(units) }
}

/**
 * What a roll is sorted by: the Arabic alphabet, a hamza on any seat as ا, آ as two of them, ة as ت, ى as ي (so does
 * `Intl.Collator('ar')`, which a test compares; it is not used here because its order belongs to the ICU version, and the demo must
 * be the same everywhere). Unicode has the remaining letters in alphabetical order, and the space before them.
 */
function sortKey(name: string): string {
  return name
    .replace(/[ءأإؤئ]/g, 'ا')
    .replace(/آ/g, 'اا')
    .replace(/ة/g, 'ت')
    .replace(/ى/g, 'ي')
}

/** Each name's key is made once: comparing makes it twenty times, which a country of 830,000 names feels. */
function inOrderOfNames(people: readonly Unnumbered[]): readonly Unnumbered[] {
  const keyed = people.map((person) => ({ person, key: sortKey(person.name) }))
  return keyed.sort(({ key: a }, { key: b }) => (a < b ? -1 : a > b ? 1 : 0)).map(({ person }) => person)
}

/**
 * Mobile of the n-th elector of the election: +965 5000 0001, 5000 0002 … Well formed (eight digits that begin with a mobile network's 5),
 * and plainly not collected from anyone: they are counted up. Kuwait reserves no numbers for fiction, so never dial them.
 */
function syntheticMobile(nth: number): string {
  return `+9655${String(nth).padStart(7, '0')}`
}
