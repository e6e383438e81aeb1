import { call, expectAttended, expectTotals, indicator, markBySerial, open, ready } from './committee.ts'
import { goDark } from './network.ts'
import { expect, test } from './stage.ts'

test('with the commit held for two seconds nobody else sees the edit and the writer reads that it is only here; after it, both', async ({
  stage,
}) => {
  const writer = await stage.someone('coordinator1')
  const reader = await stage.someone('coordinator2')
  await open(writer, 'u01')
  await open(reader, 'u01')
  await markBySerial(writer, 1)
  await expect(indicator(writer)).toHaveText('Saved')
  await expectAttended(reader, 1)

  const lock = await stage.sql()
  await lock.query('begin')
  await lock.query("select 1 from committees where id = 'u01' for update")
  await markBySerial(writer, 2)
  await expectAttended(writer, 2)
  await expect(indicator(writer)).toHaveText('1 here')
  // Two seconds: nothing may change in them.
  for (let look = 0; look < 20; look += 1) {
    await expect(indicator(writer)).toHaveText('1 here')
    await expectAttended(reader, 1)
    await writer.waitForTimeout(100)
  }
  await lock.query('commit')
  await expect(indicator(writer)).toHaveText('Saved')
  await expectAttended(reader, 2)
})

test('server stopped, page reloaded with unsent edits, server started: they arrive, once', async ({ stage }) => {
  const counter = await stage.someone('counter1')
  const colleague = await stage.someone('counter2')
  await open(counter, 'u02', 'count')
  await open(colleague, 'u02', 'count')
  await call(counter, [1])
  await expect(indicator(counter)).toHaveText('Saved')
  await counter.evaluate(() => navigator.serviceWorker.ready.then(() => undefined))
  await stage.server.kill()
  for (const ballot of [[2], [2, 3], [], [4]]) await call(counter, ballot)
  await expect(indicator(counter)).toHaveText('4 here')
  // Nobody answers: the page comes from the phone itself, and so does what was called.
  await counter.reload()
  await ready(counter, 'count')
  await expect(indicator(counter)).toHaveText('4 here')
  await stage.server.start()
  await open(counter, 'u02', 'count')
  const all = { ballots: 5, valid: 4, blank: 1, invalid: 0, votes: { 1: 1, 2: 2, 3: 1, 4: 1 } }
  await expectTotals(counter, all)
  await expect(indicator(counter)).toHaveText('Saved')
  await expectTotals(colleague, all)
  await counter.reload()
  await ready(counter, 'count')
  await expectTotals(counter, all)
  await expect(indicator(counter)).toHaveText('Saved')
})

test('a phone without a network goes on working, says so calmly, and sends by itself when it is back', async ({ stage }) => {
  const marker = await stage.someone('marker1')
  const coordinator = await stage.someone('coordinator1')
  await open(marker, 'u03')
  await open(coordinator, 'u03')
  await goDark(marker)
  for (const serial of [1, 2, 3]) await markBySerial(marker, serial)
  await expect(indicator(marker)).toHaveText('3 here')
  await indicator(marker).click()
  await expect(marker.getByRole('dialog')).toContainText('3 edits are waiting for the network. Carry on')
  // A socket that only went silent is found out by a question that nobody answers, asked when the browser says that it is offline.
  await expect(marker.getByRole('dialog')).toContainText('Nothing is lost')
  await marker.keyboard.press('Escape')
  await expectAttended(coordinator, 0)
  await marker.context().setOffline(false)
  await expect(indicator(marker)).toHaveText('Saved')
  await expectAttended(coordinator, 3)
})

test('"here" is said only of what the disk has: while the disk is busy with something else it is not', async ({ stage }) => {
  const page = await stage.someone('marker1')
  await open(page, 'u03')
  await expect(indicator(page)).toHaveText('Saved')
  await page.context().setOffline(true)
  // A transaction of somebody else's on the kept copy of the document, as a slow disk would be, until it is let go.
  await page.evaluate(async () => {
    const found = (await indexedDB.databases()).find(({ name }) => name?.includes('u03') && !name.endsWith('keep'))
    const db = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open(found?.name ?? '')
      request.onsuccess = () => resolve(request.result)
      request.onerror = () => reject(request.error)
    })
    const store = db.transaction('updates', 'readwrite').objectStore('updates')
    const busy = { on: true }
    const again = () => {
      if (busy.on) store.count().onsuccess = again
    }
    again()
    Object.assign(window, { busy })
  })
  await markBySerial(page, 4)
  await expect(indicator(page)).toHaveText('1…')
  await page.evaluate(() => Object.assign((window as unknown as { busy: object }).busy, { on: false }))
  await expect(indicator(page)).toHaveText('1 here')
  await page.context().setOffline(false)
  await expect(indicator(page)).toHaveText('Saved')
})

test('the status panel says what is where: connection, response, reconnects, unsent edits, last save', async ({ stage }) => {
  const page = await stage.someone('coordinator1')
  await open(page, 'u07')
  await markBySerial(page, 1)
  await expect(indicator(page)).toHaveText('Saved')
  await indicator(page).click()
  const panel = page.getByRole('dialog')
  const value = (term: string) => panel.getByRole('term').filter({ hasText: term }).locator('..').getByRole('definition')
  await expect(panel).toContainText(/Saved on the server, \d\d:\d\d/)
  await expect(panel).toContainText(/Connected to the server since \d\d:\d\d/)
  await expect(panel).toContainText(/until \d\d:\d\d/)
  await expect(value('Response')).toHaveText(/^\d+ ms$/)
  await expect(value('Reconnects')).toHaveText('0')
  await expect(value('Kept here')).toHaveText('Works')

  // What the open panel says stays true: the next answer takes longer, and the one after it not.
  const response = async () => Number((await value('Response').textContent())?.replace(/\D/g, ''))
  const markBehind = (serial: number) =>
    page.evaluate((number) => {
      const field = document.querySelector<HTMLInputElement>('#serial')
      if (field === null) throw new Error('the field of the dock is behind the panel')
      field.value = String(number)
      field.dispatchEvent(new Event('input', { bubbles: true }))
      field.form?.requestSubmit()
    }, serial)
  const lock = await stage.sql()
  await lock.query('begin')
  await lock.query("select 1 from committees where id = 'u07' for update")
  await markBehind(3)
  await expect(panel).toContainText('1 edit')
  await page.waitForTimeout(1_500) // nothing else makes an answer late
  await lock.query('commit')
  await expect.poll(response).toBeGreaterThanOrEqual(1_500)
  await markBehind(4)
  await expect.poll(response).toBeLessThan(1_500)
  await page.keyboard.press('Escape')

  await stage.server.kill()
  await markBySerial(page, 2)
  await indicator(page).click()
  await expect(panel).toContainText('Nothing is lost')
  await expect(panel).toContainText('1 edit is waiting for the network. Carry on')
  await expect(value('Next try')).toHaveText(/^\d+ s$/)
  await stage.server.start()
  await panel.getByRole('button', { name: 'Try now' }).click()
  await expect(panel).toContainText(/Saved on the server, \d\d:\d\d/)
  await expect(value('Reconnects')).toHaveText('1')
})
