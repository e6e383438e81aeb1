import { type FigureSource, figureSources } from '#contract/document/keys.ts'
import type { Notice, NoticeCode } from '#contract/events.ts'
import type { CommitteeId } from '#contract/ids.ts'
import type { Phase, Right } from '#contract/rights.ts'
import type { CommitteeSummary } from '#contract/summary.ts'

/** What a person may do in a committee, and the phase it is in. */
export type Reading = { readonly rights: readonly Right[]; readonly phase: Phase }

/** Whom a notice concerns: who has one of these rights there. Of one's own rights, and of the phase, everybody hears who reads there. */
const concerns: Readonly<Record<NoticeCode, readonly Right[]>> = {
  assigned: ['read'],
  rights: ['read'],
  phase: ['read'],
  conflict: ['guarantees', 'rule'],
  'figures-differ': ['figures', 'rule'],
  'sheets-differ': ['count', 'rule'],
  aside: ['rule'],
}

export const isConcerned = ({ rights }: Reading, code: NoticeCode): boolean =>
  rights.includes('read') && concerns[code].some((right) => rights.includes(right))

type News = Pick<Notice, 'code' | 'subject'>

const about = (code: NoticeCode, subject: string | undefined): News => ({ code, ...(subject === undefined ? {} : { subject }) })

/** What is new for people in a summary. Only what begins: what ends is seen in the picture. */
export function noticesOf(after: CommitteeSummary, before: CommitteeSummary | undefined): readonly News[] {
  const news: News[] = []
  if (after.conflicts > (before?.conflicts ?? 0)) {
    const { conflict_elector: elector } = after
    // The picture names the elector of the oldest: that is the new one only where it is the first.
    const isOnly = (before?.conflicts ?? 0) === 0 && elector !== undefined
    news.push(about('conflict', isOnly ? String(elector) : undefined))
  }
  for (const source of figureSources) {
    if (after.figures[source].differ <= (before?.figures[source].differ ?? 0)) continue
    news.push(about('figures-differ', figureOf(source, after, before)))
  }
  const { difference } = after
  if (difference !== undefined && difference.n !== before?.difference?.n) news.push(about('sheets-differ', String(difference.n)))
  return news
}

/** The figure that was known and is not any more, where there is one such; otherwise only its source. */
function figureOf(source: FigureSource, after: CommitteeSummary, before: CommitteeSummary | undefined): string {
  const lost = Object.keys(before?.figures[source].values ?? {}).filter((name) => after.figures[source].values[name] === undefined)
  return lost.length === 1 ? `${source}/${lost[0]}` : source
}

/** What is new for a person in what they may do. */
export function accessNotices(after: Reading, before: Reading | undefined): readonly News[] {
  if (before === undefined) return [about('assigned', undefined)]
  const rights = after.rights.join() === before.rights.join() ? [] : [about('rights', undefined)]
  return after.phase === before.phase ? rights : [...rights, about('phase', after.phase)]
}

/** Of the same kind, place and subject only the last waits. */
export const noticeKey = ({ code, committee, subject }: { code: NoticeCode; committee: CommitteeId; subject?: string }): string =>
  `${code} ${committee} ${subject ?? ''}`
