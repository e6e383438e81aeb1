import type { AsideAnswer } from '#contract/api.ts'
import { logIn } from '#load/driver/entry.ts'
import { Person } from '#load/driver/person.ts'

// A committee in which everything has happened that a page shows in its own way.

const password = 'lajna-demo'

/** People who are there; two of them go on counting on sheet A until `leave`. */
export type Scene = { readonly leave: () => void }

export async function setScene(url: string, committee: string): Promise<Scene> {
  const now_s = Math.floor(Date.now() / 1_000)
  const enter = async (login: string) => {
    const { token, user } = await logIn(url, login, password)
    return new Person({ url, user, token: () => token }, committee).synced()
  }
  const people = await Promise.all(['collector1', 'marker1', 'coordinator1', 'counter1', 'counter2'].map(enter))
  const [collector, marker, coordinator, first, second] = people as [Person, Person, Person, Person, Person]

  const strengths = ['strong', 'medium', 'weak'] as const
  for (let elector = 1; elector <= 12; elector += 1) collector.pledge(elector, 'strength', strengths[elector % 3])
  for (const [field, value] of Object.entries({
    confirmation: 'confirmed',
    group: 'Diwan 7',
    quick_note: 'يحتاج توصيلة',
    follow_up: now_s - 600,
  })) {
    collector.pledge(1, field, value)
  }
  collector.pledge(2, 'confirmation', 'unreachable')
  collector.pledge(2, 'follow_up', now_s + 3_600)
  collector.pledge(3, 'withdrawn', true)
  for (const elector of [1, 7]) collector.type(elector, 'يأتي بعد العصر')
  for (const elector of [4, 5, 6]) marker.mark(elector, now_s - 60)
  coordinator.mark(4, now_s - 30)

  for (let n = 1; n <= 8; n += 1) {
    const counter = n % 2 === 0 ? first : second
    counter.call('A', n, n === 3 ? null : n === 4 ? [] : [1, n + 1, 20], now_s - 60 + n)
    coordinator.call('B', n, n === 3 ? null : n === 4 ? [] : [1, n + 1, n === 6 ? 21 : 20], now_s - 60 + n)
  }
  // Agreed; differing; waiting; and a minute that does not add up.
  for (const reader of [first, coordinator]) reader.report('minute', 'ballots', 40)
  first.report('minute', 'invalid', 18)
  coordinator.report('minute', 'invalid', 16)
  for (const [figure, value] of Object.entries({ valid: 20, blank: 0, attended: 9_999 })) first.report('minute', figure, value)
  first.report('announced', 'valid', 21)
  // Neither has seen the other's: two answers each, at two places.
  for (const [field, mine, theirs] of [
    ['strength', 'weak', 'strong'],
    ['group', 'Diwan 1', 'Diwan 2'],
  ] as const) {
    collector.pledge(13, field, mine)
    coordinator.doc.getMap('guarantees').set(`13/${collector.user}/${field}`, theirs)
  }
  for (const person of people) await person.book.downTo(0)
  await keepAside(url, committee)

  first.provider.setAwarenessField('view', 'count')
  first.provider.setAwarenessField('sheet', 'A')
  first.provider.setAwarenessField('ballot', 9)
  // One is on the phone with an elector, and writes in their note; the server takes that back from whoever stops saying so.
  collector.show({ view: 'roll', elector: 7, claim: { elector: 7, since_s: now_s } })
  const place = { tname: 'note/7', assoc: 0 }
  const writes = () => collector.show({ typing: 'note/7', cursor: { anchor: place, head: place }, unsent: Date.now() % 1_000 })
  writes()
  const typing = setInterval(writes, 1_000)
  return {
    leave: () => {
      clearInterval(typing)
      for (const person of people) person.leave()
    },
  }
}

/** What a supervisor finds kept aside: of every kind what could be admitted, what never can, and something dropped already. */
async function keepAside(url: string, committee: string): Promise<void> {
  const now_s = Math.floor(Date.now() / 1_000)
  const refusedOf = async (write: (viewer: Person) => void) => {
    const { token, user } = await logIn(url, 'viewer1', password)
    const viewer = await new Person({ url, user, token: () => token }, committee).synced()
    viewer.doc.transact(() => write(viewer))
    await until(() => viewer.refused.length > 0)
    viewer.leave()
  }
  const { token } = await logIn(url, 'supervisor1', password)
  const ask = async (path: string, init: RequestInit = {}) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    return (await fetch(`${url}/api/committees/${committee}/aside${path}`, { ...init, headers })).json()
  }
  await refusedOf((viewer) => viewer.mark(9, now_s))
  const { entries } = (await ask('')) as AsideAnswer
  await ask(`/${entries[0]?.id}`, { method: 'POST', body: JSON.stringify({ decision: 'drop', why: 'A mistake' }) })
  await refusedOf((viewer) => {
    for (let n = 9; n <= 48; n += 1) viewer.call('A', n, n === 11 ? null : n === 12 ? [] : [(n % 9) + 1, 20], now_s + n)
    viewer.strike('A', viewer.doc.clientID, 4, 'heard wrong', now_s + 60)
    for (let elector = 20; elector <= 26; elector += 1) viewer.mark(elector, now_s - 60)
    viewer.pledge(1, 'strength', 'weak')
    viewer.pledge(1, 'follow_up', now_s + 7_200)
    viewer.type(1, 'مع أخيه')
    viewer.report('minute', 'valid', 21)
    viewer.doc.getMap('attendance').set('4/#', { by: viewer.user, at_s: now_s, why: 'not here', saw: { '5': now_s - 60 } })
    viewer.doc
      .getMap('walkins')
      .set(`${viewer.user}.${viewer.doc.clientID}.0`, { name: 'سالم فهد', serial: 901, why: 'moved', at_s: now_s })
    viewer.doc.getMap('figures').set('minute/valid/999', 4)
    viewer.doc.getMap('nowhere').set('x\u202e', { text: 'y' })
  })
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 20))
}
