import type { BrowserContextOptions, Locator, Page } from '@playwright/test'
import { logIn } from '#load/driver/entry.ts'
import { Person } from '#load/driver/person.ts'
import { ar } from '../i18n/ar.ts'
import { en } from '../i18n/en.ts'
import type { WordKey } from '../i18n/words.ts'
import { expect, type Stage, test } from './stage.ts'

// The roll as a marker, a collector and a coordinator work on it, each in both languages, on a phone and on a laptop, with the
// server killed in the middle and the page reloaded meanwhile. What is asked for is asked in the app's own words.

test.setTimeout(120_000)

const desktop: BrowserContextOptions = { viewport: { width: 1280, height: 800 }, hasTouch: false }

/** A sentence as it may stand on the screen: any form of a plural, anything in its places. */
function said(entry: string | Readonly<Record<string, string>>): RegExp {
  const forms = typeof entry === 'string' ? [entry] : Object.values(entry)
  const patterns = forms.map((form) => form.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{\w+\}/g, '.+'))
  return new RegExp(`^(?:${patterns.join('|')})$`)
}

const languages = { en: { locale: 'en-GB', words: en }, ar: { locale: 'ar-KW', words: ar } } as const
type Look = {
  readonly name: string
  readonly language: keyof typeof languages
  readonly committee: string
  readonly options: BrowserContextOptions
}

// A committee for each, so that nobody's marks are another's.
const looks: readonly Look[] = [
  { name: 'English, phone', language: 'en', committee: 'u01', options: {} },
  { name: 'Arabic, laptop', language: 'ar', committee: 'u02', options: desktop },
  { name: 'English, laptop', language: 'en', committee: 'u03', options: desktop },
  { name: 'Arabic, phone', language: 'ar', committee: 'u07', options: {} },
]

/** One person's page, by what it says. */
class Desk {
  readonly page: Page
  readonly #stage: Stage
  readonly #look: Look

  constructor(stage: Stage, look: Look, page: Page) {
    this.#stage = stage
    this.#look = look
    this.page = page
  }

  static async open(stage: Stage, look: Look, login: string, tab: 'roll' | 'absent' = 'roll'): Promise<Desk> {
    const { locale } = languages[look.language]
    const desk = new Desk(stage, look, await stage.someone(login, { ...look.options, locale }))
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

  async goTo(tab: 'roll' | 'absent'): Promise<void> {
    await this.page.goto(`/#/committee/${this.committee}/${tab}`)
    if (tab === 'roll') await expect(this.page.locator('.elector-row[data-serial]').first()).toBeVisible()
    else await expect(this.page.locator('.absent-head')).toBeVisible()
  }

  /** The server dies under the work, which goes on; the page is reloaded with nobody there, and the server comes back. */
  async withoutServer(work: () => Promise<void>): Promise<void> {
    await this.#stage.server.kill()
    await work()
    await expect(this.indicator).toHaveText(this.word('status.here'))
    await this.page.reload().catch(() => undefined) // nobody answers: the browser's own page, or what the phone keeps of the app
    await this.#stage.server.start()
    await this.goTo('roll')
    await this.saved()
  }

  /** By its title: behind a sheet the banner has no role, and the indicator is still to be seen. */
  get indicator(): Locator {
    return this.page.locator('.app-bar').getByTitle(this.word('status.label'))
  }

  saved = (): Promise<void> => expect(this.indicator).toHaveText(this.word('status.saved'))

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
  }

  note = (sheet: Locator = this.dialog): Locator => sheet.getByRole('textbox', { name: this.word('note.title') })
}

/** The report of a paper: new, marked already, not on the roll, twice. */
const report = (sheet: Locator): Locator => sheet.getByRole('definition')

for (const look of looks) {
  test(`a marker marks, withdraws with a reason, copies a paper and writes down who is not on the roll (${look.name})`, async ({
    stage,
  }) => {
    const marker = await Desk.open(stage, look, 'marker1')
    for (const serial of [11, 12]) await marker.mark(serial)
    await marker.saved()
    await marker.attended(2)

    await marker.withoutServer(async () => {
      const sheet = await marker.openElector(11)
      await marker.button('elector.withdraw', sheet).click()
      await marker.button('elector.why_wrong_number', sheet).click()
      await expect(marker.button('elector.withdraw', sheet)).toBeHidden()
      await marker.close()
      await marker.page.getByRole('searchbox').fill('')

      const paper = await marker.openFromPad('pad.paper')
      await paper.getByRole('textbox').fill('١٤ - ١٦، 12, 12 999999')
      await expect(report(paper)).toHaveText(['3', '1', '1', '1'])
      await marker.button('paper.commit', paper).click()
      await expect(marker.button('paper.undo', paper)).toBeVisible()
      await marker.close()

      await marker.button('pad.not_on_roll').click()
      await marker.dialog.getByRole('textbox', { name: marker.word('walkin.name') }).fill('سالم فهد العلي')
      await marker.dialog.getByRole('textbox', { name: marker.word('walkin.serial') }).fill('٩٠١')
      await marker.button('walkin.why_moved', marker.dialog).click()
      await marker.button('walkin.save', marker.dialog).click()
      await expect(marker.dialog.getByRole('listitem')).toContainText('سالم')
      await marker.close()
      await expect(marker.indicator).toContainText('5')
    })
    await marker.attended(4)
    for (const [serial, n] of [
      [11, 0],
      [12, 1],
      [14, 1],
      [15, 1],
      [16, 1],
    ] as const)
      await marker.witnesses(serial, n)

    // A supervisor accepts the walk-in, which counts apart, and rules that one mark is wrong.
    const supervisor = await Desk.open(stage, look, 'supervisor1')
    await supervisor.attended(4)
    await supervisor.page.locator('.walkin-score').click()
    await expect(supervisor.dialog.getByRole('listitem')).toContainText('901')
    await supervisor.button('walkin.accept_who', supervisor.dialog).click()
    await supervisor.close()
    await expect(marker.page.locator('.walkin-score')).toHaveText(marker.word('roll.walkins_accepted'))
    await marker.attended(4)
    const sheet = await supervisor.openElector(16)
    await supervisor.button('elector.rule', sheet).click()
    await supervisor.button('elector.why_not_here', sheet).click()
    await marker.witnesses(16, 0)
    await marker.attended(3)
    await supervisor.saved()
    // It was right after all: whoever saw them says so again.
    await marker.page.getByRole('searchbox').fill('')
    await marker.mark(16)
    await marker.witnesses(16, 1)
    await marker.saved()
  })

  test(`a collector pledges with all its fields, writes the note and brings who has not come (${look.name})`, async ({ stage }) => {
    const collector = await Desk.open(stage, look, 'collector1')
    const sheet = await collector.openElector(21)
    await sheet.getByText(collector.word('strength.medium')).click()
    await sheet.getByRole('textbox', { name: collector.word('elector.group') }).fill('Diwan 7')
    await collector.note(sheet).fill('يأتي بعد العصر')
    await collector.saved()

    await collector.withoutServer(async () => {
      await sheet.getByText(collector.word('strength.strong')).click()
      await sheet.getByText(collector.word('confirmation.confirmed')).click()
      await sheet.getByRole('textbox', { name: collector.word('elector.quick_note') }).fill('يحتاج توصيلة')
      await sheet.locator('.field-tile[aria-expanded]').click()
      await collector.button('elector.follow_up_hour', sheet).click()
      await collector.note(sheet).press('End')
      await collector.note(sheet).pressSequentially('، مع أخيه')
      await collector.close()
      const withdrawn = await collector.openElector(22)
      await withdrawn.getByText(collector.word('strength.weak')).click()
      await collector.button('elector.withdraw_guarantee', withdrawn).click()
      await collector.close()
    })

    const again = await collector.openElector(21)
    await expect(again.getByRole('radio', { name: collector.word('strength.strong') })).toBeChecked()
    await expect(again.getByRole('radio', { name: collector.word('confirmation.confirmed') })).toBeChecked()
    await expect(again.getByRole('textbox', { name: collector.word('elector.group') })).toHaveValue('Diwan 7')
    await expect(again.getByRole('textbox', { name: collector.word('elector.quick_note') })).toHaveValue('يحتاج توصيلة')
    await expect(again.locator('.field-tile[aria-expanded]')).toContainText(/\d\d:\d\d/)
    await expect(collector.note(again)).toHaveValue('يأتي بعد العصر، مع أخيه')
    await collector.close()
    await expect((await collector.openElector(22)).getByText(collector.word('elector.withdrawn')).first()).toBeVisible()
    await collector.close()

    await collector.goTo('absent')
    await expect(collector.row(22)).toBeHidden()
    const call = collector.row(21).getByRole('link', { name: collector.word('absent.call') })
    if ((await call.count()) > 0) await expect(call).toHaveAttribute('href', /^tel:\+?\d+$/)
    // Whoever marks them takes them off the list.
    const marker = await Desk.open(stage, look, 'marker1')
    await marker.mark(21)
    await expect(collector.row(21).getByRole('link')).toHaveCount(0)
    await expect(collector.row(21)).toHaveCount(0)
  })

  test(`a coordinator edits a collector’s pledge and calls from the list (${look.name})`, async ({ stage }) => {
    const { token, user } = await logIn(stage.server.url, 'collector1', 'lajna-demo')
    const collector = await new Person({ url: stage.server.url, user, token: () => token }, look.committee).synced()
    // Of those who have a telephone.
    const db = await stage.sql()
    const { rows } = await db.query(
      'select serial from electors where committee_id = $1 and serial between 31 and 60 and mobile is not null order by serial limit 3',
      [look.committee],
    )
    const [first, second, third] = rows.map(({ serial }) => serial as number) as [number, number, number]
    for (const [elector, strength] of [
      [first, 'weak'],
      [second, 'strong'],
      [third, 'strong'],
    ] as const) {
      collector.pledge(elector, 'strength', strength)
    }
    await collector.book.downTo(0)
    collector.leave()

    const coordinator = await Desk.open(stage, look, 'coordinator1', 'absent')
    // An address that a phone dials is none that this browser opens.
    await coordinator.page.evaluate(() => {
      document.addEventListener('click', (event) => {
        if ((event.target as Element).closest('a[href^="tel:"]') !== null) event.preventDefault()
      })
    })
    const order = () =>
      coordinator.page.locator('.absent-row').evaluateAll((all) => all.map((row) => Number(row.getAttribute('data-serial'))))
    await expect
      .poll(async () => (await order()).filter((serial) => [first, second, third].includes(serial)))
      .toEqual([second, third, first])
    const call = (serial: number) => coordinator.row(serial).getByRole('link', { name: coordinator.word('absent.call') })

    await coordinator.withoutServer(async () => {
      await call(second).click()
      await coordinator.button('absent.later', coordinator.row(second)).click()
      await expect(coordinator.row(second)).toContainText(/\d\d:\d\d/)
      await call(third).click()
      await coordinator.button('confirmation.unreachable', coordinator.row(third)).click()
      await expect(coordinator.row(third).getByText(coordinator.word('confirmation.unreachable'))).toBeVisible()
      await coordinator.row(first).locator('.elector-open').click()
      await coordinator.button('elector.edit_guarantee', coordinator.dialog).click()
      await coordinator.dialog
        .getByRole('region', { name: coordinator.word('elector.guarantee_of') })
        .getByText(coordinator.word('strength.strong'))
        .click()
      await coordinator.close()
    })

    const person = await new Person({ url: stage.server.url, user, token: () => token }, look.committee).synced()
    const pledges = person.doc.getMap('guarantees')
    expect(pledges.get(`${first}/${user}/strength`)).toBe('strong')
    expect(pledges.get(`${second}/${user}/confirmation`)).toBe('pending')
    expect(pledges.get(`${second}/${user}/follow_up`)).toBeGreaterThan(Date.now() / 1_000)
    expect(pledges.get(`${third}/${user}/confirmation`)).toBe('unreachable')
    person.leave()
    await coordinator.goTo('absent')
    // The one to be called soonest of the surest, now.
    await expect
      .poll(async () => (await order()).filter((serial) => [first, second, third].includes(serial)))
      .toEqual([second, first, third])
  })
}

const english = looks[0] as Look

test('two people type into one note at once: no letter is lost, each caret stays, and each is told who is writing', async ({ stage }) => {
  const [here, there] = [await Desk.open(stage, english, 'coordinator1'), await Desk.open(stage, english, 'collector1')]
  for (const desk of [here, there]) await desk.openElector(70)
  await here.note().pressSequentially('start end')
  await expect(there.note()).toHaveValue('start end')
  // One in the middle, one at the end.
  await here.note().evaluate((field: HTMLTextAreaElement) => field.setSelectionRange(5, 5))
  await there.note().press('End')
  await Promise.all([
    here.note().pressSequentially(' one two three four', { delay: 20 }),
    there.note().pressSequentially(' five six seven eight', { delay: 23 }),
  ])
  for (const desk of [here, there]) await expect(desk.note()).toHaveValue('start one two three four end five six seven eight')
  const caret = (desk: Desk) => desk.note().evaluate((field: HTMLTextAreaElement) => field.value.slice(0, field.selectionStart))
  expect(await caret(here)).toBe('start one two three four')
  await here.note().press('Space')
  await expect(there.dialog.getByRole('status').filter({ hasText: 'Writing here now' })).toContainText('Muna')
  // Three seconds without a key: nobody is writing any more.
  await expect(there.dialog.getByRole('status').filter({ hasText: 'Writing here now' })).toHaveCount(0)
  for (const desk of [here, there]) await desk.saved()
})

test('who may not write notes reads them', async ({ stage }) => {
  const marker = await Desk.open(stage, english, 'marker1')
  const sheet = await marker.openElector(70)
  await expect(marker.note(sheet)).toHaveValue(/five six/)
  await expect(marker.note(sheet)).not.toBeEditable()
  const coordinator = await Desk.open(stage, english, 'coordinator1')
  await expect(coordinator.note(await coordinator.openElector(70))).toBeEditable()
})

test('text deleted without a network is unsent, over a reload too, until the server has it; then it is saved', async ({ stage }) => {
  const collector = await Desk.open(stage, english, 'collector1')
  const colleague = await Desk.open(stage, english, 'coordinator1')
  for (const desk of [collector, colleague]) await desk.openElector(71)
  await collector.note().pressSequentially('call his brother')
  await collector.saved()
  await expect(colleague.note()).toHaveValue('call his brother')

  await stage.server.kill()
  await collector.note().evaluate((field: HTMLTextAreaElement) => field.setSelectionRange(4, 16))
  await collector.note().press('Backspace')
  await expect(collector.note()).toHaveValue('call')
  await expect(collector.indicator).toHaveText('1 here')
  await collector.page.reload().catch(() => undefined)
  await stage.server.start()
  // The server is there, and cannot keep anything yet.
  const lock = await stage.sql()
  await lock.query('begin')
  await lock.query('select 1 from committees where id = $1 for update', [collector.committee])
  await collector.goTo('roll')
  await collector.openElector(71)
  await expect(collector.note()).toHaveValue('call')
  await expect(collector.indicator).toHaveText('1 here')
  await expect(colleague.note()).toHaveValue('call his brother')
  await lock.query('commit')
  await collector.saved()
  await expect(colleague.note()).toHaveValue('call')
})

test('a filter shows who passes it, and what others change joins the list', async ({ stage }) => {
  const coordinator = await Desk.open(stage, english, 'coordinator2')
  const marker = await Desk.open(stage, english, 'marker1')
  await coordinator.button('roll.filter').click()
  await coordinator.page.getByRole('radio', { name: 'Mine' }).check({ force: true })
  await expect(coordinator.page.getByRole('main')).toContainText('Nobody in this list now')
  await coordinator.mark(80)
  await expect(coordinator.row(80)).toBeVisible()
  await coordinator.page.getByRole('radio', { name: 'Attended' }).check({ force: true })
  await marker.mark(81)
  await expect(coordinator.row(81)).toBeVisible()
  await coordinator.page.getByRole('radio', { name: 'Not yet' }).check({ force: true })
  await expect(coordinator.row(1)).toBeVisible()
  await expect(coordinator.row(81)).toHaveCount(0)
})

test('a paper of the whole committee is marked in one tap, reaches the others, and is taken back as it was given', async ({ stage }) => {
  const look = looks[2] as Look
  const coordinator = await Desk.open(stage, look, 'coordinator2')
  const colleague = await Desk.open(stage, look, 'coordinator1')
  const before = Number(await colleague.page.locator('.score p').first().locator('b').textContent())
  const sheet = await coordinator.openFromPad('pad.paper')
  await sheet.getByRole('textbox').fill('1-689')
  await expect(report(sheet)).toHaveText([String(689 - before), String(before), '0', '0'])
  await coordinator.button('paper.commit', sheet).click()
  await colleague.attended(689)
  await coordinator.saved()
  await coordinator.button('paper.undo', sheet).click()
  await colleague.attended(before)
  await coordinator.saved()
})
