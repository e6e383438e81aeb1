import { readFileSync } from 'node:fs'
import type { Page } from '@playwright/test'
import { expect, signIn, test } from './stage.ts'

const desktop = { viewport: { width: 1280, height: 800 } } as const

const entries = (page: Page) => page.getByRole('region', { name: /^(What was found|ما وُجد)$/ }).getByRole('listitem')

for (const [what, options] of [
  ['on a phone', {}],
  ['on a desktop', desktop],
] as const) {
  test(`an administrator finds who was refused, from where, and takes it out, ${what}`, async ({ stage }) => {
    const stranger = await stage.device()
    await stranger.goto('/')
    await signIn(stranger, `=guess\u202E-${what.length}`, 'wrong')
    await expect(stranger.getByRole('alert')).toBeVisible()

    const page = await stage.someone('admin', options)
    await page.getByRole('button', { name: /^My account/ }).click()
    await page.getByRole('link', { name: 'Audit log' }).click()
    await expect(page.getByRole('heading', { name: 'Audit log' })).toBeVisible()
    // Written a moment after it happened, and the page shows what was there when it asked.
    await expect(async () => {
      await page.reload()
      await expect(entries(page).filter({ hasText: 'Signed in' }).first()).toContainText('admin', { timeout: 2_000 })
    }).toPass({ timeout: 90_000 })

    await page.getByRole('searchbox', { name: 'Search' }).fill(`guess -${what.length}`)
    await expect(entries(page)).toHaveCount(1)
    await expect(entries(page)).toContainText('Sign-in refused')
    await expect(entries(page)).toContainText('127.0.0.1')
    await page.getByRole('combobox', { name: 'What' }).selectOption('Phase')
    await expect(page.getByText('Nothing of that kind')).toBeVisible()
    await page.getByRole('combobox', { name: 'What' }).selectOption('Sign-in refused')
    await expect(entries(page)).toHaveCount(1)

    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Take out as CSV' }).click()
    const file = readFileSync(await (await download).path(), 'utf8')
    expect(file.trim().split('\r\n')).toHaveLength(2)
    expect(file).toContain(`"'=guess -${what.length}"`)
  })
}

test('a changed right says what it was; a tap on a person shows only theirs; older ones come by themselves', async ({ stage }) => {
  const page = await stage.someone('admin')
  await page.evaluate(async () => {
    const { token } = await (await fetch('/api/token', { method: 'POST' })).json()
    const call = (method: string, path: string, body: object) =>
      fetch(`/api${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
    const { users } = await (await fetch('/api/admin/users', { headers: { authorization: `Bearer ${token}` } })).json()
    const viewer = users.find((user: { login: string }) => user.login === 'viewer1')
    await call('PATCH', `/admin/users/${viewer.id}`, { role: 'counter' })
    await call('PATCH', '/committees/u03', { phase: 'polling' })
  })
  const sql = await stage.sql()
  await sql.query(`insert into audit (kind, subject) select 'limit', 'made for scrolling ' || n from generate_series(1, 250) n`)
  await page.goto('/#/admin/audit')
  await page.getByRole('combobox', { name: 'What' }).selectOption('Rights')
  await expect(entries(page).first()).toContainText(/Role: was .?Viewer.?, now .?Counter.?/)
  await page.getByRole('combobox', { name: 'What' }).selectOption('Phase')
  await expect(entries(page).first()).toContainText('Committee 3')
  await page.getByRole('combobox', { name: 'What' }).selectOption('Everything')
  await expect(entries(page)).toHaveCount(100)
  await page.getByRole('button', { name: 'Earlier ones' }).scrollIntoViewIfNeeded()
  await expect(entries(page)).toHaveCount(200)
  await page.getByRole('searchbox').fill('viewer1')
  await entries(page).getByRole('button', { name: /admin/ }).first().click()
  await expect(page.getByRole('button', { name: /^Only person/ })).toBeVisible()
  await page.getByRole('combobox', { name: 'What' }).selectOption('Over a limit')
  await page.getByRole('button', { name: /^Only person/ }).click()
  await expect(page.getByRole('button', { name: /^Only person/ })).toHaveCount(0)
})

test('nobody else is shown the page', async ({ stage }) => {
  const page = await stage.someone('supervisor1')
  await page.goto('/#/admin/audit')
  await expect(page.getByRole('heading', { name: 'My committees' })).toBeVisible()
})
