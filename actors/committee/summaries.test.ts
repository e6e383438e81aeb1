import { expect, test } from 'vitest'
import type * as Y from 'yjs'
import { defaultLimits } from '#contract/limits.ts'
import { summarize } from '#contract/summary.ts'
import { facts } from './admission/histories.kit.ts'
import { committee, coordinator, type Instance, mark, marker, Phone, World } from './committee.kit.ts'
import { lastOfPerson } from './replica.ts'

/** What this process says of the committee, as its overview has it. */
const latest = (instance: Instance) => instance.system.overview.latest(committee)

/** Every summary that was told, by its row. */
function heard(instance: Instance): number[] {
  const sequences: number[] = []
  instance.system.overview.listen({ changed: ({ sequence }) => void sequences.push(sequence), lived: () => {} })
  return sequences
}

const ofJournal = (doc: Y.Doc, sequence: number, last_ms?: number) =>
  summarize(doc, { committee, sequence: sequence as never, ...(last_ms === undefined ? {} : { last_ms }) }, facts)

test('[O3] a burst is one summary in each `summary_ms`, and the last edit of it is in the last', async () => {
  const world = new World()
  const instance = world.start('one')
  const sequences = heard(instance)
  await instance.open()
  const phone = new Phone(11, marker)
  for (let elector = 1; elector <= 40; elector += 1) {
    instance.send(phone.write(mark(elector)), marker, 'live')
    await world.clock.advance(50)
  }
  await world.clock.advance(1_000)
  // 2 s of edits, a summary each 250 ms, one behind the end.
  expect(sequences.length).toBeLessThanOrEqual(9)
  expect(sequences.at(-1)).toBe(40)
  const rows = await world.rows()
  expect(latest(instance)).toEqual(ofJournal(await world.journalled(), 40, rows.at(-1)?.at_ms))
})

test('[O1] two processes say the same of the same rows, whoever wrote them', async () => {
  const world = new World()
  const [one, two] = [world.start('one'), world.start('two')]
  await Promise.all([one.open(), two.open()])
  const [first, second] = [new Phone(11, marker), new Phone(12, coordinator)]
  for (let elector = 1; elector <= 10; elector += 1) {
    one.send(first.write(mark(elector)), marker, 'live')
    two.send(second.write(mark(elector + 5, 5)), coordinator, 'live')
    await world.clock.advance(20)
  }
  await world.clock.advance(2_000)
  expect(latest(one)).toEqual(latest(two))
  expect(latest(one)).toMatchObject({ sequence: 20, attended: 15 })
})

test('[O1] a committee opened from its snapshot says when a person last wrote', async () => {
  const world = new World()
  const instance = world.start('one', { limits: { snapshot_every_rows: 3 } })
  await instance.open()
  const phone = new Phone(11, marker)
  for (let elector = 1; elector <= 3; elector += 1) {
    instance.send(phone.write(mark(elector)), marker)
    await world.clock.advance(10)
  }
  const last = (await world.rows()).at(-1)?.at_ms
  expect(await lastOfPerson(world.makeStore('reader'), committee, 3 as never)).toEqual({ ok: true, value: last })
  const later = world.start('two')
  await world.clock.advance(60_000)
  await later.open()
  await world.clock.advance(1_000)
  expect(latest(later)).toEqual(ofJournal(await world.journalled(), 3, last))
})

test('[O3] what is new when it falls asleep is said before', async () => {
  const world = new World()
  const instance = world.start('one', { limits: { summary_ms: 3_600_000 } })
  await instance.open()
  instance.send(new Phone(11, marker).write(mark(7)), marker)
  await world.clock.advance(10)
  expect(latest(instance)).toBeUndefined()
  instance.people = false
  await world.clock.advance(defaultLimits.committee_idle_ms * 2)
  expect(latest(instance)).toMatchObject({ sequence: 1, attended: 1 })
})
