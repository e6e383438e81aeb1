import { enter, type Walk } from './axe-walk.ts'
import { looks } from './desk.ts'
import { setDay } from './overview-scene.ts'
import { expect, signIn, test } from './stage.ts'

test.setTimeout(800_000)

/** The rooms of those who answer for many, and of administrators. */
async function theRooms(walk: Walk): Promise<void> {
  const { page } = walk
  await page.goto('/')
  await signIn(page, 'admin')
  await expect(page.locator('.committee-card').first()).toBeVisible()
  await page.goto('/#/overview')
  await expect(page.locator('.ov-need').first()).toBeVisible()
  await expect(page.locator('.ov-row').first()).toBeVisible()
  await walk.look('overview')
  await walk.sheet('overview, a committee whose sum fails', () => page.locator('.ov-tile[data-committee="u03"]').click())
  await walk.sheet('overview, a committee that counts', () => page.locator('.ov-tile[data-committee="u07"]').click())
  await walk.sheet('overview, the figures of the curve', () => page.locator('.curve-figures').click())
  await page.goto('/#/admin')
  await expect(page.locator('.adm-users li').nth(3)).toBeVisible()
  await walk.look('administration')
  await walk.sheet('administration, the phase of all', () => page.locator('.adm-phases > .button').click())
  await walk.sheet('administration, somebody new', () => walk.button('adm.add').click())
  await walk.sheet('administration, somebody and where they work', async () => {
    await page.locator('.adm-user-name button').nth(4).click()
    await expect(walk.dialog.locator('.adm-rights').first()).toBeVisible()
  })
  await walk.sheet('administration, sessions ended', () => page.locator('.adm-users li').nth(8).locator('.adm-user-end button').click())
}

test('axe finds nothing in the rooms of supervisors and administrators', async ({ stage }) => {
  const day = await setDay(stage)
  for (const look of looks) await theRooms(await enter(stage, look, stage.server.url))
  day.leave()
})
