import type { Page } from '@playwright/test'
import { save } from './committee.ts'
import { expect, phone, test } from './stage.ts'

const sizes = [phone, { width: 360, height: 780 }, { width: 360, height: 640 }]
const locales = [
  { locale: 'ar-KW', saves: /^احفظ الورقة/, blank: 'بيضاء' },
  { locale: 'en-GB', saves: /^Save ballot/, blank: 'Blank' },
]

/** How far an element's box reaches over the edges of the screen, in pixels; 0 where all of it is on it. */
async function overhang(page: Page, box: { x: number; y: number; width: number; height: number } | null): Promise<number> {
  const { width, height } = page.viewportSize() ?? { width: 0, height: 0 }
  if (box === null || box.width === 0 || box.height === 0) return Number.POSITIVE_INFINITY
  return Math.max(0, -box.x, -box.y, box.x + box.width - width, box.y + box.height - height)
}

/** Pairs of things in the pad's head that lie on each other. */
const overlaps = (page: Page) =>
  page.locator('.ballot-head').evaluate((head) => {
    const boxes = [...head.querySelectorAll('.ballot-number, .icon-button svg, .sheet-letter, .choices-left')]
      .map((part) => ({ part: part.classList[0] ?? part.tagName, box: part.getBoundingClientRect() }))
      .filter(({ box }) => box.width > 0)
      .sort((a, b) => a.box.left - b.box.left)
    return boxes.flatMap(({ part, box }, index) => {
      const next = boxes[index + 1]
      return next !== undefined && next.box.left < box.right ? [`${part} on ${next.part}`] : []
    })
  })

for (const { locale, saves, blank } of locales) {
  test(`a counter sees all 30 candidates and Save without scrolling, on smaller phones too (${locale})`, async ({ stage }) => {
    const page = await stage.someone('counter1', { locale })
    await page.goto('/#/committee/u01/count')
    const saving = page.getByRole('button', { name: saves })
    const blanks = page.getByRole('button', { name: blank, exact: true })
    const tiles = page.getByRole('main').getByRole('button', { name: /^\d+ \p{L}/u })
    await page.getByRole('button', { name: /(change the number|غيّر الرقم)$/ }).click()
    await page.getByRole('dialog').getByRole('textbox').fill('1040')
    await page.keyboard.press('Enter')
    // With the last five in their place.
    for (let ballot = 1; ballot <= 5; ballot += 1) {
      await blanks.click()
      await save(saving)
    }
    for (const size of sizes) {
      await page.setViewportSize(size)
      await expect(tiles).toHaveCount(30)
      for (const control of [saving, blanks, ...(await tiles.all())]) {
        await expect.poll(async () => overhang(page, await control.boundingBox()), String(control)).toBeLessThan(0.5)
        // On the screen is not enough: nothing may lie over it.
        await control.click({ trial: true })
      }
      // Beside the ballot's number there is room for a thousand of them: nothing in the head lies on anything else.
      expect(await overlaps(page), `${size.width} × ${size.height}`).toEqual([])
      const tile = await tiles.last().boundingBox()
      if (tile === null) throw new Error('the last tile is shown')
      expect(tile.height, 'tall enough for a thumb').toBeGreaterThanOrEqual(44)

      // Nothing chosen: the toast that says so stands clear of the tiles above it and of Save below.
      await saving.click()
      await page.locator('.toast').evaluate((toast) => Promise.all(toast.getAnimations().map(({ finished }) => finished)))
      const toast = await page.locator('.toast').boundingBox()
      const below = await saving.boundingBox()
      expect(toast?.y).toBeGreaterThanOrEqual(tile.y + tile.height)
      expect((toast?.y ?? 0) + (toast?.height ?? 0)).toBeLessThanOrEqual(below?.y ?? 0)
      await tiles.last().click()
      await tiles.last().click()
    }
  })
}
