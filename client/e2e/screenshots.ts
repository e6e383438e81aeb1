import { readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from '@playwright/test'
import { freePort, makeDataDir, makeServer } from '#load/driver/server.ts'
import { ballotsCalled, bringToAfternoon } from './afternoon.ts'
import { chromium as options } from './browser.ts'
import { candidate, indicator, open, peopleHere } from './committee.ts'
import { expect, myCommittees, phone, signIn } from './stage.ts'

// The pictures of the README, from a running server with the demo election. `npm run screenshots` after `npm run build`.

const images = join(import.meta.dirname, '../../docs/images')
const pair_bytes_max = 400_000

async function enter(browser: Browser, url: string, login: string, locale: string): Promise<Page> {
  const context = await browser.newContext({
    baseURL: url,
    viewport: phone,
    deviceScaleFactor: 2,
    hasTouch: true,
    locale,
    timezoneId: 'Asia/Kuwait',
  })
  const page = await context.newPage()
  await page.goto('/')
  await signIn(page, login)
  await myCommittees(page).waitFor()
  return page
}

const take = (page: Page, name: string) => page.screenshot({ path: join(images, name), animations: 'disabled' })

/** The roll in Arabic: somebody has just been marked, and the others are there. */
async function pictureRoll(page: Page): Promise<void> {
  await page.goto('/#/committee/u07/roll')
  const list = page.getByRole('main')
  await list.locator('.elector-row[data-serial="1"]').waitFor()
  const free = list.locator('.elector-row', { has: page.locator('.attend[aria-pressed="false"]') }).first()
  const serial = (await free.getAttribute('data-serial')) ?? ''
  const field = page.getByRole('textbox', { name: 'رقم الناخب' })
  await field.fill(serial)
  await field.press('Enter')
  await field.blur()
  await page.getByRole('banner').getByText('محفوظ').waitFor()
  await take(page, 'roll.ar.png')
}

/** The count in English: a ballot half called, shared with the other counter. */
async function pictureCount(page: Page): Promise<void> {
  for (const number of [1, 3, 4, 5, 8, 12, 13, 17, 21]) await candidate(page, number).click()
  await expect(page.getByRole('button', { name: `Save ballot ${ballotsCalled + 1}` })).toBeVisible()
  await expect(indicator(page)).toHaveText('Saved')
  await take(page, 'count.en.png')
}

/** Both phones side by side on the app's own ground. */
async function picturePair(browser: Browser): Promise<void> {
  const frame = (name: string) => `<img src="data:image/png;base64,${readFileSync(join(images, name)).toString('base64')}" alt="">`
  const page = await browser.newPage({ viewport: { width: 680, height: 672 }, deviceScaleFactor: 2 })
  await page.setContent(`<style>
      body { margin: 0; height: 672px; display: flex; gap: 32px; justify-content: center; align-items: center; background: #f2f0f6 }
      img { width: 286px; border-radius: 30px; border: 6px solid #17121f }
    </style>${frame('roll.ar.png')}${frame('count.en.png')}`)
  await page.waitForFunction(() => [...document.images].every((image) => image.complete))
  await take(page, 'pair.png')
  const bytes = statSync(join(images, 'pair.png')).size
  if (bytes > pair_bytes_max) throw new Error(`pair.png has ${bytes} bytes, a README should not carry more than ${pair_bytes_max}`)
}

const dir = makeDataDir()
const server = makeServer(await freePort(), { DATA_DIR: dir, DEMO: '1' })
const browser = await chromium.launch(options)
try {
  await server.start()
  await bringToAfternoon(server.url)
  const counter = await enter(browser, server.url, 'counter1', 'en-GB')
  const colleague = await enter(browser, server.url, 'counter2', 'ar-KW')
  const marker = await enter(browser, server.url, 'marker1', 'ar-KW')
  const coordinator = await enter(browser, server.url, 'coordinator1', 'ar-KW')
  const second = await enter(browser, server.url, 'coordinator2', 'ar-KW')
  await colleague.goto('/#/committee/u07/count')
  for (const page of [marker, second]) await page.goto('/#/committee/u07/roll')
  await open(counter, 'u07', 'count')
  await pictureRoll(coordinator)
  await peopleHere(counter, 4).waitFor()
  await pictureCount(counter)
  await picturePair(browser)
} finally {
  await browser.close()
  await server.stop()
  rmSync(dir, { recursive: true, force: true })
}
