import type { Page } from '@playwright/test'
import type * as Y from 'yjs'
import { open, openElector } from './committee.ts'
import { isSaved, nextNumber, type, words } from './counting.ts'
import { journaled } from './journal.ts'
import { makeBrowser } from './profile.ts'
import { comeBack, databases, keptIn, Line, numbersIn, tellFacts, trayEntries, withdrawCandidates, writeAs } from './resetting.ts'
import { expect, myCommittees, signIn, test } from './stage.ts'

test.setTimeout(480_000)

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
  await markPaper(page, '1-150')
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
  await tellFacts(sql)
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
  await expect(page.getByRole('dialog').getByText(/^Ballot \P{L}*100\P{L}*7 · 29/u)).toBeVisible()
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

/** Calls ballots in the dark, one of them for a candidate who is withdrawn behind this device's back. */
async function callInTheDark(page: Page, from: number, upTo: number, bad: number, candidate: number): Promise<void> {
  for (let n = from; n <= upTo; n += 1) await type(page, n === bad ? [candidate] : [1 + (n % 9)])
  await expect.poll(() => nextNumber(page)).toBe(upTo + 1)
}

async function openCount(page: Page, committee: string): Promise<void> {
  await page.goto(`/#/committee/${committee}/count`)
  await expect(page.getByRole('button', { name: words.save })).toBeVisible()
}

const look = (page: Page) => page.getByRole('button', { name: /need(s)? your look/ })

test('[R4] two tabs of one person, refused at once: every ballot that was permitted once, every other in the tray once', async ({
  stage,
}) => {
  const sql = await stage.sql()
  const first = await stage.someone('counter1')
  const line = await Line.of(first)
  await openCount(first, 'u02')
  await isSaved(first)
  line.cut()
  await callInTheDark(first, 1, 6, 3, 27)
  const second = await first.context().newPage()
  await openCount(second, 'u02')
  await expect.poll(() => nextNumber(second)).toBe(7)
  await callInTheDark(second, 7, 12, 9, 27)
  await withdrawCandidates(sql, [27])
  line.let()
  await Promise.all([comeBack(first), comeBack(second)])
  for (const page of [first, second]) {
    await isSaved(page)
    await expect(look(page)).toContainText('2')
  }
  const expected = [1, 2, 4, 5, 6, 7, 8, 10, 11, 12]
  await expect.poll(async () => numbersIn(await journaled(sql, 'u02'))).toEqual(expected)
  for (const page of [first, second]) await page.close()
  const later = await first.context().newPage()
  await openCount(later, 'u02')
  await isSaved(later)
  await expect(look(later)).toContainText('2')
  expect(numbersIn(await journaled(sql, 'u02'))).toEqual(expected)
})

/** Where the tab dies. Each answers when it is there. */
const deaths: Record<string, (page: Page, line: Line) => Promise<() => Promise<unknown>>> = {
  'sealed, and not heard of it': async (page, line) => {
    const sealed = new Promise<void>((resolve) => {
      void page.route('**/seal', async (route) => {
        await route.fetch()
        resolve()
      })
    })
    line.let()
    return () => sealed
  },
  'the fresh document on its way': async (page, line) => {
    line.let(1)
    const asked = page.waitForResponse('**/seal')
    return async () => {
      await asked
      await page.waitForTimeout(500)
    }
  },
  'the fresh document written, and not kept': async (page, line) => {
    await diesAt(page, 'add')
    line.let()
    return () => page.waitForFunction(() => 'reached' in window)
  },
  'kept, and not switched to': async (page, line) => {
    await diesAt(page, 'transaction')
    line.let()
    return () => page.waitForFunction(() => 'reached' in window)
  },
  'switched to, and not sent': async (page, line) => {
    line.let(2)
    return () => expect(look(page)).toBeVisible()
  },
}

/** From here on the disk does not do this any more: the first write of a fresh document, or the switch to it. */
async function diesAt(page: Page, step: 'add' | 'transaction'): Promise<void> {
  await page.evaluate((at) => {
    const fail = (): never => {
      Object.assign(window, { reached: true })
      throw new Error('the tab dies here')
    }
    const { add } = IDBObjectStore.prototype
    const { transaction } = IDBDatabase.prototype
    if (at === 'add')
      IDBObjectStore.prototype.add = function (...given) {
        return /\/\d+$/.test(this.transaction.db.name) && this.name === 'updates' ? fail() : add.apply(this, given)
      }
    else
      IDBDatabase.prototype.transaction = function (...given) {
        return Array.isArray(given[0]) && given[0].includes('tray') ? fail() : transaction.apply(this, given)
      }
  }, step)
}

test('[R2] [R3] the browser is killed right before the switch: opened again, no ballot is there twice and none is lost', async ({
  stage,
}) => {
  const sql = await stage.sql()
  await using browser = makeBrowser(stage)
  let page = await browser.open()
  await page.goto('/')
  await signIn(page, 'admin')
  await myCommittees(page).waitFor()
  const line = await Line.of(page)
  await openCount(page, 'u13')
  await isSaved(page)
  line.cut()
  await callInTheDark(page, 1, 8, 4, 26)
  await withdrawCandidates(sql, [26])
  await diesAt(page, 'transaction')
  line.let()
  await comeBack(page)
  await page.waitForFunction(() => 'reached' in window)
  await browser.kill()
  expect(numbersIn(await journaled(sql, 'u13')), 'nothing was sent before').toEqual([])

  page = await browser.open()
  await page.goto('/')
  // A browser writes its cookies down now and then only: whoever's was lost signs in again, and finds their work.
  await expect(myCommittees(page).or(page.locator('button[type="submit"]')).first()).toBeVisible()
  if (!(await myCommittees(page).isVisible())) await signIn(page, 'admin')
  await myCommittees(page).waitFor()
  await openCount(page, 'u13')
  await expect(look(page)).toContainText('1', { timeout: 90_000 })
  await isSaved(page)
  await expect.poll(async () => numbersIn(await journaled(sql, 'u13'))).toEqual([1, 2, 3, 5, 6, 7, 8])
})

test('a committee that nobody has open recovers as well; its card says what waits, and signing out asks first', async ({ stage }) => {
  const sql = await stage.sql()
  const page = await stage.someone('counter1')
  const line = await Line.of(page)
  await openCount(page, 'u07')
  await isSaved(page)
  line.cut()
  await callInTheDark(page, 1, 5, 2, 20)
  await page.goto('/#/')
  await withdrawCandidates(sql, [20])
  line.let()
  await comeBack(page)
  const card = page.getByRole('listitem').filter({ has: page.locator('[href="#/committee/u07"]') })
  await expect(card).toContainText('1 edit needs your look', { timeout: 90_000 })
  await expect.poll(async () => numbersIn(await journaled(sql, 'u07'))).toEqual([1, 3, 4, 5])
  await page.getByRole('button', { name: /^My account/ }).click()
  await page.getByRole('button', { name: 'Sign out' }).click()
  await expect(page.getByRole('alert')).toContainText('1 edit was not accepted and waits for you')
  await page.getByRole('button', { name: 'Sign out, keep them here' }).click()
  await signIn(page, 'counter1')
  await expect(card).toContainText('1 edit needs your look')
})

test('[R7] 40 ballots that come after the committee was closed are told as late, one by one, and nothing of them is merged', async ({
  stage,
}) => {
  const sql = await stage.sql()
  const page = await stage.someone('counter2')
  const line = await Line.of(page)
  await openCount(page, 'u03')
  await isSaved(page)
  line.cut()
  await callInTheDark(page, 1, 40, 0, 0)
  await sql.query("update committees set phase = 'closed' where id = 'u03'")
  line.let()
  await comeBack(page)
  await expect(look(page)).toContainText('40', { timeout: 90_000 })
  await isSaved(page)
  expect(numbersIn(await journaled(sql, 'u03'))).toEqual([])
  await look(page).click()
  await expect(trayEntries(page, 'refused')).toHaveCount(40)
  await expect(trayEntries(page, 'refused').first()).toContainText('It is kept aside: a supervisor can still let it in')
})

test('a browser that keeps nothing starts anew in the page: the good work arrives, once, and the rest is told', async ({ stage }) => {
  const sql = await stage.sql()
  const page = await stage.device()
  await page.addInitScript(() => Object.defineProperty(window, 'indexedDB', { get: () => undefined }))
  await page.goto('/')
  await signIn(page, 'admin')
  await myCommittees(page).waitFor()
  const line = await Line.of(page)
  await openCount(page, 'u06')
  await isSaved(page)
  line.cut()
  for (const n of [101, 102, 103]) await type(page, n === 102 ? [19] : [1])
  await withdrawCandidates(sql, [19])
  line.let()
  await comeBack(page)
  await expect(look(page)).toContainText('1', { timeout: 90_000 })
  await isSaved(page)
  await type(page, [2])
  await isSaved(page)
  const doc = await journaled(sql, 'u06')
  const logs = [...doc.getMap<Y.Array<{ c: number[] }>>('ballots')].filter(([key]) => key.startsWith('A/1.'))
  expect(logs.flatMap(([, log]) => log.toArray().map(({ c }) => c)).sort()).toEqual([[1], [1], [2]])
})

for (const [index, [when, prepare]] of Object.entries(deaths).entries()) {
  test(`[R2] [R3] the tab dies: ${when}. Opened again, no ballot is there twice and none is lost`, async ({ stage }) => {
    const committee = ['u08', 'u09', 'u10', 'u11', 'u12'][index] as string
    const candidate = 21 + index
    const sql = await stage.sql()
    const page = await stage.someone('admin')
    const line = await Line.of(page)
    await openCount(page, committee)
    await isSaved(page)
    line.cut()
    await callInTheDark(page, 1, 8, 4, candidate)
    await withdrawCandidates(sql, [candidate])
    const isThere = await prepare(page, line)
    await comeBack(page)
    await isThere()
    const context = page.context()
    await page.close()
    expect(numbersIn(await journaled(sql, committee)), 'nothing was sent before').toEqual([])

    line.let()
    const again = await context.newPage()
    await openCount(again, committee)
    await expect(look(again)).toContainText('1', { timeout: 90_000 })
    await isSaved(again)
    await expect.poll(async () => numbersIn(await journaled(sql, committee))).toEqual([1, 2, 3, 5, 6, 7, 8])
    await look(again).click()
    await expect(trayEntries(again, 'refused')).toHaveCount(1)
    await again.reload()
    await isSaved(again)
    expect(numbersIn(await journaled(sql, committee))).toEqual([1, 2, 3, 5, 6, 7, 8])
  })
}
