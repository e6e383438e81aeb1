import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect } from './stage.ts'

// Axe over a page as it stands, in every theme the app has.

/** WCAG 2.2 to AA, what axe holds to be good practice, and what it still tries out. */
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice', 'experimental']

/**
 * A theme changes colours and nothing else, so the rules about colours are asked again in another theme, and the others once. The theme
 * for the sun promises more than AA: it is held to seven to one.
 */
const themes = {
  light: { media: { colorScheme: 'light', contrast: 'no-preference' }, rules: undefined },
  dark: { media: { colorScheme: 'dark', contrast: 'no-preference' }, rules: ['color-contrast', 'link-in-text-block'] },
  contrast: { media: { colorScheme: 'light', contrast: 'more' }, rules: ['color-contrast-enhanced', 'link-in-text-block'] },
} as const
export type Theme = keyof typeof themes

/** The half megabyte of axe goes into each page once, not with every question. */
async function axeOn(page: Page): Promise<AxeBuilder> {
  const isThere = await page.evaluate(() => 'axe' in window)
  const axe = new AxeBuilder(isThere ? { page, axeSource: ';' } : { page })
  return (
    axe
      // The other way opens a second page for what frames report, and the app has no frames.
      .setLegacyMode()
      // What passes is not told, which is most of the time it takes.
      .options({ resultTypes: ['violations'] })
      // The dialog library's sentinels: they catch the focus at either end of a sheet and pass it on at once; nobody is ever on one.
      .exclude('[data-focus-trap]')
  )
}

/**
 * Every violation in light and in one other theme, told at the end of the test with the others: one run shows all there is to mend.
 * `what`: the page or sheet that is open, for whoever reads the failure.
 */
export async function expectNoViolations(page: Page, what: string, other: Exclude<Theme, 'light'>): Promise<void> {
  const found: string[] = []
  for (const name of ['light', other] as const) {
    const { media, rules } = themes[name]
    await page.emulateMedia(media)
    await expect(page.locator('html')).toHaveAttribute('data-theme', name)
    const axe = await axeOn(page)
    // What lies behind a sheet is out of reach, and was looked at without it.
    if (rules !== undefined && (await page.getByRole('dialog').count()) > 0) axe.include('[role="dialog"]')
    const { violations } = await (rules === undefined ? axe.withTags(tags) : axe.withRules([...rules])).analyze()
    for (const { id, nodes } of violations) {
      for (const { target, html, any, all, none } of nodes) {
        const why = [...any, ...all, ...none].map(({ message }) => message).join('; ')
        found.push(`${name} · ${id} · ${target.join(' ')} · ${why} · ${html.slice(0, 160)}`)
      }
    }
  }
  expect.soft(found, what).toEqual([])
}
