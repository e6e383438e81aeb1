import { describe, expect, test } from 'vitest'
import { ar } from './ar.ts'
import { en } from './en.ts'
import { formFor, type Plural, partsOf, type WordKey } from './words.ts'

const arabic = new Intl.PluralRules('ar')
const keys = Object.keys(ar) as WordKey[]

const formsOf = (entry: string | Plural<string>): readonly string[] => (typeof entry === 'string' ? [entry] : Object.values(entry))
const placesOf = (sentence: string): readonly string[] => partsOf(sentence).filter((_, index) => index % 2 === 1)
const placesOfAll = (entry: string | Plural<string>) => new Set(formsOf(entry).flatMap(placesOf))

describe('words', () => {
  test('Arabic counts in six forms', () => {
    const forms = [0, 1, 2, 3, 10, 11, 12, 99, 100, 103].map((n) => formFor(ar['account.unsent'], n, arabic).split(' لم')[0])
    const { zero, one, two, few, many, other } = ar['account.unsent']
    const short = [zero, one, two, few, few, many, many, many, other, few].map((form) => form.split(' لم')[0])
    expect(forms).toEqual(short)
    expect(new Set(forms).size).toBe(6)
  })

  test('English counts in two forms', () => {
    const english = new Intl.PluralRules('en')
    expect([0, 1, 2].map((n) => formFor(en['roll.found'], n, english))).toEqual(['{n} electors', '{n} elector', '{n} electors'])
  })

  test('a plural of an Arabic sentence has every form that the language asks for', () => {
    const asked = arabic.resolvedOptions().pluralCategories.toSorted()
    const plurals = keys.filter((key) => typeof ar[key] !== 'string')
    expect(plurals.length).toBeGreaterThan(5)
    for (const key of plurals) expect(Object.keys(ar[key]).toSorted(), key).toEqual(asked)
  })

  test('both languages name the same places in every sentence', () => {
    for (const key of keys) {
      const [inArabic, inEnglish] = [placesOfAll(ar[key]), placesOfAll(en[key])]
      // A plural may spell its number ("تعديلان"); everything else must be there.
      inArabic.delete('n')
      inEnglish.delete('n')
      expect(inEnglish, key).toEqual(inArabic)
    }
  })

  test('a sentence falls apart into text and places', () => {
    expect(partsOf('{n} of {of}')).toEqual(['', 'n', ' of ', 'of', ''])
    expect(partsOf('plain')).toEqual(['plain'])
  })
})
