import { logIn } from '#load/driver/entry.ts'
import { Person } from '#load/driver/person.ts'
import { rows } from './committee.ts'
import { expect, test } from './stage.ts'

// What the roll promises with 5,000 electors, asserted at five times the target: this machine has two cores and much else to do,
// and a change that costs ten times as much is still found out. The line it prints is the measurement.

test.setTimeout(240_000)

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

/** One frame of the socket that changed the page. `places`: which rows, and what else, its mutations lie in. */
type Frame = { readonly ms: number; readonly mutations: number; readonly places: readonly string[] }
type Timed = Window & { readonly frames: Frame[] }

/**
 * In the page: times every frame from the call of the provider's `message` listener to the DOM mutations it made being observed.
 * In between lie the protocol, the merge, the binding, the stores and the views; before it the network, after it layout and paint.
 */
function timeFrames() {
  const frames: Frame[] = []
  Object.assign(window, { frames })
  let start_ms: number | undefined
  const placeOf = (node: Node): string => {
    const element = node instanceof Element ? node : node.parentElement
    const row = element?.closest<HTMLElement>('.elector-row')
    return row != null
      ? `row ${row.dataset.serial}`
      : element?.closest('.score') != null
        ? 'score'
        : `${element?.tagName} ${element?.className}`
  }
  const observer = new MutationObserver((records) => {
    if (start_ms === undefined) return
    const ms = performance.now() - start_ms
    frames.push({ ms, mutations: records.length, places: [...new Set(records.map(({ target }) => placeOf(target)))].sort() })
  })
  document.addEventListener('DOMContentLoaded', () => {
    observer.observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true })
  })
  const listen = WebSocket.prototype.addEventListener
  WebSocket.prototype.addEventListener = function (this: WebSocket, type: string, handler: EventListener) {
    const timed: EventListener = (event) => {
      start_ms = performance.now()
      handler(event)
      // Behind the observer's own microtask: what timers change later is nobody's frame.
      queueMicrotask(() => {
        start_ms = undefined
      })
    }
    listen.call(this, type, type === 'message' ? timed : handler)
  } as typeof listen
}

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
  // Every change here moves the figure; what does not is the marker's presence, which is renewed now and then.
  const takeFrames = async () => {
    const frames = await page.evaluate(() => (window as unknown as Timed).frames.splice(0))
    return frames.filter(({ places }) => places.includes('score'))
  }
  const attended = page.locator('.score b').first()
  await takeFrames()
  // So many that most of them meet code the browser has compiled, as in a day's work.
  const changes = rounds * 100
  const now_s = Math.floor(Date.now() / 1_000)

  // Out of sight: the figures change, and no row.
  for (let mark = 1; mark <= changes; mark += 1) {
    marker.mark(100 + ((mark * 31) % 4_900), now_s)
    await expect(attended).toHaveText(String(mark))
  }
  const outOfSight = await takeFrames()
  expect(outOfSight).toHaveLength(changes)
  for (const { places, mutations } of outOfSight) {
    expect(places).toEqual(['score'])
    expect(mutations).toBeLessThanOrEqual(2) // the figure, and the bar under it
  }

  // In sight: besides the figures the one row changes. Six rows, marked and taken back in turn.
  for (let change = 0; change < changes; change += 1) {
    const serial = 1 + (change % 6)
    const isMark = Math.floor(change / 6) % 2 === 0
    if (isMark) marker.mark(serial, now_s)
    else marker.withdraw(serial, 'undo')
    await expect(page.locator(`[data-serial="${serial}"] .attend`)).toHaveAttribute('aria-pressed', String(isMark))
  }
  marker.leave()
  const inSight = await takeFrames()
  expect(inSight.map(({ places }) => places)).toEqual(Array.from({ length: changes }, (_, change) => [`row ${1 + (change % 6)}`, 'score']))
  const change_ms = { out: best95(outOfSight.map(({ ms }) => ms)), in: best95(inSight.map(({ ms }) => ms)) }

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
  const said = (ms: number, times: readonly number[]) => `${ms.toFixed(2)} ms (all ${times.length}: ${at95(times).toFixed(2)})`
  console.log(
    `95 of 100, best of ${rounds} rounds: a change out of sight ${said(
      change_ms.out,
      outOfSight.map(({ ms }) => ms),
    )}`,
  )
  console.log(
    `  in sight ${said(
      change_ms.in,
      inSight.map(({ ms }) => ms),
    )}, a letter ${said(search_ms, times_ms)}`,
  )
  expect(Math.max(change_ms.out, change_ms.in)).toBeLessThan(target.change_ms * slack)
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
