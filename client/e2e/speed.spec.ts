import { logIn } from '#load/driver/entry.ts'
import { Person } from '#load/driver/person.ts'
import { rows } from './committee.ts'
import { expect, test } from './stage.ts'

// What the roll promises with 5,000 electors, asserted at five times the target: this machine has two cores and much else to do,
// and a change that costs ten times as much is still found out. The line it prints is the measurement.

test.setTimeout(120_000)

const electors = 5_000
const target = { change_ms: 2, search_ms: 50 } as const
const slack = 5

const rounds = 3

/**
 * The 95th of 100, in the best of the rounds: a neighbour on the machine spoils one of them, a slow change all.
 */
const best95 = (times_ms: readonly number[]): number => {
  const size = Math.ceil(times_ms.length / rounds)
  return Math.min(...Array.from({ length: rounds }, (_, round) => at95(times_ms.slice(round * size, (round + 1) * size))))
}
const at95 = (times_ms: readonly number[]): number => times_ms.toSorted((a, b) => a - b)[Math.floor(times_ms.length * 0.95)] ?? Number.NaN

/** In the page: times how long each frame of the socket is worked on, with what it changed in the DOM. */
function timeFrames() {
  const frames: { ms: number; mutations: number }[] = []
  Object.assign(window, { frames })
  const observer = new MutationObserver(() => {})
  document.addEventListener('DOMContentLoaded', () => {
    observer.observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true })
  })
  const listen = WebSocket.prototype.addEventListener
  WebSocket.prototype.addEventListener = function (this: WebSocket, type: string, handler: EventListener) {
    const timed: EventListener = (event) => {
      observer.takeRecords()
      const start_ms = performance.now()
      handler(event)
      frames.push({ ms: performance.now() - start_ms, mutations: observer.takeRecords().length })
    }
    listen.call(this, type, type === 'message' ? timed : handler)
  } as typeof listen
}
type Timed = Window & { readonly frames: { ms: number; mutations: number }[] }

test(`one change by somebody else reaches the DOM, and one letter of a search its list, in time with ${electors} electors`, async ({
  stage,
}) => {
  const db = await stage.sql()
  await db.query(
    `insert into electors (committee_id, serial, name, sex)
       select 'u01', n, concat_ws(' ', names[1 + n % 8], names[1 + n / 8 % 8], names[1 + n / 64 % 8], names[1 + n / 512 % 8], 'عبدالرحمن'), 'm'
       from generate_series(1, $1) n, (select array['أحمد', 'سلوى', 'فؤاد', 'مصطفى', 'الراشد', 'الدوسري', 'إبراهيم', 'آمنة'] as names) as parts
       on conflict do nothing`,
    [electors],
  )
  const page = await stage.someone('coordinator1')
  await page.addInitScript(timeFrames)
  await page.goto('/#/committee/u01/roll')
  await page.reload()
  await expect(rows(page).first()).toBeVisible()
  await expect(page.locator('.score')).toContainText('attended of 5,000')

  const { token, user } = await logIn(stage.server.url, 'marker1', 'lajna-demo')
  const marker = await new Person({ url: stage.server.url, user, token: () => token }, 'u01').synced()
  const attended = page.locator('.score b').first()
  const before = await page.evaluate(() => (window as unknown as Timed).frames.length)
  const marks = 150
  for (let mark = 1; mark <= marks; mark += 1) {
    // Every other one in sight, where a row changes as well.
    const serial = mark % 2 === 0 && mark <= 12 ? mark / 2 : 100 + mark * 31
    marker.mark(serial, Math.floor(Date.now() / 1_000))
    await expect(attended).toHaveText(String(mark))
  }
  marker.leave()
  const frames = (await page.evaluate(() => (window as unknown as Timed).frames)).slice(before).filter(({ mutations }) => mutations > 0)
  expect(frames.length).toBeGreaterThanOrEqual(marks)
  const change_ms = best95(frames.map(({ ms }) => ms))

  const times_ms = await page.getByRole('searchbox').evaluate((field: HTMLInputElement, times) => {
    const searches = ['دوسري سلوي', 'احمد', 'عبد الرحمن', '214', 'امنة فؤاد مصطفي', 'راشد ابراهيم']
    return Array.from({ length: times }, () => searches)
      .flat()
      .flatMap((search) =>
        Array.from({ length: search.length }, (_, letter) => {
          field.value = search.slice(0, letter + 1)
          const start_ms = performance.now()
          field.dispatchEvent(new InputEvent('input', { bubbles: true }))
          // With the layout that follows: what is found has to be there, not only to be known.
          void document.querySelector('.roll-ground')?.getBoundingClientRect()
          return performance.now() - start_ms
        }),
      )
  }, rounds)
  const search_ms = best95(times_ms)
  console.log(`95 of 100: a change ${change_ms.toFixed(2)} ms (${frames.length}), a letter ${search_ms.toFixed(1)} ms (${times_ms.length})`)
  expect(change_ms).toBeLessThan(target.change_ms * slack)
  expect(search_ms).toBeLessThan(target.search_ms * slack)
})

test('every name part finds its electors, in any order and spelling', async ({ stage }) => {
  const page = await stage.someone('coordinator1')
  await page.goto('/#/committee/u01/roll')
  await expect(rows(page).first()).toBeVisible()
  const found = page.getByRole('main').getByRole('status').filter({ hasText: 'elector' })
  const count = async (search: string) => {
    await page.getByRole('searchbox').fill(search)
    await expect(rows(page).first()).toBeVisible()
    return found.textContent()
  }
  // Each as it is typed at the door: without hamza, with diacritics, with tatweel, ha for ta marbuta, ya for alef maqsura.
  const all = await count('إبراهيم آمنة سلوى')
  for (const typed of ['ابراهيم امنه سلوي', 'سلوى إبراهيم آمنة', 'آمِنَة سَلْوى إبــراهيم', 'سلوي ابراه امن'])
    expect(await count(typed), typed).toBe(all)
  expect(all).toMatch(/^\S*[1-9][\d,]*\S* electors$/)
})
