import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { documentSchema } from './document/schema.ts'
import { limitTable } from './limits.ts'
import { refusals } from './refusals.ts'
import { fillTables, tables } from './tables.ts'

// `UPDATE=1 vitest run contract/tables` writes the tables anew.
const file = new URL('../docs/contract.md', import.meta.url)
const lines = (name: string): string[] => (tables[name]?.() ?? '').split('\n')

test('docs/contract.md has every table, and each is what the code says', () => {
  const kept = readFileSync(file, 'utf8')
  const filled = fillTables(kept)
  if (process.env.UPDATE) writeFileSync(file, filled)
  else expect(kept).toBe(filled)
  for (const name of Object.keys(tables)) expect(filled).toContain(`<!-- table: ${name} -->\n| `)
})

test('a table has a line for every row, and as many cells in each', () => {
  expect(lines('schema')).toHaveLength(documentSchema.length + 2)
  expect(lines('refusals')).toHaveLength(Object.keys(refusals).length + 2)
  expect(lines('limits')).toHaveLength(Object.keys(limitTable).length + 2)
  for (const name of Object.keys(tables)) {
    const cells = lines(name).map((line) => line.replaceAll('\\|', '').split('|').length)
    expect(new Set(cells).size, name).toBe(1)
  }
})

test('a changed cell, a lost row and a stale table are seen; what stands around them, and others’ tables, are not touched', () => {
  const markdown =
    'before\n<!-- table: limits -->\nstale | table\n<!-- end of table -->\nbetween\n<!-- table: other -->\nkept\n<!-- end of table -->\n'
  const filled = fillTables(markdown)
  expect(filled).toBe(
    `before\n<!-- table: limits -->\n${tables.limits?.()}\n<!-- end of table -->\nbetween\n<!-- table: other -->\nkept\n<!-- end of table -->\n`,
  )
  expect(fillTables(filled)).toBe(filled)
  expect(fillTables(filled.replace('262,144', '262,145'))).toBe(filled)
})
