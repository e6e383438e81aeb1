import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { fillTables } from '#contract/tables.ts'
import { variableTable } from './config.ts'
import { metricTable } from './observe/metrics.ts'
import { serverTables } from './tables.ts'

// `UPDATE=1 npx vitest run server/tables` writes the tables anew.
test.each([
  ['README.md', 'environment', Object.keys(variableTable)],
  ['docs/operations.md', 'metrics', Object.keys(metricTable).map((name) => `lajna_${name}`)],
])('%s has the table of the %s, and it is what the code says', (file, name, rows) => {
  const path = new URL(`../${file}`, import.meta.url)
  const kept = readFileSync(path, 'utf8')
  const filled = fillTables(kept, serverTables)
  if (process.env.UPDATE) writeFileSync(path, filled)
  else expect(kept).toBe(filled)
  expect(filled).toContain(`<!-- table: ${name} -->\n| `)
  for (const row of rows) expect(filled).toContain(`| \`${row}\` |`)
})
