import { call, expectAttended, expectTotals, indicator, markBySerial, open } from './committee.ts'
import { goDark } from './network.ts'
import { expect, myCommittees, signIn, test } from './stage.ts'

const token_s = 20
test.use({ serverEnv: { TOKEN_SECONDS: String(token_s) } })
test.setTimeout(240_000)

test('a long day’s page goes through three 20-second tokens without a disconnect, a reload or a loss', async ({ stage }) => {
  const page = await stage.device()
  let sockets = 0
  let tokens = 0
  page.on('websocket', () => {
    sockets += 1
  })
  page.on('response', (response) => {
    if (response.url().endsWith('/api/token') && response.ok()) tokens += 1
  })
  await page.goto('/')
  await signIn(page, 'counter1')
  const began_ms = performance.now()
  await myCommittees(page).waitFor()
  await open(page, 'u01', 'count')
  for (let ballot = 1; ballot <= 3; ballot += 1) {
    await call(page, [ballot])
    await expect(indicator(page)).toHaveText('Saved')
    await expect.poll(() => tokens, { timeout: token_s * 1_000 }).toBeGreaterThanOrEqual(ballot)
  }
  expect(performance.now() - began_ms, 'the first token is over').toBeGreaterThan(token_s * 1_000)
  await call(page, [4])
  await expect(indicator(page)).toHaveText('Saved')
  await expectTotals(page, { ballots: 4, valid: 4, blank: 0, invalid: 0, votes: { 1: 1, 2: 1, 3: 1, 4: 1 } })
  expect(sockets).toBe(1)
})

test('a revoked session is closed at `exp`; edits are kept on the phone, and arrive after the next login', async ({ stage }) => {
  const coordinator = await stage.someone('coordinator1')
  const marker = await stage.someone('marker1')
  const watcher = await stage.device()
  const closed = new Promise<number>((resolve) => {
    watcher.on('websocket', (socket) => socket.on('close', () => resolve(performance.now())))
  })
  await watcher.goto('/')
  await signIn(watcher, 'coordinator2')
  await myCommittees(watcher).waitFor()
  const signedIn_ms = performance.now()
  for (const page of [coordinator, marker, watcher]) await open(page, 'u02')
  await markBySerial(marker, 1)
  await expect(indicator(marker)).toHaveText('Saved')
  const sql = await stage.sql()
  const revoked = await sql.query(
    "update refresh_tokens set revoked_at = now() where user_id in (select id from users where login in ('marker1', 'coordinator2'))",
  )
  expect(revoked.rowCount).toBe(2)
  await goDark(marker)
  await markBySerial(marker, 2)
  await expect(indicator(marker)).toHaveText('1 here')

  // Who is online stays in to the end of what was given, and no longer.
  const lived_s = ((await closed) - signedIn_ms) / 1_000
  expect(lived_s).toBeGreaterThan(token_s - 3)
  expect(lived_s).toBeLessThan(token_s + 3)
  await expect(watcher.getByRole('alert')).toContainText('Your session has ended. Your work is kept on this phone')

  await marker.context().setOffline(false)
  await expect(marker.getByRole('alert')).toContainText('Your session has ended. Your work is kept on this phone', { timeout: 90_000 })
  await expectAttended(coordinator, 1)
  await signIn(marker, 'marker1')
  await expect(indicator(marker)).toHaveText('Saved')
  await expectAttended(coordinator, 2)
})

test('a wrong password is refused in plain words, the right one enters', async ({ stage }) => {
  const page = await stage.device()
  await page.goto('/')
  await signIn(page, 'counter2', 'not this one')
  await expect(page.getByRole('alert')).toContainText('That login and password do not go together')
  await signIn(page, 'counter2')
  await myCommittees(page).waitFor()
})
