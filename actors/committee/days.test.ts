import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { History, makeRandom } from './admission/histories.kit.ts'
import { failingEvery, World } from './committee.kit.ts'
import type { Admission } from './messages.ts'

const roots = ['guarantees', 'attendance', 'walkins', 'ballots', 'figures']

/**
 * A day at one committee: four honest phones on two instances of which one's store fails now and then; people go offline, change
 * the instance, send things twice and do not wait for answers. Nobody may be refused, nothing lost, nothing doubled.
 */
async function day(seed: number) {
  const world = new World()
  const random = makeRandom(seed * 7_919)
  const failing = failingEvery(2 + random(6))
  const instances = [
    world.start('one', { wrap: failing.wrap, limits: { snapshot_every_rows: 20 } }),
    world.start('two', { notify: random(2) === 0 }),
  ] as const
  for (const instance of instances) expect(await instance.open()).toBeUndefined()
  const answers: Admission[][] = []
  let at = instances[0]
  const history = new History(
    seed,
    {
      get doc() {
        return at.doc
      },
    },
    ({ update, writer, kind }) => {
      answers.push(at.send(update.slice(), writer, kind))
      if (random(10) === 0) answers.push((random(2) === 0 ? at : instances[1]).send(update.slice(), writer, kind))
    },
  )
  failing.break()
  for (let step = 0; step < 80; step += 1) {
    at = instances[random(2)] as (typeof instances)[0]
    history.step()
    if (random(3) === 0) await world.clock.advance(random(4))
    if (random(25) === 0) await world.clock.advance(5_000)
  }
  failing.mend()
  await world.clock.advance(60_000)
  const stormy = answers.length
  // Everybody comes back, to the one or the other, and hears what there is.
  for (const phone of [0, 1]) {
    at = instances[phone] as (typeof instances)[0]
    history.end()
    await world.clock.advance(5_000)
    for (const instance of instances) instance.hear((await world.rows()).length)
    await world.clock.advance(100)
  }
  history.end()
  return { world, instances, history, answers, stormy, failed: failing.failed() }
}

test('[C22][C23][C24] whatever a day brings, no honest edit is refused or lost, and all replicas are the journal', async () => {
  let merged = 0
  let failed = 0
  for (let seed = 1; seed <= 12; seed += 1) {
    const { world, instances, history, answers, stormy, ...told } = await day(seed)
    await world.clock.advance(100)
    failed += told.failed
    for (const [index, list] of answers.entries()) {
      expect(list, `seed ${seed}`).toHaveLength(1)
      const { answer } = list[0] as Admission
      expect(answer === 'refused' ? list : [], `seed ${seed}`).toEqual([])
      if (index >= stormy) expect(answer, `seed ${seed}`).toBe('merged')
      if (answer === 'merged') merged += 1
    }
    const journal = await world.journalled()
    const bytes = Y.encodeStateAsUpdate(journal)
    for (const instance of instances) {
      expect(instance.evicted, `seed ${seed}: ${instance.logged}`).toEqual([])
      expect(Y.encodeStateAsUpdate(instance.doc), `seed ${seed}`).toEqual(bytes)
    }
    for (const { doc } of history.phones)
      for (const root of roots) expect(doc.getMap(root).toJSON(), `seed ${seed}`).toEqual(journal.getMap(root).toJSON())
  }
  expect(merged).toBeGreaterThan(400)
  expect(failed).toBeGreaterThan(30)
}, 60_000)
