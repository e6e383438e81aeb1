import { describe, expect, test } from 'vitest'
import { err, ok } from '#contract/result.ts'
import { facts } from './admission/histories.kit.ts'
import { mark, marker, Phone, World } from './committee.kit.ts'
import { facts_retry_ms } from './committee.ts'

/** Nobody's serial on the roll of the kit. */
const newcomer = 900_000
const grown = ok({ ...facts, hasElector: (serial: number) => serial === newcomer || facts.hasElector(serial as never) })

describe('facts that change', () => {
  test('[C29] an elector who was imported after the document was opened is refused before, and taken after it was told', async () => {
    const world = new World()
    const one = world.start('one')
    await one.open()
    const attempt = async (client: number) => {
      const answers = one.send(new Phone(client, marker).write(mark(newcomer)), marker)
      await world.clock.settle()
      return answers[0]?.answer
    }
    one.facts = grown
    expect(await attempt(7)).toBe('refused')
    one.tell({ type: 'facts-changed' })
    expect(await attempt(8)).toBe('merged')
  })

  test('[C29] while they cannot be read the old ones hold; then it asks again', async () => {
    const world = new World()
    const one = world.start('one')
    await one.open()
    one.facts = err('unavailable')
    one.tell({ type: 'facts-changed' })
    await world.clock.settle()
    const known = one.send(new Phone(7, marker).write(mark(1)), marker)
    const unknown = one.send(new Phone(8, marker).write(mark(newcomer)), marker)
    await world.clock.settle()
    expect([known[0]?.answer, unknown[0]?.answer]).toEqual(['merged', 'refused'])
    one.facts = grown
    await world.clock.advance(facts_retry_ms)
    const later = one.send(new Phone(9, marker).write(mark(newcomer)), marker)
    await world.clock.settle()
    expect(later[0]?.answer).toBe('merged')
  })

  test('[C29] told before anyone has opened the document, it reads them when that happens', async () => {
    const world = new World()
    const one = world.start('one')
    one.facts = grown
    one.tell({ type: 'facts-changed' })
    await one.open()
    const answers = one.send(new Phone(7, marker).write(mark(newcomer)), marker)
    await world.clock.settle()
    expect(answers[0]?.answer).toBe('merged')
  })
})
