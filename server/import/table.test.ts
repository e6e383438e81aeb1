import { describe, expect, test } from 'vitest'
import { importProblemsShown_max } from '#contract/imports.ts'
import * as columns from './columns.ts'
import { Problems } from './problems.ts'
import { roll } from './roll.ts'
import { readTable } from './table.ts'
import { users } from './users.ts'

const header = 'committee_code,serial,name,sex,family,unit,mobile'

async function read(text: string, lines_max = 1_000) {
  const problems = new Problems()
  const table = await readTable(Buffer.from(text), 'roll', roll.parsers, problems, lines_max)
  const told = problems.shown.map(({ line, column = '', code, value = '' }) => `${line} ${column} ${code} ${value}`.trim())
  return { ...table, told, total: problems.total }
}

describe('columns', () => {
  test('in any order and any case of letters; what is none of ours is left out, and named', async () => {
    const table = await read('Name, SEX ,colour,serial,committee_code\nAli,m,red,3,7\n')
    expect(table.rows).toEqual([{ line: 2, committee_code: '7', serial: 3, name: 'Ali', sex: 'm' }])
    expect([table.ignored, table.lines, table.total]).toEqual([['colour'], 1, 0])
  })

  test('one that is blank is known to be blank, one that is missing is not', async () => {
    const [blank] = (await read(`${header}\n7,1,Ali,m,,,\n`)).rows
    expect(blank).toMatchObject({ family: '', unit: '', mobile: null })
    const [without] = (await read('committee_code,serial,name,sex\n7,1,Ali,m\n')).rows
    expect(Object.keys(without ?? {})).not.toContain('mobile')
  })

  test('a file lacks columns, has one twice, has none at all: told once, and no line is judged', async () => {
    expect((await read('serial,name\n1,Ali\nx,\n')).told).toEqual(['1 committee_code missing-column', '1 sex missing-column'])
    expect((await read(`${header},NAME\n7,1,Ali,m,,,,x\n`)).told).toEqual(['1 name double-column'])
    expect((await read('')).told).toEqual(['1  empty-file'])
    expect((await read('"broken\n')).told).toEqual(['1  bad-quotes'])
    expect(await read(`${header}\n`)).toMatchObject({ told: [], lines: 0 })
  })
})

describe('lines', () => {
  test('every faulty cell is told with its line, column and value, and the good lines beside it are read', async () => {
    const { told, rows, lines } = await read(
      [header, '7,1,Ali,m,,,', '7,x,,q,,,12', ',0,Ali,m,,,', '7,2,Ali,f,,,', '7,3,Ali,f', '7,4,Ali,f,,,,more', '7,5,Ali,f,,,,,'].join('\n'),
    )
    expect(told).toEqual([
      '3 serial not-a-number x',
      '3 name blank',
      '3 sex unknown-word q',
      '3 mobile bad-mobile 12',
      '4 committee_code blank',
      '4 serial not-a-number 0',
      '6  fields 4',
      '7  fields 8',
    ])
    expect([rows.map(({ serial }) => serial), lines]).toEqual([[1, 2, 5], 7])
  })

  test('so many problems are told, and all of them counted', async () => {
    const { told, total } = await read([header, ...Array.from({ length: 500 }, () => '7,x,Ali,m,,,')].join('\n'))
    expect([told.length, total]).toEqual([importProblemsShown_max, 500])
  })

  test('over the limit of lines nothing more is read; at the limit all is', async () => {
    const lines = ['7,1,Ali,m,,,', '7,2,Ali,m,,,', '7,3,Ali,m,,,']
    expect((await read([header, ...lines].join('\n'), 3)).told).toEqual([])
    expect((await read([header, ...lines, '7,4,Ali,m,,,', '7,x,Ali,m,,,'].join('\n'), 3)).told).toEqual(['5  not-read'])
  })

  test('a file of another encoding is told, not imported as nonsense', async () => {
    const bytes = Buffer.concat([Buffer.from(`${header}\n7,1,`), Buffer.from([0xc8, 0xe1, 0xed]), Buffer.from(',m,,,\n')])
    const problems = new Problems()
    await readTable(bytes, 'roll', roll.parsers, problems, 10)
    expect(problems.shown).toMatchObject([{ line: 2, column: 'name', code: 'not-utf8' }])
  })

  test('a password is told to nobody', async () => {
    const problems = new Problems()
    await readTable(Buffer.from('login,name,role,password\nali,Ali,viewer,short\n'), 'users', users.parsers, problems, 10)
    expect(problems.shown).toEqual([{ line: 2, column: 'password', code: 'short-password' }])
  })
})

describe('cells', () => {
  const value = (parsed: { ok: boolean; value?: unknown; error?: unknown }) => (parsed.ok ? parsed.value : parsed.error)

  test('texts lose what nobody sees and what turns the direction of writing; two spellings of one text are one', () => {
    expect(value(columns.name('\u202Eali\u0000  bin\t\u00A0said \u2066x'))).toBe('ali bin said x')
    expect(value(columns.name('e\u0301'))).toBe(value(columns.name('\u00E9')))
    expect(value(columns.name('م'.repeat(160)))).toHaveLength(160)
    expect(value(columns.name('م'.repeat(161)))).toBe('too-long')
  })

  test.each([
    ['12', 12],
    ['٠١٢', 12],
    ['۷', 7],
    ['007', 7],
    [' 5 ', 5],
    ['999999', 999_999],
    ['0', 'not-a-number'],
    ['-3', 'not-a-number'],
    ['1.5', 'not-a-number'],
    ['1000000', 'not-a-number'],
    ['12a', 'not-a-number'],
    ['1e3', 'not-a-number'],
  ])('serial %j is %j', (text, expected) => {
    expect(value(columns.serial(text))).toBe(expected)
  })

  test.each([
    ['M', 'm'],
    ['Female', 'f'],
    ['ذكر', 'm'],
    ['أنثى', 'f'],
    ['x', 'unknown-word'],
    ['constructor', 'unknown-word'],
  ])('sex %j is %j', (text, expected) => {
    expect(value(columns.sex(text))).toBe(expected)
  })

  test.each([
    ['+965 5000-0001', '+96550000001'],
    ['٥٠٠٠٠٠٠١', '50000001'],
    ['123', 'bad-mobile'],
    ['=1+1', 'bad-mobile'],
  ])('mobile %j is %j', (text, expected) => {
    expect(value(columns.mobile(text))).toBe(expected)
  })

  test('committee codes are compared in one set of digits', () => {
    expect(value(columns.code(' ٧ '))).toBe('7')
  })

  test('logins have no spaces; passwords have eight characters', () => {
    expect([value(columns.login('ali.1@x')), value(columns.login('ali x')), value(columns.login('a'.repeat(101)))]).toEqual([
      'ali.1@x',
      'bad-login',
      'bad-login',
    ])
    expect([value(columns.password(' 2345678')), value(columns.password('1234567'))]).toEqual([' 2345678', 'short-password'])
  })

  test('rights are added and taken; none both, none unknown', () => {
    expect(value(columns.rights('+count -figures, contacts'))).toEqual({ added: ['contacts', 'count'], taken: ['figures'] })
    expect(value(columns.rights(''))).toEqual({ added: [], taken: [] })
    expect(value(columns.rights('+count -count'))).toBe('unknown-word')
    expect(value(columns.rights('fly'))).toBe('unknown-word')
  })
})
