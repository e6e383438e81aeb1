import { candidate } from './committee.ts'
import { expectShown, isSaved, nextNumber, save, type } from './counting.ts'
import { expect, phone, test } from './stage.ts'

test('with forty candidates their numbers are typed on the screen, the tiles are filtered, and Save stays in sight', async ({ stage }) => {
  const sql = await stage.sql()
  await sql.query(
    `insert into candidates (election_id, number, name, name_en, list, list_en)
       select election_id, number + 30, name, name_en, 'مستقلون', 'Independents' from candidates where number <= 10`,
  )
  const page = await stage.someone('counter1')
  await page.goto('/#/committee/u01/count')
  await expect(save(page)).toBeVisible()
  const keys = page.getByRole('group', { name: 'Candidate’s number' })
  const press = async (...names: string[]) => {
    for (const name of names) await keys.getByRole('button', { name, exact: true }).click()
  }
  const choose = 'Choose who has this number'
  await press('4', '0', choose, '7', choose)
  await expect(candidate(page, 40)).toHaveAttribute('aria-pressed', 'true')
  await page.getByRole('radio', { name: 'Chosen 2' }).check()
  await expect(page.getByRole('main').locator('.tile')).toHaveCount(2)
  await page.getByRole('radio', { name: 'Independents' }).check()
  await expect(page.getByRole('main').locator('.tile')).toHaveCount(10)
  // Without digits the key chooses nobody and saves nothing.
  await keys.getByRole('button', { name: choose }).click({ force: true })
  expect(await nextNumber(page)).toBe(1)
  await press('3', '1', 'Delete a digit', choose)
  for (const size of [phone, { width: 360, height: 640 }]) {
    await page.setViewportSize(size)
    for (const control of [save(page), keys.getByRole('button', { name: '8', exact: true })]) {
      await control.click({ trial: true })
      const box = await control.boundingBox()
      expect(box === null ? Number.POSITIVE_INFINITY : box.y + box.height).toBeLessThanOrEqual(size.height)
      expect(box?.height).toBeGreaterThanOrEqual(44)
    }
  }
  await save(page).click()
  await expect.poll(() => nextNumber(page)).toBe(2)
  await type(page, [33])
  await expectShown(page, [[3, 7, 40], [33]])
  await isSaved(page)
})
