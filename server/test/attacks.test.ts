import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { documentSchema } from '#contract/document/schema.ts'
import { refusals } from '#contract/refusals.ts'
import { byteAttacks } from './attacks/bytes.ts'
import type { Attack } from './attacks/edits.ts'
import { logAttacks, logEntriesMax } from './attacks/logs.ts'
import { placeAttacks } from './attacks/places.ts'
import { rightsAttacks } from './attacks/rights.ts'
import { siegeLimits, sieges } from './attacks/sockets.ts'
import { limit_ms, Stage } from './attacks/stage.ts'
import { valueAttacks } from './attacks/values.ts'

const attacks: readonly Attack[] = [...rightsAttacks, ...placeAttacks, ...valueAttacks, ...logAttacks, ...byteAttacks]

let stage: Stage
beforeAll(async () => {
  stage = await Stage.open({ env: { ...siegeLimits, LIMIT_LOG_BALLOTS_MAX: String(logEntriesMax) } })
}, limit_ms)
afterAll(() => stage[Symbol.asyncDispose]())

const titled = attacks.map((row) => [`${row.code}${row.root === '' ? '' : ` at ${row.root}`}: ${row.what}`, row] as const)

describe('[C2] to [C11], [C41]: an update that may not be changes nothing; its twin is merged, and so is the next good one', () => {
  it.each(titled)('%s', async (_title, { code, root, as, twinAs = as, twin, before, attack, phase }) => {
    const client = { client: stage.freshClient(), elector: stage.freshElector() }
    const twinClient = twinAs === as ? client : { ...client, client: stage.freshClient() }
    const accepted = await stage.send(twinAs, twin(await stage.ground(twinAs, twinClient)))
    expect(accepted).toEqual({ acknowledged: true, reasons: [] })

    if (before !== undefined) {
      const first = await stage.send(as, before(await stage.ground(as, client)))
      expect(first.acknowledged).toBe(false)
    }
    const journal = await stage.journal()
    const refused = await stage.during(as, phase, async () => stage.send(as, attack(await stage.ground(as, client))))
    expect(refused.acknowledged).toBe(false)
    expect([...new Set(refused.reasons.map((reason) => reason.code))]).toEqual([code])
    for (const { path } of refused.reasons) expect(rootOf(path)).toBe(code === 'sealed' ? '' : root)

    await stage.seesNothingBut(journal)
    await stage.isUp()
    await stage.comesBack(as)
  })
})

describe('[C44], [S7] to [S18]: what is refused before, beside or instead of an update changes nothing either', () => {
  it.each(sieges.map((row) => [`${row.code}: ${row.what}`, row] as const))(
    '%s',
    async (_title, { as, twin, accepted, attack, told, ...row }) => {
      expect(await twin(stage)).toEqual(accepted)
      const journal = await stage.journal()
      expect(await attack(stage)).toEqual(told)
      await stage.seesNothingBut(journal, row)
      await stage.isUp()
      await stage.comesBack(as)
    },
  )
})

const rootOf = (path: string): string => (/^note\/[1-9]\d*$/.test(path) ? 'note/<elector>' : path)

describe('the table', () => {
  it('has at least sixty cases, every root of the schema and every code there is', () => {
    expect(new Set(titled.map(([title]) => title)).size).toBe(titled.length)
    expect(attacks.length).toBeGreaterThanOrEqual(60)
    const roots = new Set(attacks.map(({ root }) => root))
    for (const { root } of documentSchema) expect(roots).toContain(root)
    const codes = new Set<string>([...attacks, ...sieges].map(({ code }) => code))
    expect(Object.keys(refusals).filter((code) => !codes.has(code))).toEqual([])
  })
})
