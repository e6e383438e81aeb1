import type { Locator, Page } from '@playwright/test'
import { candidate, save as press } from './committee.ts'
import { save } from './counting.ts'
import { Desk, type Look, looks } from './desk.ts'
import { makeBrowser } from './profile.ts'
import { expect, type Stage, signIn, test } from './stage.ts'

// People see each other, in two and three browsers. Names as the demo has them: coordinator1 Muna, collector1 Salem, marker1 Fatma.

test.setTimeout(300_000)

const english = looks[0] as Look
/** Arabic on a laptop, and English on a phone. */
const both = [english, looks[1] as Look]

const stack = (desk: Desk): Locator => desk.page.locator('.app-bar .avatar-stack .avatar')

async function whoIsHere(desk: Desk): Promise<Locator> {
  await desk.page.locator('.avatar-stack').click()
  await expect(desk.dialog).toBeVisible()
  return desk.dialog.locator('.person-here')
}

const given = {
  en: { coordinator1: 'Muna', collector1: 'Salem', marker1: 'Fatma' },
  ar: { coordinator1: 'منى', collector1: 'سالم', marker1: 'فاطمة' },
}

/** An address that a phone dials is none that this browser opens: what is tapped is written down instead. */
const dialNothing = (page: Page) =>
  page.evaluate(() => {
    const dialled: string[] = []
    Object.assign(window, { dialled })
    document.addEventListener('click', (event) => {
      const href = (event.target as Element).closest('a')?.getAttribute('href') ?? ''
      if (!href.startsWith('tel:')) return
      if (!event.defaultPrevented) dialled.push(href)
      event.preventDefault()
    })
  })
const dialled = (page: Page): Promise<number> => page.evaluate(() => (window as unknown as { dialled: string[] }).dialled.length)

for (const look of both) {
  const names = given[look.language]

  test(`the list says of everybody who they are, what each device shows and has not sent; a reload leaves one of each (${look.name})`, async ({
    stage,
  }) => {
    const coordinator = await Desk.open(stage, look, 'coordinator1')
    const phone = await Desk.open(stage, look, 'marker1')
    const tablet = await Desk.open(stage, look, 'marker1')
    const counter = await Desk.open(stage, look, 'counter1', 'count')
    await candidate(counter.page, 1).click()
    await press(save(counter.page))
    await expect(stack(coordinator)).toHaveCount(2)
    await tablet.openElector(12)

    const people = await whoIsHere(coordinator)
    await expect(people).toHaveCount(3)
    await expect(people.nth(0).getByText(coordinator.word('you'))).toBeVisible()
    const marker = people.filter({ hasText: names.marker1 })
    await expect(marker.getByText(coordinator.word('role.marker'))).toBeVisible()
    await expect(marker.locator('.devices-here > li')).toHaveCount(2)
    await expect(marker.getByText(coordinator.word('people.in_roll'))).toHaveCount(2)
    await expect(marker.getByText(coordinator.word('people.at_elector'))).toContainText('12')
    await expect(people.getByText(coordinator.word('people.counts'))).toHaveText(/A.*2|أ.*2/)

    const lock = await stage.sql()
    await lock.query('begin')
    await lock.query('select 1 from committees where id = $1 for update', [look.committee])
    await phone.mark(20)
    await expect(marker.getByText(coordinator.word('people.unsent'))).toHaveCount(1)
    await lock.query('commit')
    await expect(marker.getByText(coordinator.word('people.unsent'))).toHaveCount(0)

    await tablet.close()
    await expect(marker.getByText(coordinator.word('people.at_elector'))).toHaveCount(0)
    for (let again = 0; again < 2; again += 1) {
      await phone.page.reload()
      await phone.ready('roll')
    }
    await expect(marker.locator('.devices-here > li')).toHaveCount(2)
    await expect(people).toHaveCount(3)
    await tablet.page.goto('/#/')
    await expect(marker.locator('.devices-here > li')).toHaveCount(1)
    await phone.page.close()
    await expect(people).toHaveCount(2)
  })

  test(`who looks at an elector is seen in the row and in the sheet, for as long as they do (${look.name})`, async ({ stage }) => {
    const [here, there, third] = [
      await Desk.open(stage, look, 'coordinator1'),
      await Desk.open(stage, look, 'collector1'),
      await Desk.open(stage, look, 'marker1'),
    ]
    await here.find(30)
    const avatars = here.row(30).locator('.avatar-line .avatar')
    await expect(avatars).toHaveCount(0)
    const sheet = await there.openElector(30)
    await expect(avatars).toHaveCount(1)
    await third.openElector(30)
    await expect(avatars).toHaveCount(2)
    const looking = sheet.getByText(there.word('people.looking'))
    await expect(looking).toContainText(names.marker1)
    await here.row(30).locator('.elector-open').click()
    await expect(here.dialog.getByText(here.word('people.looking'))).toContainText(names.collector1)
    await expect(looking).toContainText(names.coordinator1)
    await here.close()
    await expect(looking).not.toContainText(names.coordinator1)
    await third.close()
    await expect(looking).toHaveCount(0)
    await there.close()
    await expect(avatars).toHaveCount(0)
  })

  test(`a claim is seen by the others, who are told of it before they call, and may; it goes by hand and with its person (${look.name})`, async ({
    stage,
  }) => {
    const serial = await withTelephone(stage, look)
    const collector = await Desk.open(stage, look, 'collector1')
    const coordinator = await Desk.open(stage, look, 'coordinator1', 'absent')
    const marker = await Desk.open(stage, look, 'marker1')
    for (const { page } of [collector, coordinator]) await dialNothing(page)
    await collector.openElector(serial)
    await collector.dialog.getByRole('link', { name: collector.word('elector.call') }).click()
    expect(await dialled(collector.page)).toBe(1)
    await expect(collector.dialog.getByText(collector.word('claim.mine'))).toBeVisible()

    await marker.find(serial)
    await expect(marker.row(serial).getByText(marker.word('claim.other'))).toContainText(names.collector1)
    const row = coordinator.row(serial)
    await expect(row.getByText(coordinator.word('claim.other'))).toBeVisible()

    // Told first; then gone on.
    const call = row.getByRole('link', { name: coordinator.word('absent.call') })
    const question = row.getByRole('alert')
    await call.click()
    await expect(question).toContainText(names.collector1)
    expect(await dialled(coordinator.page)).toBe(0)
    await coordinator.button('claim.not_now', question).click()
    await expect(question).toHaveCount(0)
    await call.click()
    await question.getByRole('link', { name: coordinator.word('claim.anyway') }).click()
    expect(await dialled(coordinator.page)).toBe(1)
    await expect(question).toHaveCount(0)
    await expect(collector.dialog.getByText(collector.word('claim.other_since'))).toContainText(names.coordinator1)

    // By hand; by saying how it went; and with its person.
    await collector.button('claim.release', collector.dialog).click()
    await expect(row.getByText(coordinator.word('claim.mine'))).toBeVisible()
    await coordinator.button('confirmation.unreachable', row).click()
    await expect(row.getByText(coordinator.word('claim.mine'))).toHaveCount(0)
    await expect(marker.row(serial).getByText(marker.word('claim.other'))).toHaveCount(0)
    await collector.button('claim.set', collector.dialog).click()
    await expect(marker.row(serial).getByText(marker.word('claim.other'))).toContainText(names.collector1)
    await collector.close()
    await expect(marker.row(serial).getByText(marker.word('claim.other'))).toContainText(names.collector1)
    await collector.page.goto('/#/')
    await expect(marker.row(serial).getByText(marker.word('claim.other'))).toHaveCount(0)
  })
}

/** An elector with a telephone whom somebody has pledged, so that the strike list has them. */
async function withTelephone(stage: Stage, look: Look): Promise<number> {
  const sql = await stage.sql()
  const { rows } = await sql.query<{ serial: number }>(
    'select serial from electors where committee_id = $1 and serial between 31 and 60 and mobile is not null order by serial limit 1',
    [look.committee],
  )
  const serial = rows[0]?.serial ?? 0
  const collector = await Desk.open(stage, look, 'collector1')
  const sheet = await collector.openElector(serial)
  await sheet.getByText(collector.word('strength.strong')).click()
  await collector.saved()
  await collector.page.close()
  return serial
}

/** Between which letters the field itself has the point where another's caret is drawn. */
const caretOver = (page: Page): Promise<number | undefined> =>
  page.evaluate(() => {
    const caret = document.querySelector('.note-caret')?.getBoundingClientRect()
    const found = caret && document.caretPositionFromPoint(caret.left, caret.top + caret.height / 2)
    return found?.offsetNode instanceof HTMLTextAreaElement ? found.offset : undefined
  })

const notes = {
  en: {
    text: 'He comes with his brother after four and needs a lift from the gate of the hall',
    word: ' north',
    before: 'Fahd: ',
    letter: 'x',
  },
  ar: {
    text: 'يأتي مع أخيه بعد صلاة العصر، يحتاج توصيلة من بوابة الورشة إلى القاعة الثانية',
    word: ' الشمالية',
    before: 'فهد: ',
    letter: 'س',
  },
}

for (const look of both) {
  test(`who types in a note is named, with their caret at its letters whatever others write before it; it goes by itself (${look.name})`, async ({
    stage,
  }) => {
    const [here, there] = [await Desk.open(stage, look, 'coordinator1'), await Desk.open(stage, look, 'collector1')]
    const { text, word, before, letter } = notes[look.language]
    const name = given[look.language].collector1
    for (const desk of [here, there]) await desk.openElector(70)
    await there.note().fill(text)
    await expect(here.note()).toHaveValue(text)
    const at = Math.floor(text.length * 0.7)
    const place = text.indexOf(' ', at)
    await there.note().evaluate((field: HTMLTextAreaElement, index) => field.setSelectionRange(index, index), place)
    await there.note().pressSequentially(word)
    const caret = here.page.locator('.note-caret')
    await expect(caret).toContainText(name)
    await expect.poll(() => caretOver(here.page)).toBe(place + word.length)

    // The other writes before it, again and again, while the first goes on: the caret keeps to its letters.
    await here.note().evaluate((field: HTMLTextAreaElement) => field.setSelectionRange(0, 0))
    await Promise.all([
      here.note().pressSequentially(before, { delay: 30 }),
      there.note().pressSequentially(letter.repeat(6), { delay: 40 }),
    ])
    const now = before + text.slice(0, place) + word + letter.repeat(6) + text.slice(place)
    for (const desk of [here, there]) await expect(desk.note()).toHaveValue(now)
    await there.note().pressSequentially(letter)
    await expect.poll(() => caretOver(here.page)).toBe((before + text.slice(0, place) + word).length + 7)

    // What is selected lies behind its letters.
    await there.note().press('Shift+Home')
    await expect(here.page.locator('.note-selected').first()).toBeVisible()
    // Three seconds after the last letter nobody is typing; who leaves the field rests at once.
    await expect(caret).toHaveCount(0)
    const told = here.dialog.getByRole('status').filter({ hasText: here.word('note.typing') })
    await expect(told).toHaveCount(0)
    await there.note().press('End')
    await there.note().pressSequentially(letter)
    await expect(told).toContainText(name)
    const left_ms = Date.now()
    await there.note().blur()
    await expect(told).toHaveCount(0)
    expect(Date.now() - left_ms).toBeLessThan(2_900)
    for (const desk of [here, there]) await desk.saved()
  })
}

test('a browser that is killed is gone, one whose network is gone comes back by itself, and nobody is there twice', async ({ stage }) => {
  const here = await Desk.open(stage, english, 'coordinator1')
  await using browser = makeBrowser(stage)
  const page = await browser.open()
  await page.goto('/')
  await signIn(page, 'collector1')
  await page.goto(`/#/committee/${english.committee}/roll`)
  await expect(stack(here)).toHaveCount(1)
  await browser.kill()
  await expect(stack(here)).toHaveCount(0)
  await Desk.open(stage, english, 'collector1')
  await expect(stack(here)).toHaveCount(1)

  const marker = await Desk.open(stage, english, 'marker1')
  await expect(stack(here)).toHaveCount(2)
  await marker.page.context().setOffline(true)
  await expect(stack(marker)).toHaveCount(0, { timeout: 60_000 })
  await expect(stack(here)).toHaveCount(1, { timeout: 60_000 })
  await marker.page.context().setOffline(false)
  await expect(stack(here)).toHaveCount(2)
  await expect(stack(marker)).toHaveCount(2)
  await stage.server.kill()
  await stage.server.start()
  for (const desk of [here, marker]) await expect(stack(desk)).toHaveCount(2, { timeout: 60_000 })
  expect(await (await whoIsHere(here)).count()).toBe(3)
})
