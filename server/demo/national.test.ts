import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { parseCommitteeId } from '#contract/ids.ts'
import type { DemoCommittee } from './election.ts'
import { national } from './national.ts'

/** SHA-256 of everything but the electors, of each committee's size, and of three whole rolls: the rest is made the same way. */
const keptDigest = '44a389f02c935aa07a56b4a2d1fe57b42e1bfb7696210fdab2e0463793c31d2c'

const election = national()
/** What is looked at of a committee; with its electors all of them would be 830,000 people. */
type Room = Omit<DemoCommittee, 'electors'> & { readonly size: number; readonly last: DemoCommittee['electors'][number] | undefined }
const rooms: Room[] = []
const sampled: DemoCommittee[] = []
for (const committee of election.committees) {
  const { electors, ...room } = committee
  rooms.push({ ...room, size: electors.length, last: electors.at(-1) })
  if (['n001', 'n382', 'n764'].includes(committee.id)) sampled.push(committee)
}

test('[D11.1] 834,733 electors in 764 committees at 123 sites of 2 to 14 rooms', () => {
  expect(rooms).toHaveLength(764)
  expect(rooms.reduce((sum, { size }) => sum + size, 0)).toBe(834_733)
  const bySite = Map.groupBy(rooms, ({ site }) => site)
  expect(new Set(bySite.keys())).toEqual(new Set(election.sites.map(({ id }) => id)))
  expect(bySite.size).toBe(123)
  expect(new Set(election.sites.map(({ name }) => name)).size).toBe(123)
  const perSite = [...bySite.values()].map((there) => there.length)
  expect([Math.min(...perSite), Math.max(...perSite)].every((count) => count >= 2 && count <= 14)).toBe(true)
})

test('[D11.2] about 1,100 a room, 2,100 at the 95th percentile, and one of 6,600', () => {
  const sizes = rooms.map(({ size }) => size).sort((a, b) => a - b)
  expect(Math.abs(834_733 / 764 - 1_100)).toBeLessThan(20)
  expect(Math.abs((sizes[Math.floor(764 * 0.95)] ?? 0) - 2_100)).toBeLessThan(20)
  expect(sizes.at(-1)).toBe(6_600)
  expect(sizes.at(-2)).toBeLessThan(2_700)
  expect(rooms.find(({ size }) => size === 6_600)?.id).toBe('n500')
})

test('[D11.3] five constituencies with 40 candidates each, whose numbers begin anew and whose names do not', () => {
  expect(election.constituencies?.map(({ id }) => id)).toEqual(['c1', 'c2', 'c3', 'c4', 'c5'])
  expect(election.candidates).toHaveLength(200)
  expect(new Set(election.candidates.map(({ name }) => name)).size).toBe(200)
  expect(new Set(election.candidates.map(({ name_en }) => name_en)).size).toBe(200)
  for (const there of Map.groupBy(election.candidates, ({ constituency }) => constituency).values()) {
    expect(there.map(({ number }) => number)).toEqual(Array.from({ length: 40 }, (_, index) => index + 1))
  }
  for (const site of Map.groupBy(rooms, (room) => room.site).values()) expect(new Set(site.map((room) => room.constituency)).size).toBe(1)
})

test('[D11.4] ids count up, rooms are for men or for women, mobiles are each one’s own', () => {
  expect(rooms.map(({ id }) => id)).toEqual(Array.from({ length: 764 }, (_, index) => `n${String(index + 1).padStart(3, '0')}`))
  for (const { id, sex, last } of rooms) {
    expect(parseCommitteeId(id)).toMatchObject({ ok: true })
    expect(last?.sex).toBe(sex)
  }
  const mobiles = sampled.flatMap(({ electors }) => electors.flatMap(({ mobile }) => mobile ?? []))
  expect(new Set(mobiles).size).toBe(mobiles.length)
  for (const mobile of mobiles) expect(mobile).toMatch(/^\+9655\d{7}$/)
})

test('[D11.5] it is the same everywhere, each time', () => {
  const { committees: _, ...rest } = election
  const digest = createHash('sha256')
    .update(JSON.stringify([rest, rooms.map(({ id, size }) => [id, size]), sampled]))
    .digest('hex')
  const [again] = election.committees
  expect(again).toEqual(sampled[0])
  expect(digest).toBe(keptDigest)
})
