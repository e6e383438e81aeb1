import type { Candidate, CommitteeEntry, Election } from '#contract/api.ts'
import { digits, language } from '../settings.ts'
import { inDigits } from './digits.ts'

// A name breaks between its parts and nowhere else: "Al-Rashed" stays whole by a word joiner after the hyphen.
const whole = (name: string): string => name.replaceAll('-', '-\u2060')

/** A name as given name, the rest of it, and its last part (family). */
export function nameParts(name: string): { readonly given: string; readonly rest: string; readonly last: string } {
  const [given = '', ...rest] = whole(name.trim()).split(/\s+/)
  return { given, rest: rest.join(' '), last: rest.at(-1) ?? '' }
}

/** Given and family name: what a toast has room for. */
export function shortName(name: string): string {
  const { given, last } = nameParts(name)
  return last === '' ? given : `${given} ${last}`
}

export const inLanguage = (arabic: string, english: string | undefined): string => (language() === 'en' ? (english ?? arabic) : arabic)

/** A person's name, whole. */
export const personName = (person: { readonly name: string; readonly name_en?: string }): string =>
  whole(inLanguage(person.name, person.name_en))

export const electionName = (election: Election): string => inDigits(inLanguage(election.name, election.name_en), digits())
export const siteName = (entry: CommitteeEntry): string => inDigits(inLanguage(entry.site, entry.site_en), digits())
export const committeeName = (entry: CommitteeEntry): string => inDigits(inLanguage(entry.name, entry.name_en), digits())
export const candidateName = (candidate: Candidate): string => inLanguage(candidate.name, candidate.name_en)
export const listName = (candidate: Candidate): string => inLanguage(candidate.list, candidate.list_en)
