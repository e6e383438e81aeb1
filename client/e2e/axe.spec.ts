import { setScene } from './axe-scene.ts'
import { enter, type Walk } from './axe-walk.ts'
import { candidate } from './committee.ts'
import { button, save, type, words } from './counting.ts'
import { type Look, looks } from './desk.ts'
import { type Front, standBefore } from './next-build.ts'
import { expect, type Stage, signIn, test } from './stage.ts'

// Every page and every sheet, looked at by axe. Whoever adds one adds a line here. One browser walks through all of them in one go:
// a supervisor, because they see everything there is in a committee.

test.setTimeout(800_000)

async function atTheDoor(walk: Walk): Promise<void> {
  const { page } = walk
  await page.goto('/')
  await expect(page.locator('button[type="submit"]')).toBeVisible()
  await walk.look('sign in')
  await signIn(page, 'supervisor1', 'not this one')
  await expect(page.getByRole('alert')).toContainText(/./)
  await walk.look('sign in, refused')
  await signIn(page, 'supervisor1')
  await expect(page.locator('.committee-card').first()).toBeVisible()
  await walk.look('committees')
  await walk.sheet('account', () => page.locator('.banner button').click())
  await page.goto('/#/committee/nowhere/roll')
  await expect(page.getByRole('link', { name: walk.word('committee.all') })).toBeVisible()
  await walk.look('a committee that is not mine')
}

async function theRoll(walk: Walk): Promise<void> {
  const { page } = walk
  await walk.goTo('roll')
  await expect(page.locator('.avatar-stack')).toBeVisible()
  await walk.look('roll')
  await walk.button('roll.filter').click()
  await walk.mark(40)
  await expect(page.locator('.toast')).toBeVisible()
  await walk.look('roll, its filters and a toast')
  await page.getByRole('searchbox').fill('zzz')
  await walk.look('roll, nobody found')
  await walk.sheet('people', () => page.locator('.avatar-stack').click())
  await walk.sheet('what is saved', () => walk.indicator.click())

  // Somebody else looks at this one, calls them, and writes in their note.
  const called = await walk.openElector(7)
  await expect(page.locator('.note-caret')).toBeVisible()
  await walk.look('elector, whom another calls and writes of')
  await walk.button('claim.set', called).click()
  await expect(called.getByRole('alert')).toBeVisible()
  await walk.look('elector, told that another calls them')
  await walk
    .button('claim.anyway', called)
    .or(called.getByRole('link', { name: walk.word('claim.anyway') }))
    .click()
  await expect(walk.button('claim.release', called)).toBeVisible()
  await walk.look('elector, called')
  await walk.button('claim.release', called).click()
  await walk.close()
  await page.getByRole('searchbox').fill('')
  await expect(walk.row(7).locator('.avatar-line')).toBeVisible()
  await walk.look('roll, somebody looked at and called')

  // All of one elector: pledged by another, marked by others and by me, ruled wrong, a note.
  const elector = await walk.openElector(1)
  await walk.look('elector, pledged by another')
  await elector.getByText(walk.word('strength.strong')).first().click()
  await elector.locator('.field-tile[aria-expanded]').click()
  await walk.button('elector.edit_guarantee', elector).click()
  await walk.look('elector, both pledges open')
  await walk.close()
  const marked = await walk.openElector(4)
  await walk.button('elector.rule', marked).click()
  await walk.look('elector, asked why the marks are wrong')
  await walk.button('elector.why_not_here', marked).click()
  await expect(walk.button('elector.restore_marks', marked)).toBeVisible()
  await walk.look('elector, ruled wrong')
  await walk.close()
  await page.getByRole('searchbox').fill('')
}

async function theConflicts(walk: Walk): Promise<void> {
  const { page } = walk
  const card = walk.dialog.locator('.conflict')
  await walk.button('conflict.places').click()
  await expect(card).toHaveCount(2)
  await walk.look('two answers, all of the committee')
  await walk.close()
  await walk.openElector(13)
  await expect(card).toHaveCount(2)
  await walk.button('conflict.other', walk.dialog).click()
  await walk.look('elector, two answers')
  await card.first().locator('.conflict-value button').first().click()
  await expect(card).toHaveCount(1)
  await expect(walk.dialog.locator('.conflict-settled')).toBeVisible()
  await walk.look('elector, one answer settled')
  await walk.close()
  await page.getByRole('searchbox').fill('')
}

async function thePad(walk: Walk): Promise<void> {
  const paper = await walk.openFromPad('pad.paper')
  await paper.getByRole('textbox').fill('14 - 16, 5, 5 999999 12x')
  await paper.locator('summary').click()
  await walk.look('paper, its report')
  await walk.button('paper.commit', paper).click()
  await expect(walk.button('paper.undo', paper)).toBeVisible()
  await walk.look('paper, marked')
  await walk.close()
  await walk.look('number pad')
  await walk.button('pad.not_on_roll').click()
  await walk.button('walkin.save', walk.dialog).click()
  await walk.look('not on the roll, the form')
  await walk.dialog.getByRole('textbox', { name: walk.word('walkin.name') }).fill('سالم فهد العلي')
  await walk.button('walkin.why_moved', walk.dialog).click()
  await walk.button('walkin.save', walk.dialog).click()
  await walk.button('walkin.accept_who', walk.dialog).click()
  await walk.look('not on the roll, accepted')
  await walk.close()
}

async function theAbsent(walk: Walk): Promise<void> {
  await walk.turnTo('absent')
  await walk.page.evaluate(() => document.addEventListener('click', (event) => event.preventDefault(), { once: true, capture: true }))
  await walk.page.locator('.call-button').first().click()
  await expect(walk.page.locator('.outcome')).toBeVisible()
  await walk.look('not yet attended, after a call')
}

async function theCount(walk: Walk): Promise<void> {
  const { page } = walk
  await page.evaluate((hash) => {
    location.hash = hash
  }, `#/committee/${walk.committee}/count`)
  await expect(button(page, words.share)).toBeVisible()
  await walk.look('count, a sheet that others are on')
  await button(page, words.share).click()
  // The scene's sheets differ at ballot 6: whoever comes to one of them is asked first.
  const alarm = page.getByRole('alertdialog')
  await expect(alarm.getByRole('button').first()).toBeEnabled()
  await walk.look('count, two sheets differ')
  await button(page, words.leave).click()
  await expect(alarm).toBeHidden()
  await walk.look('count, what was left to the supervisor')
  for (const called of [[1, 2, 17], [], null, [4], [5]]) await type(page, called)
  for (const number of [3, 30]) await candidate(page, number).click()
  await walk.look('count, a ballot half called')
  await walk.sheet('count, the number', () => walk.button('count.ballot_change').click())
  await page.keyboard.press('?')
  await walk.look('count, the keys')
  await walk.close()
  const totals = button(page, words.totals)
  if (await totals.isVisible()) await walk.sheet('count, totals', () => totals.click())
  await button(page, words.sheets).click()
  await walk.look('count, all sheets')
  await button(page, words.compare).click()
  await expect(walk.dialog.getByRole('table')).toBeVisible()
  await walk.look('count, sheets compared')
  await page.keyboard.press('Escape')
  await expect(walk.dialog).toBeHidden()
  await page.locator('.last-ballot').nth(2).click()
  await walk.look('count, a ballot')
  await button(page, words.heardWrong).click()
  await walk.look('count, a correction')
  await walk.button('count.correct_cancel').click()
  await save(page).click()
}

async function theFigures(walk: Walk): Promise<void> {
  const { page } = walk
  await page.getByRole('link', { name: walk.word('back') }).click()
  await page.getByRole('link', { name: walk.word('committee.figures') }).click()
  await expect(page.locator('.figure-row').first()).toBeVisible()
  const votes = page.locator('.votes-toggle')
  if (await votes.isVisible()) await votes.click()
  await walk.look('figures')
  await walk.sheet('figures, one that two people differ on', async () => {
    await page.locator('.figure-cell.differ').first().click()
    await walk.dialog.getByRole('textbox').first().fill('99999')
  })
  await page.locator('.figure-cell.differ').first().click()
  await walk.dialog
    .getByRole('button', { name: walk.word('figures.rule_for') })
    .first()
    .click()
  await page.keyboard.press('Escape')
  await expect(walk.dialog).toBeHidden()
  await walk.look('figures, one settled')
}

async function theAside(walk: Walk): Promise<void> {
  const { page } = walk
  await page.getByRole('link', { name: walk.word('committee.roll') }).click()
  await page.locator('a.tray-banner').click()
  await expect(page.getByRole('article')).toHaveCount(2)
  await page.locator('[data-kind="ballots"] button').click()
  await walk.look('kept aside')
  const waiting = page.getByRole('article').first()
  await walk.sheet('kept aside, admit it?', () => walk.button('aside.admit', waiting).click())
  await walk.sheet('kept aside, drop it?', () => walk.button('aside.drop', waiting).click())
}

async function theUpdate(walk: Walk, front: Front): Promise<void> {
  const { page } = walk
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined))
  front.deploy('second')
  await page.evaluate(async () => void (await (await navigator.serviceWorker.ready).update()))
  await expect(walk.button('update.take')).toBeVisible()
  await walk.look('an update, in a committee')
  await page.goto('/#/')
  await expect(walk.button('update.take')).toBeVisible()
  await walk.look('an update, on the list')
}

async function withoutServer(walk: Walk, stage: Stage): Promise<void> {
  const { page } = walk
  await stage.server.kill()
  await walk.goTo('roll')
  await walk.mark(50)
  await expect(walk.indicator).toHaveText(walk.word('status.here'))
  await walk.look('no server: roll')
  await walk.sheet('no server: what is kept here', () => walk.indicator.click())
  await page.goto(`/#/committee/${walk.committee}/aside`)
  await expect(page.getByText(walk.word('aside.offline_never')).or(page.getByText(walk.word('aside.offline')))).toBeVisible()
  await walk.look('no server: kept aside')
  await page.goto('/#/committee/u04/roll')
  await expect(page.getByText(walk.word('committee.not_here'))).toBeVisible()
  await walk.look('no server: a committee never opened here')
  await page.goto('/#/')
  await page.reload()
  await expect(page.locator('.committee-card').first()).toBeVisible()
  await walk.look('no server: committees')
  await page.locator('.banner button').click()
  await walk.button('account.sign_out', walk.dialog).click()
  await walk.look('no server: signing out with unsent work')
  await walk.close()
  await stage.server.start()
}

async function theImport(walk: Walk): Promise<void> {
  const { page } = walk
  await page.goto('/')
  await signIn(page, 'admin')
  await expect(page.locator('.committee-card').first()).toBeVisible()
  await page.goto('/#/admin/import')
  await expect(page.locator('input[type=file]')).toBeAttached()
  await walk.look('import')
  await page.getByRole('radio', { name: walk.word('import.kind_roll') }).check({ force: true })
  const check = async (lines: string) => {
    const buffer = Buffer.from(`committee_code,serial,name,sex,family,unit,mobile\n${lines}`)
    await page.locator('input[type=file]').setInputFiles({ name: 'roll.csv', mimeType: 'text/csv', buffer })
    await walk.button('import.check').click()
    await expect(page.locator('.import-verdict')).toBeVisible()
  }
  await check('12,1,,m,,,\n99,2,Somebody,m,,,')
  await walk.look('import, things to mend')
  await check('12,1,اسم آخر,m,,,')
  await walk.look('import, what it would do')
  await page.goto('/#/admin/audit')
  await expect(page.locator('.audit-entry').first()).toBeVisible()
  await walk.look('audit log')
}

for (const look of looks) {
  test(`axe finds nothing on any page or sheet, in light, dark and for the sun (${look.name})`, async ({ stage }) => {
    const scene = await setScene(stage.server.url, look.committee)
    const front = await standBefore(stage.server.url)
    const walk = await enter(stage, look, front.url)
    await atTheDoor(walk)
    await theRoll(walk)
    await theConflicts(walk)
    await thePad(walk)
    await theAbsent(walk)
    await theCount(walk)
    await theFigures(walk)
    await theAside(walk)
    await theUpdate(walk, front)
    scene.leave()
    await withoutServer(walk, stage)
    await front.close()
    await theImport(await enter(stage, look, stage.server.url))
  })
}

test('axe finds nothing where forty candidates are called by number', async ({ stage }) => {
  const sql = await stage.sql()
  await sql.query(
    `insert into candidates (election_id, number, name, name_en, list, list_en)
       select election_id, number + 30, name, name_en, 'مستقلون', 'Independents' from candidates where number <= 10`,
  )
  for (const look of [looks[1], looks[3]] as readonly Look[]) {
    const walk = await enter(stage, { ...look, committee: 'u05' }, stage.server.url)
    await walk.page.goto('/')
    await signIn(walk.page, 'supervisor1')
    await expect(walk.page.locator('.committee-card').first()).toBeVisible()
    await walk.goTo('count')
    await candidate(walk.page, 31).click()
    await walk.look(`forty candidates, ${look.name}`)
  }
})
