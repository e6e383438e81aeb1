import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import type { Page } from '@playwright/test'
import * as Y from 'yjs'
import { ballotsIn, marksIn } from '#load/driver/oracle.ts'
import { call, candidate, expectAttended, expectTotals, indicator, markBySerial, open, ready, saveButton } from './committee.ts'
import { journaled } from './journal.ts'
import { standBefore } from './next-build.ts'
import { makeBrowser } from './profile.ts'
import { expect, signIn, test } from './stage.ts'

/** The app's files are on this device, and whatever page is loaded next comes from there. */
const kept = (page: Page): Promise<boolean> => page.evaluate(async () => (await navigator.serviceWorker.ready).active !== null)

const list = (page: Page) => page.getByRole('heading', { name: /^(My committees|لجاني)$/ })

test('the browser is closed and opened with no server: app, list and committee open, work goes on, and all of it arrives once', async ({
  stage,
}) => {
  await using browser = makeBrowser(stage)
  let page = await browser.open()
  await page.goto('/')
  await signIn(page, 'coordinator1')
  await open(page, 'u01')
  await markBySerial(page, 1)
  await expect(indicator(page)).toHaveText('Saved')
  await kept(page)
  await stage.server.kill()

  await markBySerial(page, 2)
  await expect(indicator(page)).toHaveText('1 here')
  await page.reload()
  await ready(page)
  await expectAttended(page, 2)
  await markBySerial(page, 3)
  await expect(indicator(page)).toHaveText('2 here')
  await browser.close()

  page = await browser.open()
  await page.goto('/')
  await expect(list(page)).toBeVisible()
  await expect(page.getByText('No network; the work goes on')).toBeVisible()
  const card = page.getByRole('listitem').filter({ has: page.locator('[href="#/committee/u01"]') })
  await expect(card).toContainText(/All of it is here, as the server had it .*\d\d:\d\d/)
  await expect(card).toContainText(/2 here since .*\d\d:\d\d/)
  await card.click()
  await ready(page)
  await expectAttended(page, 3)
  await markBySerial(page, 4)
  await open(page, 'u01', 'count')
  for (const ballot of [[1], [1, 2], []]) await call(page, ballot)
  await expect(indicator(page)).toHaveText('6 here')

  await stage.server.start()
  await expect(indicator(page)).toHaveText('Saved', { timeout: 90_000 })
  const doc = await journaled(await stage.sql(), 'u01')
  expect(marksIn(doc).map((key) => Number(key.split('/')[0]))).toEqual([1, 2, 3, 4])
  const ballots = ballotsIn(doc, 'A')
  expect(ballots.map(({ n, choices }) => [n, choices])).toEqual([
    [1, [1]],
    [2, [1, 2]],
    [3, []],
  ])
  await page.reload()
  await ready(page, 'count')
  await expect(indicator(page)).toHaveText('Saved')
  expect(ballotsIn(await journaled(await stage.sql(), 'u01'), 'A')).toEqual(ballots)
})

test('a committee never opened here says so without a network, in both languages, and opens by itself when it is back', async ({
  stage,
}) => {
  const words = {
    'en-GB': ['Not opened on this device yet', 'This committee is not on this device yet', 'Only your own ballots show here'],
    'ar-KW': ['لم تُفتح على هذا الجهاز بعد', 'هذه اللجنة ليست على هذا الجهاز بعد', 'تظهر هنا أوراقك وحدها'],
  } as const
  for (const [locale, [onCard, onRoll, onCount]] of Object.entries(words)) {
    const page = await stage.someone('coordinator2', { locale })
    await kept(page)
    await stage.server.kill()
    await page.reload()
    await expect(list(page)).toBeVisible()
    await expect(page.getByRole('listitem').first()).toContainText(onCard)
    await page.goto('/#/committee/u02/roll')
    await expect(page.getByText(onRoll)).toBeVisible()
    await page.goto('/#/committee/u02/count')
    await expect(page.getByText(onCount)).toBeVisible()
    await page.goto('/#/committee/u02/roll')
    await stage.server.start()
    await expect(page.locator('.elector-row[data-serial]').first()).toBeVisible({ timeout: 90_000 })
  }
})

test('an update is offered and not forced: it waits for the ballot in hand, and takes no unsent edit', async ({ stage }) => {
  const front = await standBefore(stage.server.url)
  const page = await stage.device({ baseURL: front.url })
  const build = () => page.evaluate(() => document.querySelector('meta[name=build]')?.getAttribute('content') ?? 'first')
  await page.goto('/')
  await signIn(page, 'coordinator1')
  await open(page, 'u02', 'count')
  await call(page, [1])
  await expect(indicator(page)).toHaveText('Saved')
  await kept(page)

  const lookForUpdate = () => page.evaluate(async () => void (await (await navigator.serviceWorker.ready).update()))
  const take = page.getByRole('button', { name: 'Update', exact: true })

  front.deploy('second')
  await stage.server.kill()
  await call(page, [2])
  await expect(indicator(page)).toHaveText('1 here')
  await candidate(page, 3).click()
  await lookForUpdate()
  await expect(page.getByText('An update is ready. Your work stays as it is')).toBeVisible()
  await take.click()
  await expect(page.getByText('It comes as soon as your hands are free')).toBeVisible()
  expect(await build(), 'a ballot is on the table').toBe('first')
  const loaded = page.waitForEvent('load')
  await saveButton(page).click()
  await loaded
  await ready(page, 'count')
  expect(await build()).toBe('second')
  await expect(indicator(page)).toHaveText('2 here')

  front.deploy('third')
  await lookForUpdate()
  await expect(take).toBeVisible()
  await page.reload()
  await ready(page, 'count')
  expect(await build(), 'a reload takes nothing').toBe('second')
  await page.goto('/#/')
  const loadedAgain = page.waitForEvent('load')
  await take.click()
  await loadedAgain
  await expect(list(page)).toBeVisible()
  expect(await build()).toBe('third')
  await open(page, 'u02', 'count')
  const all = { ballots: 3, valid: 3, blank: 0, invalid: 0, votes: { 1: 1, 2: 1, 3: 1 } }
  await expectTotals(page, all)
  await expect(indicator(page)).toHaveText('2 here')
  await stage.server.start()
  await expect(indicator(page)).toHaveText('Saved', { timeout: 90_000 })
  expect(ballotsIn(await journaled(await stage.sql(), 'u02'), 'A').map(({ choices }) => choices)).toEqual([[1], [2], [3]])
  await front.close()
})

test('signing out with unsent edits warns first; staying keeps them, leaving keeps them too, and they arrive after the next login', async ({
  stage,
}) => {
  for (const [locale, serial, account, out, unsent, stay, leave] of [
    ['en-GB', 1, 'My account', 'Sign out', '1 edit is not on the server yet', 'Stay until sent', 'Sign out, keep them here'],
    ['ar-KW', 2, 'حسابي', 'خروج', 'تعديل واحد لم يصل إلى الخادم بعد', 'ابقَ حتى تُرسل', 'اخرج، وتبقى هنا'],
  ] as const) {
    const page = await stage.someone('marker1', { locale })
    await page.goto('/#/committee/u03/roll')
    await ready(page)
    await kept(page)
    await stage.server.kill()
    await page.locator('#serial').fill(String(serial))
    await page.locator('#serial').press('Enter')
    await page.goto('/#/')
    const menu = page.getByRole('button', { name: account })
    await menu.click()
    await page.getByRole('button', { name: out, exact: true }).click()
    await expect(page.getByRole('alert').filter({ hasText: unsent })).toBeVisible()
    await page.getByRole('button', { name: stay }).click()
    await expect(list(page)).toBeVisible()
    await menu.click()
    await page.getByRole('button', { name: out, exact: true }).click()
    await page.getByRole('button', { name: leave }).click()
    await expect(page.locator('input[autocomplete="username"]')).toBeVisible()
    await stage.server.start()
    await signIn(page, 'marker1')
    const sql = await stage.sql()
    await expect.poll(async () => marksIn(await journaled(sql, 'u03')).length).toBe(serial)
    // Nothing is unsent: the twin is not asked.
    await menu.click()
    await page.getByRole('button', { name: out, exact: true }).click()
    await expect(page.locator('input[autocomplete="username"]')).toBeVisible()
  }
})

test('a full phone says so, offers the work as a file that holds all of it, and keeps it again when there is room', async ({ stage }) => {
  test.setTimeout(300_000)
  const page = await stage.someone('coordinator1')
  await open(page, 'u07')
  await markBySerial(page, 1)
  await expect(indicator(page)).toHaveText('Saved')
  await kept(page)
  const before = await journaled(await stage.sql(), 'u07')
  await page.context().setOffline(true)
  const origin = stage.server.url
  const disk = await page.context().newCDPSession(page)
  await disk.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1 })
  // The browser asks how much room there is only every few seconds, so it may take some marks to find out.
  let marks = 1
  await expect(async () => {
    marks += 1
    await markBySerial(page, marks)
    await expect(indicator(page)).toHaveText('No room to save', { timeout: 1_000 })
  }).toPass({ timeout: 90_000 })
  const unsent = marks - 1
  await indicator(page).click()
  const panel = page.getByRole('dialog')
  await expect(panel).toContainText('free some space, or copy your work to a file')

  const downloads = page.waitForEvent('download')
  await panel.getByRole('button', { name: 'Copy my work to a file' }).click()
  const download = await downloads
  expect(download.suggestedFilename()).toMatch(/^lajna-coordinator1-[\d-]+\.json$/)
  await expect(panel).toContainText(`Copied to ${download.suggestedFilename()}`)
  const file = JSON.parse(readFileSync(await download.path(), 'utf8'))
  expect(file).toMatchObject({ format: 'lajna-unsent/1', user: { login: 'coordinator1' }, committees: [{ committee: 'u07', unsent }] })
  expect(file.committees[0].edits.map(({ root, key }: { root: string; key: string }) => `${root} ${key.split('/')[0]}`)).toEqual(
    Array.from({ length: unsent }, (_, index) => `attendance ${index + 2}`),
  )
  Y.applyUpdate(before, Buffer.from(file.committees[0].update, 'base64'))
  expect(marksIn(before)).toHaveLength(marks)

  // The list says it too; and going there and back forgets nothing that only this page holds.
  await page.keyboard.press('Escape')
  await page.goto('/#/')
  await expect(page.getByRole('alert')).toContainText('No room on this phone to keep more')
  await page.goto('/#/committee/u07/roll')
  await ready(page)
  await expectAttended(page, marks)

  await disk.send('Storage.overrideQuotaForOrigin', { origin })
  await expect(indicator(page)).toHaveText(`${unsent} here`, { timeout: 90_000 })
  await page.reload()
  await ready(page)
  await expectAttended(page, marks)
  await page.context().setOffline(false)
  await expect(indicator(page)).toHaveText('Saved', { timeout: 90_000 })
  expect(marksIn(await journaled(await stage.sql(), 'u07'))).toHaveLength(marks)
})

test('a browser that keeps nothing says so at once, in both languages; work on the list and back is not lost, and is sent', async ({
  stage,
}) => {
  for (const [locale, serial, keepsNothing, notSent] of [
    ['en-GB', 11, 'This browser keeps nothing on the device', '1 not sent'],
    ['ar-KW', 12, 'هذا المتصفح لا يحفظ شيئاً على الجهاز', '1 لم تُرسل'],
  ] as const) {
    const page = await stage.device({ locale })
    // As where storage is blocked: the factory is there and every opening fails.
    await page.addInitScript(() => {
      IDBFactory.prototype.open = () => {
        throw new DOMException('blocked', 'SecurityError')
      }
    })
    await page.goto('/')
    await signIn(page, 'marker1')
    await expect(page.getByRole('alert')).toContainText(keepsNothing)
    await page.goto('/#/committee/u03/roll')
    await ready(page)
    await page.context().setOffline(true)
    await page.locator('#serial').fill(String(serial))
    await page.locator('#serial').press('Enter')
    const saved = page.locator('.saved')
    await expect(saved).toHaveText(notSent)
    await saved.click()
    await expect(page.getByRole('dialog')).toContainText(keepsNothing)
    await page.keyboard.press('Escape')
    await page.goto('/#/')
    await page.goto('/#/committee/u03/roll')
    await ready(page)
    await expect(saved).toHaveText(notSent)
    await page.context().setOffline(false)
    await expect(saved).toHaveClass(/there/, { timeout: 90_000 })
    const marked = marksIn(await journaled(await stage.sql(), 'u03')).filter((key) => key.startsWith(`${serial}/`))
    expect(marked).toHaveLength(1)
    await page.close()
  }
})

test('500 edits made offline come back with progress that is true: none is there before it is committed, and then all', async ({
  stage,
}) => {
  const page = await stage.someone('coordinator2')
  await open(page, 'u01')
  const before = marksIn(await journaled(await stage.sql(), 'u01')).length
  await stage.server.kill()
  await page.evaluate((edits) => {
    const field = document.querySelector<HTMLInputElement>('#serial')
    for (let serial = 1; field !== null && serial <= edits; serial += 1) {
      field.value = String(serial)
      field.dispatchEvent(new Event('input', { bubbles: true }))
      field.form?.requestSubmit()
    }
  }, 500)
  await expect(indicator(page)).toHaveText('500 here')
  await page.context().setOffline(true) // so that it comes back when the lock stands, and not before
  await stage.server.start()
  const lock = await stage.sql()
  await lock.query('begin')
  await lock.query("select 1 from committees where id = 'u01' for update")
  const said = await page.evaluateHandle(() => {
    const texts: string[] = []
    const saved = document.querySelector('.saved') as Element
    new MutationObserver(() => texts.push(saved.textContent ?? '')).observe(saved, { childList: true, subtree: true, characterData: true })
    return texts
  })
  await page.context().setOffline(false)
  await expect(indicator(page)).toHaveText('0 of 500', { timeout: 90_000 })
  const sql = await stage.sql()
  expect(marksIn(await journaled(sql, 'u01'))).toHaveLength(before)
  await lock.query('commit')
  await expect(indicator(page)).toHaveText('Saved', { timeout: 90_000 })
  expect(marksIn(await journaled(sql, 'u01'))).toHaveLength(before + 500)
  const arrived = (await said.jsonValue()).filter((text) => text.includes(' of ')).map((text) => text.split(' of ').map(Number))
  expect(arrived.every(([, of]) => of === 500)).toBe(true)
  const counts = arrived.map(([n = 0]) => n)
  expect(counts).toEqual(counts.toSorted((a, b) => a - b))
  // It arrives in pieces, so there is something to see on the way.
  expect(new Set(counts.filter((n) => n > 0 && n < 500)).size).toBeGreaterThanOrEqual(3)
  console.log(`500 edits came back as: ${[...new Set(counts)].join(' ')}`)
  const reader = await stage.someone('coordinator1')
  await open(reader, 'u01')
  await expectAttended(reader, new Set(marksIn(await journaled(sql, 'u01')).map((key) => key.split('/')[0])).size)
})

test('the app can be installed: its manifest is whole, its icons load in the size they say, and a worker stands behind it', async ({
  stage,
}) => {
  const page = await stage.device()
  await page.goto('/')
  await kept(page)
  const browser = await page.context().newCDPSession(page)
  const { errors, data } = await browser.send('Page.getAppManifest')
  expect(errors).toEqual([])
  const manifest = JSON.parse(data ?? '')
  expect(manifest).toMatchObject({ start_url: '/', scope: '/', display: 'standalone', name: expect.stringContaining('لجنة') })
  const sizes = await page.evaluate(
    (icons: { src: string }[]) =>
      Promise.all(
        icons.map(async ({ src }) => {
          const { width, height } = await createImageBitmap(await (await fetch(src)).blob())
          return `${width}x${height}`
        }),
      ),
    manifest.icons,
  )
  expect(sizes).toEqual(manifest.icons.map(({ sizes: said }: { sizes: string }) => said))
  expect(manifest.icons.map(({ purpose }: { purpose: string }) => purpose)).toEqual(expect.arrayContaining(['any', 'maskable']))
  const { installabilityErrors } = await browser.send('Page.getInstallabilityErrors')
  expect(installabilityErrors.filter(({ errorId }) => errorId !== 'in-incognito')).toEqual([])
})

test('the first load brings less than 250 KB of compressed JavaScript', async ({ stage }) => {
  const page = await stage.device()
  const scripts = new Set<string>()
  page.on('response', (response) => {
    if (response.request().resourceType() === 'script') scripts.add(new URL(response.url()).pathname)
  })
  await page.goto('/')
  await signIn(page, 'coordinator1')
  await open(page, 'u02')
  await kept(page)
  expect([...scripts]).toEqual(expect.arrayContaining([expect.stringMatching(/^\/assets\/index-/)]))
  const dist = new URL('../dist/', import.meta.url)
  const bytes = [...scripts, '/sw.js'].reduce((sum, path) => sum + gzipSync(readFileSync(new URL(`.${path}`, dist))).byteLength, 0)
  expect(bytes).toBeGreaterThan(50_000)
  expect(bytes).toBeLessThan(250_000)
})
