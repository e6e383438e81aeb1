import { expect, test } from 'vitest'
import { type CsvRecord, readCsv } from './csv.ts'

async function read(text: string | Buffer): Promise<readonly CsvRecord[]> {
  const records: CsvRecord[] = []
  for await (const some of readCsv(Buffer.from(text as string))) records.push(...some)
  return records
}
const fieldsIn = async (text: string | Buffer) => (await read(text)).map((record) => ('fields' in record ? record.fields : record.problem))
const linesIn = async (text: string) =>
  (await read(text)).map((record) => `${record.line} ${'problem' in record ? record.problem : ''}`.trim())

const table = [
  ['code', 'name'],
  ['7', 'قاعة'],
]

test.each([
  ['commas', 'code,name\n7,قاعة\n'],
  ['semicolons', 'code;name\n7;قاعة\n'],
  ['a BOM', '\uFEFFcode,name\n7,قاعة\n'],
  ['a BOM and semicolons', '\uFEFFcode;name\r\n7;قاعة\r\n'],
  ['the line ends of Windows', 'code,name\r\n7,قاعة\r\n'],
  ['no end of the last line', 'code,name\n7,قاعة'],
  ['quotes', '"code","name"\n"7","قاعة"\n'],
  ['quotes and a BOM', '\uFEFF"code";"name"\n"7";"قاعة"'],
  ['blank lines, and lines of nothing but separators', '\ncode,name\n\n , \n7,قاعة\n,\n\n'],
])('with %s it is the same table', async (_what, text) => {
  expect(await fieldsIn(text)).toEqual(table)
})

test('within quotes: the separator, a quote, the end of a line; in a file of semicolons a comma is text', async () => {
  expect(await fieldsIn('a,b\n"x, y","he said ""so"""\n"one\r\ntwo",3\n')).toEqual([
    ['a', 'b'],
    ['x, y', 'he said "so"'],
    ['one\r\ntwo', '3'],
  ])
  expect(await fieldsIn('a;b\nx, y;z\n')).toEqual([
    ['a', 'b'],
    ['x, y', 'z'],
  ])
})

test('a record is told by the line it begins in, blank ones and those of several lines counted', async () => {
  expect(await linesIn('\r\n\na,b\n\n1,2\n"x\ny\nz",3\r\n"p\r\nq",4\n5,6')).toEqual(['3', '5', '6', '9', '11'])
})

test('nothing, and a BOM alone, is no record', async () => {
  expect([await read(''), await read('\uFEFF'), await read('\n\n')]).toEqual([[], [], []])
})

test('a letter that is cut by the end of a slice is whole', async () => {
  const rows = Array.from({ length: 20_000 }, (_, index) => `${index},${'م'.repeat((index % 7) + 1)}`)
  const read = await fieldsIn(['n,name', ...rows].join('\n'))
  expect(read.map((fields) => [...fields].join(','))).toEqual(['n,name', ...rows])
})

test('quotes that do not go together cost their own line only', async () => {
  expect(await linesIn('a,b\n1,2\n"x"y,3\n4,5\nx"y,6\n7,8\n')).toEqual(['1', '2', '3 bad-quotes', '4', '5 bad-quotes', '6'])
})

test('a quote that nobody closes costs its own line only: before the end, before another quote, before much of the file', async () => {
  expect(await linesIn('a,b\n1,2\n"x,3\n4,5\n')).toEqual(['1', '2', '3 bad-quotes', '4'])
  expect(await linesIn('a,b\n"x,3\n4,5\n"y",6\n7,8\n')).toEqual(['1', '2 bad-quotes', '3', '4', '5'])
  expect(await linesIn('a,b\n"x,3\n4,5\n6,"y"\n7,8\n')).toEqual(['1', '2 bad-quotes', '3', '4', '5'])
  const many = Array.from({ length: 10_000 }, (_, index) => `${index},some text`)
  const lines = await linesIn(['a,b', '"x,3', ...many].join('\n'))
  expect(lines.filter((line) => line.includes(' '))).toEqual(['2 bad-quotes'])
  expect(lines).toHaveLength(10_002)
})

test('where nearly every line has a broken quote reading ends, and says at which line', async () => {
  const lines = await linesIn(['a,b', ...Array.from({ length: 1_000 }, () => '"x"y,1')].join('\n'))
  expect(lines.length).toBe(103)
  expect(lines.at(-2)).toBe('102 bad-quotes')
  expect(lines.at(-1)).toBe('103 not-read')
})

test('bytes that are no UTF-8 come as the mark for that', async () => {
  expect(await fieldsIn(Buffer.from([0x61, 0x0a, 0xc8, 0xe1, 0x0a]))).toEqual([['a'], ['\uFFFD\uFFFD']])
})
