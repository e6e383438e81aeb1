import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { parseCandidateNumber, parseCommitteeId, parseElectorSerial } from '#contract/ids.ts'
import { roles } from '#contract/rights.ts'
import type { DemoElector } from './election.ts'
import { kuwaitUnion } from './kuwait-union.ts'
import { demoLogins } from './logins.ts'

/** SHA-256 of the election as JSON. It changes only when somebody means to change the demo: then every kept screenshot changes as well. */
const keptDigest = '1b88a89cc292c73dda6505e602be6477f8b5bb769e2eb834caa7f747b2a568d1'

const election = kuwaitUnion()
const electors = election.committees.flatMap((committee) => committee.electors)
const parts = (elector: DemoElector): readonly string[] => elector.name.split(' ')

function stringsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsOf) : []
}

describe('[D1] the election has the size of the one it is modelled on', () => {
  test('[D1.1] 13 committees of 325 to 824 electors, 8,719 together, 676 in committee 7', () => {
    const sizes = election.committees.map((committee) => committee.electors.length)
    expect(sizes).toHaveLength(13)
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(8_719)
    expect([Math.min(...sizes), Math.max(...sizes)]).toEqual([325, 824])
    expect(election.committees.find(({ id }) => id === 'u07')).toMatchObject({ code: '7', name: 'قاعة 2', site: 'workshops' })
    expect(sizes[6]).toBe(676)
  })

  test('[D1.2] ids and codes count up from u01 and 1; every site is known and used, no room twice', () => {
    expect(election.committees.map(({ id, code }) => `${id} ${code}`)).toEqual(
      Array.from({ length: 13 }, (_, index) => `u${String(index + 1).padStart(2, '0')} ${index + 1}`),
    )
    expect(new Set(election.committees.map(({ site }) => site))).toEqual(new Set(election.sites.map(({ id }) => id)))
    expect(new Set(election.committees.map(({ site, name }) => `${site} ${name}`)).size).toBe(13)
    for (const { id } of election.committees) expect(parseCommitteeId(id)).toMatchObject({ ok: true })
  })

  test('[D1.3] it opens in counting, with ballots of 15 choices', () => {
    expect(election).toMatchObject({ id: 'kuwait-union', phase: 'counting', choices_per_ballot: 15 })
  })
})

describe('[D2] it is the same everywhere, each time', () => {
  const digest = () => createHash('sha256').update(JSON.stringify(kuwaitUnion())).digest('hex')

  test('[D2.1] two runs give one digest, and it is the kept one', () => {
    const first = digest()
    expect(digest()).toBe(first)
    expect(first).toBe(keptDigest)
  })

  test('[D2.2] two committees are not each other’s copy', () => {
    const [first, second] = election.committees.map((committee) =>
      committee.electors
        .slice(0, 300)
        .map(({ name }) => name)
        .join(),
    )
    expect(first).not.toBe(second)
  })
})

describe('[D3] a roll reads like a printed one', () => {
  test('[D3.1] names have 3 to 8 parts, all of these lengths occur, four and five most often', () => {
    const lengths = Map.groupBy(electors, (elector) => parts(elector).length)
    expect([...lengths.keys()].sort()).toEqual([3, 4, 5, 6, 7, 8])
    const common = (lengths.get(4)?.length ?? 0) + (lengths.get(5)?.length ?? 0)
    expect(common / electors.length).toBeGreaterThan(0.5)
  })

  test('[D3.2] a name is Arabic letters and single spaces, and ends with the family', () => {
    for (const elector of electors) {
      expect(elector.name).toMatch(/^[ء-غف-ي]+(?: [ء-غف-ي]+)+$/)
      expect(parts(elector).at(-1)).toBe(elector.family)
    }
  })

  test('[D3.3] serials are 1 to n without gaps', () => {
    for (const { electors: roll } of election.committees) {
      expect(roll.map(({ serial }) => serial)).toEqual(roll.map((_, index) => index + 1))
      expect(parseElectorSerial(roll.length)).toMatchObject({ ok: true })
    }
  })

  test('[D3.4] the roll is in the order of the Arabic collation', () => {
    const { compare } = new Intl.Collator('ar', { sensitivity: 'base' })
    for (const { electors: roll } of election.committees) {
      const names = roll.map(({ name }) => name)
      expect(names).toEqual(names.toSorted(compare))
    }
  })

  test('[D3.5] men and women are on every roll, and no given name is both', () => {
    const given = { m: new Set<string>(), f: new Set<string>() }
    for (const { electors: roll } of election.committees) {
      const women = roll.filter(({ sex }) => sex === 'f').length
      expect(women / roll.length).toBeGreaterThan(0.15)
      expect(women / roll.length).toBeLessThan(0.4)
      for (const elector of roll) given[elector.sex].add(parts(elector)[0] ?? '')
    }
    expect([...given.m].filter((name) => given.f.has(name))).toEqual([])
  })

  test('[D3.6] mobiles are the counted-up synthetic block, each once; a few electors have none', () => {
    const mobiles = electors.flatMap(({ mobile }) => (mobile === null ? [] : [mobile]))
    expect(mobiles.length).toBeGreaterThan(electors.length * 0.9)
    expect(mobiles.length).toBeLessThan(electors.length)
    expect(new Set(mobiles).size).toBe(mobiles.length)
    for (const mobile of mobiles) expect(mobile).toMatch(/^\+9655000\d{4}$/)
  })
})

describe('[D4] candidates are those of the design', () => {
  test('[D4.1] 30 in two lists, 1 to 15 Sidra and 16 to 30 Marsa', () => {
    expect(election.candidates.map(({ number }) => number)).toEqual(Array.from({ length: 30 }, (_, index) => index + 1))
    for (const { number, list, list_en } of election.candidates) {
      expect([list, list_en]).toEqual(number <= 15 ? ['قائمة السدرة', 'Sidra list'] : ['قائمة المرسى', 'Marsa list'])
      expect(parseCandidateNumber(number)).toMatchObject({ ok: true })
    }
  })

  test('[D4.2] both scripts name the same person', () => {
    const named = (number: number) => election.candidates.find((candidate) => candidate.number === number)
    expect(named(1)).toMatchObject({ name: 'فهد الراشد', name_en: 'Fahad Al-Rashed' })
    expect(named(15)).toMatchObject({ name: 'عبدالله البلوشي', name_en: 'Abdullah Al-Balushi' })
    expect(named(16)).toMatchObject({ name: 'محمد الفضلي', name_en: 'Mohammed Al-Fadhli' })
    expect(named(30)).toMatchObject({ name: 'ثامر الديحاني', name_en: 'Thamer Al-Daihani' })
    expect(new Set(election.candidates.map(({ name }) => name)).size).toBe(30)
    expect(new Set(election.candidates.map(({ name_en }) => name_en)).size).toBe(30)
  })
})

test('[D5] no string carries a control, format (bidi, joiner) or private character, or a presentation form', () => {
  const strings = stringsOf(election)
  expect(strings.length).toBeGreaterThan(electors.length * 4)
  const hidden = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Cn}\u0640\uFB50-\uFDFF\uFE70-\uFEFF]/u
  expect(strings.filter((text) => hidden.test(text) || text !== text.normalize('NFC') || text !== text.trim())).toEqual([])
})

describe('[D6] the demo logins', () => {
  const assigned = (login: string) =>
    election.assignments
      .filter((assignment) => assignment.login === login)
      .map((assignment) => ('site' in assignment ? assignment.site : assignment.committee))

  test('[D6.1] are the ten the contract names, and cover every role', () => {
    expect(demoLogins.map(({ login }) => login)).toEqual([
      ...['admin', 'supervisor1', 'coordinator1', 'coordinator2', 'marker1'],
      ...['counter1', 'counter2', 'collector1', 'viewer1', 'outsider1'],
    ])
    expect(new Set(demoLogins.map(({ role }) => role))).toEqual(new Set(roles))
  })

  test('[D6.2] share the first committees and committee 7, the supervisor by site; the outsider has none', () => {
    for (const login of ['coordinator1', 'coordinator2', 'marker1', 'counter1', 'counter2', 'collector1', 'viewer1'])
      expect(assigned(login)).toEqual(['u01', 'u02', 'u03', 'u07'])
    expect(assigned('supervisor1')).toEqual(['head-office', 'workshops'])
    expect(assigned('outsider1')).toEqual([])
    const known = new Set([...election.committees, ...election.sites].map(({ id }) => id))
    expect(election.assignments.every(({ login }) => assigned(login).every((place) => known.has(place)))).toBe(true)
  })
})
