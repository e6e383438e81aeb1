import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { assert } from '#contract/result.ts'
import type { DemoCandidate, DemoCommittee, DemoElection } from './election.ts'
import { assignmentsTo, demoLogins } from './logins.ts'

const resultsFile = join(import.meta.dirname, 'data/delaware-2018-us-senate.csv')
const header = 'committee_code,committee_name,candidate,party,votes'

/**
 * Delaware's 436 election districts of 6 November 2018, for counting. The districts, candidates and parties are those of the results
 * file beside this; its votes are left for `make replay` to call. There are no electors: the real register is nobody's demo, an
 * invented one of half a million would say nothing about a count, and a committee without a roll is a case the app has to bear.
 */
export function delaware(results: string = readFileSync(resultsFile, 'utf8')): DemoElection & {
  readonly committees: readonly DemoCommittee[]
} {
  const lines = results.trim().split(/\r?\n/)
  assert(lines.shift() === header, 'the results file kept in the project has its columns')
  const candidates = new Map<string, DemoCandidate>()
  const sites = new Map<string, { id: string; name: string; name_en: string }>()
  const committees = new Map<string, DemoCommittee>()
  for (const line of lines) {
    // No field of this file holds a comma or a quote; a file from elsewhere goes through the import.
    const [code = '', name = '', candidate = '', party = ''] = line.split(',')
    if (!candidates.has(candidate)) {
      candidates.set(candidate, { number: candidates.size + 1, name: candidate, name_en: candidate, list: party, list_en: party })
    }
    if (committees.has(code)) continue
    const { site, siteName } = siteOf(code, name)
    sites.set(site, { id: site, name: siteName, name_en: siteName })
    committees.set(code, { id: `de-${code.toLowerCase()}`, code, name, name_en: name, site, electors: [] })
  }
  const rooms = [...committees.values()]
  const [first, second] = sites.keys()
  return {
    id: 'delaware',
    name: 'مجلس الشيوخ الأمريكي، ديلاوير 2018',
    name_en: 'US Senate, Delaware 2018',
    date: '2018-11-06',
    phase: 'counting',
    choices_per_ballot: 1,
    sites: [...sites.values()],
    committees: rooms,
    candidates: [...candidates.values()],
    users: demoLogins,
    assignments: assignmentsTo(
      rooms.slice(0, 4).map(({ id }) => id),
      [first ?? '', second ?? ''],
    ),
  }
}

/** `NE-03-01`, `New Castle 03-01`: district 3 of representative district 1, which is the nearest there is to a supervisor's site. */
function siteOf(code: string, name: string): { readonly site: string; readonly siteName: string } {
  const [county = '', , district = ''] = code.split('-')
  return { site: `${county}-${district}`, siteName: `${name.slice(0, name.lastIndexOf(' '))} ${district}` }
}
