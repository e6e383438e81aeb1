import type { Page } from '@playwright/test'
import { expectNoViolations } from './axe.ts'
import { Desk, desktop, type Look, languages } from './desk.ts'
import { expect, type Stage } from './stage.ts'

/** One walker. `look` says that what is open now is to be looked at, and by which name it is reported. */
export class Walk extends Desk {
  look = (what: string): Promise<void> => expectNoViolations(this.page, what, this.#other)
  readonly #other: 'dark' | 'contrast'

  constructor(look: Look, page: Page) {
    super(look, page)
    // Colours know no language, so each language sees one more theme than light, and each device both.
    this.#other = (look.language === 'ar') === (look.options === desktop) ? 'contrast' : 'dark'
  }

  /** What is opened by this is looked at and closed. */
  async sheet(what: string, open: () => Promise<unknown>): Promise<void> {
    await open()
    await expect(this.dialog).toBeVisible()
    await this.look(what)
    await this.close()
  }
}

/** A device that shows no movement: what is fading in has no colour yet. */
export async function enter(stage: Stage, look: Look, baseURL: string): Promise<Walk> {
  const { locale } = languages[look.language]
  return new Walk(look, await stage.device({ ...look.options, locale, baseURL, reducedMotion: 'reduce' }))
}
