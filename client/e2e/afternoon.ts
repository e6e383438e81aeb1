import { logIn } from '#load/driver/entry.ts'
import { Person } from '#load/driver/person.ts'

// Committee 7 as it stands at nine past two in Kuwait: most have voted, two people count. Written by simulated people over real
// sockets, so that a picture shows what the app makes of it. No randomness: every run makes the same committee.

const committee = 'u07'
const password = 'lajna-demo'
export const ballotsCalled = 146

/** 0 to `below` - 1, scattered; the same for the same `n`. */
const scattered = (n: number, below: number): number => Number((BigInt(n) * 2_654_435_761n) % 4_294_967_296n) % below

/** How many of a hundred of each strength turn up; of those without a pledge, the last. */
const turnoutOfHundred = { strong: 85, medium: 60, weak: 35, none: 52 } as const

/** Seconds before that moment, of the n-th of so many marks: spread over six hours, the latest ten minutes ago. */
const age_s = (nth: number, of: number): number => 600 + Math.round(((of - nth) / of) * 6 * 3_600)

/** What stands on the n-th paper: a whole list now and then, mostly a mixture, sometimes blank or invalid. */
function paper(n: number): readonly number[] | null {
  const kind = scattered(n, 40)
  if (kind === 7) return null
  if (kind === 11) return []
  const candidates = Array.from({ length: 30 }, (_, index) => index + 1)
  if (kind < 4) return candidates.slice(0, 15)
  if (kind < 7) return candidates.slice(15)
  const size = 9 + (n % 7)
  return [...candidates]
    .sort((a, b) => scattered(a * 131 + n, 997) - scattered(b * 131 + n, 997))
    .slice(0, size)
    .sort((a, b) => a - b)
}

export async function bringToAfternoon(url: string): Promise<void> {
  const now_s = Math.floor(new Date().setUTCHours(11, 9, 0, 0) / 1_000)
  const people: Person[] = []
  const enter = async (login: string) => {
    const { token, user } = await logIn(url, login, password)
    const person = await new Person({ url, user, token: () => token }, committee).synced()
    people.push(person)
    return person
  }
  const collectors = [await enter('collector1'), await enter('coordinator2')] as const
  const markers = [await enter('marker1'), await enter('coordinator2')] as const
  const counters = [await enter('counter1'), await enter('counter2')] as const

  const strengths = ['strong', 'strong', 'medium', 'weak'] as const
  for (let elector = 1; elector <= 676; elector += 1) {
    const pledged = scattered(elector, 100) < 55
    const strength = strengths[elector % 4] ?? 'weak'
    if (pledged) {
      const collector = collectors[elector % 2] ?? collectors[0]
      collector.pledge(elector, 'strength', strength)
      collector.pledge(elector, 'confirmation', elector % 3 === 0 ? 'pending' : 'confirmed')
    }
    if (scattered(elector + 5_000, 100) >= turnoutOfHundred[pledged ? strength : 'none']) continue
    const at_s = now_s - age_s(scattered(elector, 676), 676)
    markers[elector % 2 === 0 ? 0 : 1].mark(elector, at_s)
    if (elector % 5 === 0) markers[elector % 2 === 0 ? 1 : 0].mark(elector, at_s + 90)
  }
  for (let n = 1; n <= ballotsCalled; n += 1) counters[n % 2 === 0 ? 0 : 1].call('A', n, paper(n), now_s - (ballotsCalled - n) * 6 - 4)

  for (const person of people) {
    await person.book.downTo(0)
    if (person.refused.length > 0) throw new Error(`refused: ${JSON.stringify(person.refused[0])}`)
    person.leave()
  }
}
