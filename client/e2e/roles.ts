import { candidate, save as press } from './committee.ts'
import { button, type Called, expectShown, hasRested, nextNumber, ofLastFive, save, type, words } from './counting.ts'
import { type Desk, report } from './desk.ts'
import { expect } from './stage.ts'

// One person's day of each role, in four parts. What is done in a part stands on their own screen when it ends.

export type Day = {
  readonly login: string
  readonly user: number
  readonly tab: 'roll' | 'absent' | 'count'
  /** With the server. */
  readonly before: (desk: Desk) => Promise<void>
  /** The server is dead. */
  readonly without: (desk: Desk) => Promise<void>
  /** It is still dead, and the page was loaded anew, from the device. */
  readonly reloaded: (desk: Desk) => Promise<void>
  /** It is back and has everything. */
  readonly there: (desk: Desk) => Promise<void>
}

/** Withdraws a mark with a reason, copies a paper, writes down who is not on the roll. */
export const marker: Day = {
  login: 'marker1',
  user: 5,
  tab: 'roll',
  async before(desk) {
    for (const serial of [11, 12]) await desk.mark(serial)
    await desk.attended(2)
  },
  async without(desk) {
    const sheet = await desk.openElector(11)
    await desk.button('elector.withdraw', sheet).click()
    await desk.button('elector.why_wrong_number', sheet).click()
    await expect(desk.button('elector.withdraw', sheet)).toBeHidden()
    await desk.close()
    await desk.page.getByRole('searchbox').fill('')

    const paper = await desk.openFromPad('pad.paper')
    await paper.getByRole('textbox').fill('١٤ - ١٦، 12, 12 999999')
    await expect(report(paper)).toHaveText(['3', '1', '1', '1'])
    await desk.button('paper.commit', paper).click()
    await expect(desk.button('paper.undo', paper)).toBeVisible()
    await desk.close()

    await desk.button('pad.not_on_roll').click()
    await desk.dialog.getByRole('textbox', { name: desk.word('walkin.name') }).fill('سالم فهد العلي')
    await desk.dialog.getByRole('textbox', { name: desk.word('walkin.serial') }).fill('٩٠١')
    await desk.button('walkin.why_moved', desk.dialog).click()
    await desk.button('walkin.save', desk.dialog).click()
    await expect(desk.dialog.getByRole('listitem')).toContainText('سالم')
    await desk.close()
    await expect(desk.indicator).toContainText('5')
    await desk.turnTo('roll')
  },
  async reloaded(desk) {
    await desk.attended(4)
    await desk.mark(17)
    await desk.attended(5)
    await expect(desk.indicator).toContainText('6')
  },
  async there(desk) {
    await desk.attended(5)
    for (const serial of [12, 14, 15, 16, 17]) await desk.witnesses(serial, 1)
    await desk.witnesses(11, 0)
    await expect(desk.page.locator('.walkin-score')).toHaveText(desk.word('roll.walkins_waiting'))
    await desk.page.getByRole('searchbox').fill('')
  },
}

/** Pledges with all its fields, a pledge withdrawn, the note. */
export const collector: Day = {
  login: 'collector1',
  user: 8,
  tab: 'roll',
  async before(desk) {
    const sheet = await desk.openElector(21)
    await sheet.getByText(desk.word('strength.medium')).click()
    await sheet.getByRole('textbox', { name: desk.word('elector.group') }).fill('Diwan 7')
    await desk.note(sheet).fill('يأتي بعد العصر')
  },
  async without(desk) {
    const sheet = desk.dialog
    await sheet.getByText(desk.word('strength.strong')).click()
    await sheet.getByText(desk.word('confirmation.confirmed')).click()
    await sheet.getByRole('textbox', { name: desk.word('elector.quick_note') }).fill('يحتاج توصيلة')
    await sheet.locator('.field-tile[aria-expanded]').click()
    await desk.button('elector.follow_up_hour', sheet).click()
    await desk.note(sheet).press('End')
    await desk.note(sheet).pressSequentially('، مع أخيه')
    await desk.close()
    const withdrawn = await desk.openElector(22)
    await withdrawn.getByText(desk.word('strength.weak')).click()
    await desk.button('elector.withdraw_guarantee', withdrawn).click()
    await desk.close()
  },
  async reloaded(desk) {
    const sheet = await desk.openElector(21)
    await expect(sheet.getByRole('radio', { name: desk.word('strength.strong') })).toBeChecked()
    await desk.note(sheet).press('End')
    await desk.note(sheet).pressSequentially(' وابنه')
    await desk.close()
  },
  async there(desk) {
    const sheet = await desk.openElector(21)
    await expect(sheet.getByRole('radio', { name: desk.word('strength.strong') })).toBeChecked()
    await expect(sheet.getByRole('radio', { name: desk.word('confirmation.confirmed') })).toBeChecked()
    await expect(sheet.getByRole('textbox', { name: desk.word('elector.group') })).toHaveValue('Diwan 7')
    await expect(sheet.getByRole('textbox', { name: desk.word('elector.quick_note') })).toHaveValue('يحتاج توصيلة')
    await expect(sheet.locator('.field-tile[aria-expanded]')).toContainText(/\d\d:\d\d/)
    await expect(desk.note(sheet)).toHaveValue('يأتي بعد العصر، مع أخيه وابنه')
    await desk.close()
    await expect((await desk.openElector(22)).getByText(desk.word('elector.withdrawn')).first()).toBeVisible()
    await desk.close()
  },
}

/** Electors with a telephone, whom the collector has pledged: the first two weak, the others strong. */
export type Callable = readonly [changed: number, confirmed: number, later: number, unreachable: number]

/** Calls from the list of those to bring, and changes a collector's pledge. */
export const coordinator = ([changed, confirmed, later, unreachable]: Callable): Day => {
  const call = (desk: Desk, serial: number) => desk.row(serial).getByRole('link', { name: desk.word('absent.call') })
  const expectOrder = (desk: Desk, ...order: readonly number[]) =>
    expect
      .poll(async () => {
        const all = await desk.page.locator('.absent-row').evaluateAll((rows) => rows.map((row) => Number(row.getAttribute('data-serial'))))
        return all.filter((serial) => order.includes(serial))
      })
      .toEqual(order)
  /** An address that a phone dials is none that this browser opens. */
  const dialNothing = (desk: Desk) =>
    desk.page.evaluate(() => {
      document.addEventListener('click', (event) => {
        if ((event.target as Element).closest('a[href^="tel:"]') !== null) event.preventDefault()
      })
    })
  return {
    login: 'coordinator1',
    user: 3,
    tab: 'absent',
    async before(desk) {
      await dialNothing(desk)
      await expectOrder(desk, later, unreachable, changed)
      await expect(call(desk, later)).toHaveAttribute('href', /^tel:\+?\d+$/)
    },
    async without(desk) {
      await call(desk, later).click()
      await desk.button('absent.later', desk.row(later)).click()
      await expect(desk.row(later)).toContainText(/\d\d:\d\d/)
      await call(desk, unreachable).click()
      await desk.button('confirmation.unreachable', desk.row(unreachable)).click()
      await expect(desk.row(unreachable).getByText(desk.word('confirmation.unreachable'))).toBeVisible()
      await desk.row(changed).locator('.elector-open').click()
      await desk.button('elector.edit_guarantee', desk.dialog).click()
      await desk.dialog
        .getByRole('region', { name: desk.word('elector.guarantee_of') })
        .getByText(desk.word('strength.strong'))
        .click()
      await desk.close()
    },
    async reloaded(desk) {
      await expectOrder(desk, later, changed, unreachable)
      await dialNothing(desk)
      await call(desk, confirmed).click()
      await desk.button('confirmation.confirmed', desk.row(confirmed)).click()
      await expect(desk.row(confirmed).getByText(desk.word('confirmation.confirmed'))).toBeVisible()
    },
    // The one to be called soonest of the surest, now.
    there: (desk) => expectOrder(desk, later, changed, unreachable),
  }
}

/** What the counter's ballots come to, in their order. */
export const counted: readonly Called[] = [[], null, [1, 2, 18], [3, 29], [9], [10], [11, 12], [13]]

/** A double tap, an undo after a reload, a correction; then ballots into the dark. */
export const counter: Day = {
  login: 'counter1',
  user: 6,
  tab: 'count',
  async before({ page }) {
    for (const called of [[], null, [1, 2, 17]] as Called[]) await type(page, called)
    await hasRested(page)
    for (const number of [3, 30]) await candidate(page, number).click()
    await save(page).dblclick()
    await expect.poll(() => nextNumber(page)).toBe(5)
    await expectShown(page, [[], null, [1, 2, 17], [3, 30]])

    // The log of the page before is closed: what strikes its entry stands in the new page's own.
    await page.reload()
    await expect(save(page)).toBeVisible()
    await button(page, words.undo).click()
    await expect.poll(() => nextNumber(page)).toBe(4)
    await expect(candidate(page, 30)).toHaveAttribute('aria-pressed', 'true')
    await candidate(page, 30).click()
    await candidate(page, 29).click()
    await save(page).click()
    await expect.poll(() => nextNumber(page)).toBe(5)

    // A ballot of the page before is corrected while the next one is half called.
    await candidate(page, 9).click()
    await ofLastFive(page, 3).click()
    await button(page, words.heardWrong).click()
    await expect(candidate(page, 9)).toHaveAttribute('aria-pressed', 'false')
    await candidate(page, 17).click()
    await candidate(page, 18).click()
    await button(page, words.saveCorrection).click()
    await expect(candidate(page, 9)).toHaveAttribute('aria-pressed', 'true')
    await press(save(page))
    await expect.poll(() => nextNumber(page)).toBe(6)
    await expectShown(page, counted.slice(0, 5))
  },
  async without({ page, indicator }) {
    // Corrected once, and for good.
    await ofLastFive(page, 3).click()
    await expect(page.getByRole('dialog')).toBeVisible()
    await expect(button(page, words.heardWrong)).toBeHidden()
    await page.keyboard.press('Escape')
    await expect(page.getByRole('dialog')).toBeHidden()
    for (const called of counted.slice(5, 7)) await type(page, called)
    await expect(indicator).toContainText('2')
  },
  async reloaded({ page, indicator }) {
    await expectShown(page, counted.slice(0, 7))
    expect(await nextNumber(page)).toBe(8)
    for (const called of counted.slice(7)) await type(page, called)
    await expect(indicator).toContainText('3')
  },
  async there({ page }) {
    await expectShown(page, counted)
    expect(await nextNumber(page)).toBe(counted.length + 1)
  },
}
