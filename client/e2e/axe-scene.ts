import { logIn } from '#load/driver/entry.ts'
import { Person } from '#load/driver/person.ts'

// A committee in which everything has happened that a page shows in its own way.

/** People who are there; two of them go on counting on sheet A until `leave`. */
export type Scene = { readonly leave: () => void }

export async function setScene(url: string, committee: string): Promise<Scene> {
  const now_s = Math.floor(Date.now() / 1_000)
  const enter = async (login: string) => {
    const { token, user } = await logIn(url, login, 'lajna-demo')
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
  collector.type(1, 'يأتي بعد العصر')
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
  for (const person of people) await person.book.downTo(0)

  first.provider.setAwarenessField('view', 'count')
  first.provider.setAwarenessField('sheet', 'A')
  first.provider.setAwarenessField('ballot', 9)
  return {
    leave: () => {
      for (const person of people) person.leave()
    },
  }
}
