import { Desk, type Look, looks, report } from './desk.ts'
import { expect, test } from './stage.ts'

// What of the roll needs two people, or a moment of its own. The day of each role, with the server killed in it: roles.spec.ts.

test.setTimeout(240_000)

for (const look of [looks[2], looks[3]] as readonly Look[]) {
  test(`a supervisor accepts who is not on the roll, counted apart, and rules one mark wrong, which its witness may repeat (${look.name})`, async ({
    stage,
  }) => {
    const marker = await Desk.open(stage, look, 'marker1')
    for (const serial of [15, 16]) await marker.mark(serial)
    const walkin = await marker.openFromPad('pad.not_on_roll')
    await walkin.getByRole('textbox', { name: marker.word('walkin.name') }).fill('سالم فهد العلي')
    await walkin.getByRole('textbox', { name: marker.word('walkin.serial') }).fill('٩٠١')
    await marker.button('walkin.why_moved', walkin).click()
    await marker.button('walkin.save', walkin).click()
    await expect(walkin.getByRole('listitem')).toContainText('سالم')
    await marker.close()
    await marker.turnTo('roll')

    const supervisor = await Desk.open(stage, look, 'supervisor1')
    await supervisor.attended(2)
    await supervisor.page.locator('.walkin-score').click()
    await expect(supervisor.dialog.getByRole('listitem')).toContainText('901')
    await supervisor.button('walkin.accept_who', supervisor.dialog).click()
    await supervisor.close()
    await expect(marker.page.locator('.walkin-score')).toHaveText(marker.word('roll.walkins_accepted'))
    await marker.attended(2)
    const sheet = await supervisor.openElector(16)
    await supervisor.button('elector.rule', sheet).click()
    await supervisor.button('elector.why_not_here', sheet).click()
    await marker.witnesses(16, 0)
    await marker.attended(1)
    await supervisor.saved()
    // It was right after all: whoever saw them says so again.
    await marker.page.getByRole('searchbox').fill('')
    await marker.mark(16)
    await marker.witnesses(16, 1)
    await marker.saved()
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
