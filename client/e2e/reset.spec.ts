import type { Page } from '@playwright/test'
import type * as Y from 'yjs'
import { open, openElector } from './committee.ts'
import { isSaved, nextNumber, type, words } from './counting.ts'
import { comeBack, databases, journaled, keptIn, Line, numbersIn, trayEntries, withdrawCandidates, writeAs } from './resetting.ts'
import { expect, test } from './stage.ts'

test.setTimeout(240_000)

const coordinator = 3
const plain = (doc: Y.Doc, ...roots: string[]) => Object.fromEntries(roots.map((root) => [root, doc.getMap(root).toJSON()]))

async function markPaper(page: Page, numbers: string): Promise<void> {
  await page.goto('/#/committee/u01/pad')
  await page.getByRole('button', { name: 'Whole paper' }).click()
  const paper = page.getByRole('dialog')
  await paper.getByRole('textbox').fill(numbers)
  await paper.getByRole('button', { name: /^Mark / }).click()
  await expect(paper.getByRole('button', { name: 'Undo this paper' })).toBeVisible()
  await page.keyboard.press('Escape')
}

async function pledge(page: Page, serial: number, strength: 'Strong' | 'Medium' | 'Weak'): Promise<void> {
  const sheet = await openElector(page, serial)
  await sheet.getByText(strength, { exact: true }).click()
  await page.keyboard.press('Escape')
}

test('[R5] [R6] [R7] 500 edits without a network, 5 not permitted and 3 raced: 492 are merged, 5 shown as refused, 3 as conflicts, all replicas equal', async ({
  stage,
}) => {
  const sql = await stage.sql()
  const page = await stage.someone('coordinator1')
  const line = await Line.of(page)
  await open(page, 'u01')
  for (const serial of [1, 2, 3]) await pledge(page, serial, 'Weak')
  await isSaved(page)

  line.cut()
  // What the server will not take comes first: it refuses what follows with it.
  await markPaper(page, '149, 150')
  await markPaper(page, '1-148')
  await page.goto('/#/committee/u01/roll')
  for (const serial of [1, 2, 3]) await pledge(page, serial, 'Strong')
  await page.goto('/#/committee/u01/count')
  await expect(page.getByRole('button', { name: words.save })).toBeVisible()
  const bad = new Set([1, 100, 347])
  for (let n = 1; n <= 347; n += 1) await type(page, bad.has(n) ? [7, 29] : n % 10 === 0 ? [] : [1 + (n % 20)])
  await expect.poll(() => nextNumber(page)).toBe(348)
  await expect(page.getByRole('banner').getByTitle('Where my work is now')).toHaveText('500 here')

  await withdrawCandidates(sql, [29])
  await sql.query("delete from electors where committee_id = 'u01' and serial in (149, 150)")
  await sql.query("select pg_notify('lajna_facts', 'u01')")
  await writeAs(stage, 'coordinator2', 'u01', (doc) => {
    for (const serial of [1, 2, 3]) doc.getMap('guarantees').set(`${serial}/${coordinator}/strength`, 'medium')
  })
  line.let()
  await comeBack(page)
  const look = page.getByRole('button', { name: /need your look/ })
  await expect(look).toContainText('8', { timeout: 60_000 })
  await isSaved(page)
  expect(await nextNumber(page), 'the counter goes on where they were').toBe(348)

  const doc = await journaled(sql, 'u01')
  expect(numbersIn(doc)).toEqual(Array.from({ length: 347 }, (_, at) => at + 1).filter((n) => !bad.has(n)))
  expect([...doc.getMap('attendance').keys()].sort()).toEqual(Array.from({ length: 148 }, (_, at) => `${at + 1}/${coordinator}`).sort())
  expect([1, 2, 3].map((serial) => doc.getMap('guarantees').get(`${serial}/${coordinator}/strength`))).toEqual([
    'medium',
    'medium',
    'medium',
  ])
  const kept = await databases(page, 'u01')
  expect(kept, 'the old document is gone from the device').toEqual([`lajna/${coordinator}/u01/1`])
  expect(plain(await keptIn(page, `lajna/${coordinator}/u01/1`), 'ballots', 'attendance', 'guarantees')).toEqual(
    plain(doc, 'ballots', 'attendance', 'guarantees'),
  )

  await look.click()
  await expect(trayEntries(page, 'refused')).toHaveCount(5)
  await expect(trayEntries(page, 'raced')).toHaveCount(3)
  await expect(page.getByRole('dialog')).toContainText('It does not fit the roll or the ballot as they are now')
  await expect(page.getByRole('dialog').getByText('Ballot 100: 7، 29')).toBeVisible()
  await trayEntries(page, 'raced').nth(0).getByRole('button', { name: 'Keep mine' }).click()
  await trayEntries(page, 'raced').nth(0).getByRole('button', { name: 'Keep theirs' }).click()
  await expect(trayEntries(page, 'raced')).toHaveCount(1)
  await page.reload()
  await expect(look).toContainText('6')
  await look.click()
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^Put all/ })
    .click()
  await page.keyboard.press('Escape')
  await expect(look).toBeHidden()
  await isSaved(page)
  const after = await journaled(sql, 'u01')
  const strengths = [1, 2, 3].map((serial) => after.getMap('guarantees').get(`${serial}/${coordinator}/strength`))
  expect(strengths.sort()).toEqual(['medium', 'medium', 'strong'])
  await page.reload()
  await isSaved(page)
  await expect(look).toBeHidden()
})
