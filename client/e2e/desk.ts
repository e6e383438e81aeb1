import type { BrowserContextOptions, Locator, Page } from '@playwright/test'
import { ar } from '../i18n/ar.ts'
import { en } from '../i18n/en.ts'
import type { WordKey } from '../i18n/words.ts'
import { save } from './counting.ts'
import { expect, type Stage } from './stage.ts'

// A person at a page, in either language and on either device. What is asked for is asked in the app's own words.

export const desktop: BrowserContextOptions = { viewport: { width: 1280, height: 800 }, hasTouch: false }

/** A sentence as it may stand on the screen: any form of a plural, anything in its places. */
function said(entry: string | Readonly<Record<string, string>>): RegExp {
  const forms = typeof entry === 'string' ? [entry] : Object.values(entry)
  const patterns = forms.map((form) => form.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{\w+\}/g, '.+'))
  return new RegExp(`^(?:${patterns.join('|')})$`)
}

export const languages = { en: { locale: 'en-GB', words: en }, ar: { locale: 'ar-KW', words: ar } } as const
export type Look = {
  readonly name: string
  readonly language: keyof typeof languages
  readonly committee: string
  readonly options: BrowserContextOptions
}

/** Both languages on both devices. A committee for each, so that nobody's marks are another's. */
export const looks: readonly Look[] = [
  { name: 'English, phone', language: 'en', committee: 'u01', options: {} },
  { name: 'Arabic, laptop', language: 'ar', committee: 'u02', options: desktop },
  { name: 'English, laptop', language: 'en', committee: 'u03', options: desktop },
  { name: 'Arabic, phone', language: 'ar', committee: 'u07', options: {} },
]

const places = {
  roll: (page: Page) => page.locator('.elector-row[data-serial]').first(),
  absent: (page: Page) => page.locator('.absent-head'),
  count: save,
} as const
type PlaceName = keyof typeof places

/** One person's page, by what it says. */
export class Desk {
  readonly page: Page
  readonly #look: Look

  constructor(look: Look, page: Page) {
    this.#look = look
    this.page = page
  }

  static async open(stage: Stage, look: Look, login: string, tab: PlaceName = 'roll'): Promise<Desk> {
    const { locale } = languages[look.language]
    const desk = new Desk(look, await stage.someone(login, { ...look.options, locale }))
    await desk.goTo(tab)
    return desk
  }

  get committee(): string {
    return this.#look.committee
  }

  word(key: WordKey): RegExp {
    return said(languages[this.#look.language].words[key])
  }

  button = (key: WordKey, within: Page | Locator = this.page): Locator => within.getByRole('button', { name: this.word(key) })
  get dialog(): Locator {
    return this.page.getByRole('dialog')
  }

  async goTo(tab: PlaceName): Promise<void> {
    await this.page.goto(`/#/committee/${this.committee}/${tab}`)
    await this.ready(tab)
  }

  /** To another tab of the page that is open: nothing is loaded. */
  async turnTo(tab: PlaceName): Promise<void> {
    await this.page.evaluate((hash) => {
      location.hash = hash
    }, `#/committee/${this.committee}/${tab}`)
    await this.ready(tab)
  }

  /** It can be worked on: its rows are here, or its ballot is on the table. */
  async ready(tab: PlaceName): Promise<void> {
    // The first opening brings the roll, and a loaded machine runs several pages.
    await expect(places[tab](this.page)).toBeVisible({ timeout: 90_000 })
  }

  /** By its title: behind a sheet the banner has no role, and the indicator is still to be seen. */
  get indicator(): Locator {
    return this.page.locator('.app-bar').getByTitle(this.word('status.label'))
  }

  /** After a break the next try may be some seconds away. */
  saved = (): Promise<void> => expect(this.indicator).toHaveText(this.word('status.saved'), { timeout: 90_000 })

  async mark(serial: number): Promise<void> {
    const field = this.page.getByRole('textbox', { name: this.word('roll.serial') })
    await field.fill(String(serial))
    await field.press('Enter')
  }

  row = (serial: number): Locator => this.page.locator(`[data-serial="${serial}"]`)

  async find(serial: number): Promise<Locator> {
    await this.page.getByRole('searchbox').fill(String(serial))
    return this.row(serial)
  }

  async openElector(serial: number): Promise<Locator> {
    await (await this.find(serial)).locator('.elector-open').click()
    await expect(this.dialog).toBeVisible()
    return this.dialog
  }

  async close(): Promise<void> {
    await this.page.keyboard.press('Escape')
    await expect(this.dialog).toBeHidden()
  }

  /** On a phone the pad is a screen of its own. */
  async openFromPad(key: 'pad.paper' | 'pad.not_on_roll'): Promise<Locator> {
    const wide = this.#look.options === desktop
    if (!wide) await this.page.getByRole('link', { name: this.word('roll.number_pad') }).click()
    await this.button(key).click()
    await expect(this.dialog).toBeVisible()
    return this.dialog
  }

  attended = (n: number): Promise<void> => expect(this.page.locator('.score p').first().locator('b')).toHaveText(String(n))

  witnesses = async (serial: number, n: number): Promise<void> => {
    const row = await this.find(serial)
    if (n === 0) await expect(row.locator('.attend[aria-pressed="true"]')).toHaveCount(0)
    else await expect(row.locator('.attend-count')).toHaveText(String(n))
    // What a mark fills in stands in every row: of nobody's mark none of it may be seen.
    for (const part of ['.elector-witnesses', '.elector-saved', '.attend-count'])
      await expect(row.locator(part)).toBeVisible({ visible: n > 0 })
  }

  note = (sheet: Locator = this.dialog): Locator => sheet.getByRole('textbox', { name: this.word('note.title') })
}

/** The report of a paper: new, marked already, not on the roll, twice. */
export const report = (sheet: Locator): Locator => sheet.getByRole('definition')
