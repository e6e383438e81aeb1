import { expect, test } from 'vitest'
import { makeRandom, writerOf } from '#actors/committee/admission/histories.kit.ts'
import { failingEvery, Phone, World } from '#actors/committee/committee.kit.ts'
import type { Admission } from '#actors/committee/messages.ts'
import { conflictsRoot, isOpen, readConflicts } from '#contract/document/conflicts.ts'
import { ok } from '#contract/result.ts'
import { takeover_ms } from './race.kit.ts'

const keys = ['1/4/group', '1/4/quick_note', '2/4/group'] as const

/** Three processes, of which one's store fails now and then and another tells nobody what it commits; people change between them. */
async function storm(seed: number) {
  const world = new World()
  const random = makeRandom(seed)
  const failing = failingEvery(2 + random(6))
  const instances = [
    world.start('one', { wrap: failing.wrap, limits: { snapshot_every_rows: 7 } }),
    world.start('two', { notify: false }),
    world.start('three', { limits: { snapshot_every_rows: 11 } }),
  ]
  for (const instance of instances) await instance.open()
  const writers = [writerOf(4, 'collector'), writerOf(5, 'coordinator'), writerOf(3, 'supervisor'), writerOf(6, 'coordinator')]
  const phones = writers.map((writer, index) => new Phone(100 * (index + 1), writer))
  const answers: Admission[][] = []
  failing.break()
  for (let step = 0; step < 60; step += 1) {
    const phone = phones[random(phones.length)] as Phone
    const instance = instances[random(instances.length)] as (typeof instances)[0]
    if (random(4) === 0) phone.hear(instance.doc)
    const key = keys[random(keys.length)] as string
    phone.doc.transact(() => phone.doc.getMap('guarantees').set(key, `${step}`))
    const kind = random(3) === 0 ? 'live' : 'merge'
    if (random(2) === 0) answers.push(instance.send(phone.merge(instance.doc), phone.writer, kind))
    await world.clock.advance(random(4) === 0 ? random(2 * takeover_ms) : random(5))
  }
  failing.mend()
  const hearAll = async () => {
    await world.clock.advance(2 * takeover_ms)
    const rows = (await world.rows()).length
    for (const instance of world.instances) instance.hear(rows)
    await world.clock.advance(2 * takeover_ms)
  }
  await hearAll()
  return { world, instances, answers, hearAll }
}

test('[C22] [C54] [C55] stores that fail, processes that hear late: in the end all say the same, and have nothing left to say', async () => {
  let said = 0
  let refused = 0
  for (let seed = 1; seed <= 25; seed += 1) {
    const { world, answers, hearAll } = await storm(seed)
    const story = `seed ${seed}`
    refused += answers.flat().filter(({ answer }) => answer === 'refused').length
    // Who begins with a snapshot and who begins with the first row find what the others have found.
    const readers = [world.start('heir'), world.start('reader', { wrap: (store) => ({ ...store, snapshot: async () => ok(null) }) })]
    for (const reader of readers) expect(await reader.open(), story).toBeUndefined()
    await hearAll()
    const rows = (await world.rows()).length
    await hearAll()
    expect((await world.rows()).length, story).toBe(rows)
    const journal = readConflicts(conflictsRoot(await world.journalled()))
    for (const { doc, openConflicts, evicted } of world.instances) {
      expect(evicted, story).toEqual([])
      expect(readConflicts(conflictsRoot(doc)), story).toEqual(journal)
      expect(openConflicts, story).toBe(journal.filter(({ conflict }) => isOpen(conflict)).length)
    }
    said += journal.length
  }
  expect(refused).toBe(0)
  expect(said).toBeGreaterThan(40)
}, 120_000)
