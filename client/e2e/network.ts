import { expect, type Page } from '@playwright/test'

/** The network of a device goes, and its page has left the line: until then an edit can still get through. */
export async function goDark(page: Page): Promise<void> {
  const link = page.locator('.saved[data-link]')
  await expect(link).toHaveAttribute('data-link', 'online')
  await page.context().setOffline(true)
  await expect(link).not.toHaveAttribute('data-link', 'online')
}
