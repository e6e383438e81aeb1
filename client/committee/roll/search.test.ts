import { describe, expect, test } from 'vitest'
import type { Elector } from '#contract/api.ts'
import type { ElectorSerial } from '#contract/ids.ts'
import { fold, indexRoll, searchRoll } from './search.ts'

const elector = (serial: number, name: string): Elector => ({
  serial: serial as ElectorSerial,
  name,
  sex: 'm',
  family: '',
  unit: '',
  active: true,
})

const roll = indexRoll([
  elector(2, 'أحمد سالم فؤاد العنزي'),
  elector(21, 'فاطمة مصطفى الراشد'),
  elector(214, 'عبدالرحمن صالح الدوسري'),
  elector(300, 'سَلْوى عبـــدالله الراشد'),
  elector(2140, 'José Al-Rashed'),
])
const find = (query: string) => searchRoll(roll, query).map(({ serial }) => serial)

describe('search', () => {
  test('spelling that people do not type makes no difference', () => {
    expect(fold('أإآٱ')).toBe('اااا')
    expect(fold('مصطفى')).toBe(fold('مصطفي'))
    expect(fold('فاطمة')).toBe(fold('فاطمه'))
    expect(fold('فؤاد')).toBe(fold('فواد'))
    expect(fold('سَلْوى')).toBe(fold('سلوى'))
    expect(fold('عبـــدالله')).toBe(fold('عبد الله'))
    expect(fold('علی كريم')).toBe(fold('علي کريم'))
    expect(fold("José Al-Ra'shed")).toBe('jose alrashed')
  })

  test('any part of a name finds it, in any order', () => {
    expect(find('راشد')).toEqual([21, 300])
    expect(find('الراشد سلوى')).toEqual([300])
    expect(find('عبد الرحمن')).toEqual([214])
    expect(find('al rashed')).toEqual([2140])
    expect(find('لا أحد')).toEqual([])
  })

  test('a number finds the serial, the exact one first, in any digits', () => {
    expect(find('214')).toEqual([214, 2140])
    expect(find('٢١٤')).toEqual([214, 2140])
    expect(find('۰۲۱')).toEqual([21, 214, 2140])
    expect(find('21 راشد')).toEqual([21])
  })

  test('an empty query is the whole roll, the same list', () => {
    expect(searchRoll(roll, '  ')).toBe(roll.electors)
  })

  test('5,000 electors are searched in a moment: 50 ms is meant, five times that is asserted', () => {
    const parts = ['عبدالرحمن', 'سلوى', 'أحمد', 'مصطفى', 'الراشد', 'الدوسري', 'فؤاد']
    const long = Array.from({ length: 5_000 }, (_, i) => elector(i + 1, parts.map((_, k) => parts[(i * (k + 3)) % parts.length]).join(' ')))
    const large = indexRoll(long)
    const start_ms = performance.now()
    const found = searchRoll(large, 'دوسري سلوي احمد')
    expect(performance.now() - start_ms).toBeLessThan(250)
    expect(found.length).toBeGreaterThan(0)
  })
})
