import { type Sheet, sheets } from '#contract/ids.ts'

/** How a sheet stands for somebody who opens it. `live`: others who have it open now. `link`: whether those can be known. */
export type Standing = {
  readonly ballots: 'none' | 'others' | 'mine'
  readonly live: 'nobody' | 'somebody'
  readonly link: 'reached' | 'away'
}

/** `begin` and `go on`: it is this person's sheet. `wait`: as long as nobody is known to be there, work begins; asked may still be. */
export type Opening = 'begin' | 'go on' | 'wait' | 'ask'

/** When a counter is asked. Whoever has a ballot on a sheet has answered; nobody is held up by a question about nobody. */
export const openings: Record<Standing['ballots'], Record<Standing['live'], Record<Standing['link'], Opening>>> = {
  none: { nobody: { reached: 'begin', away: 'wait' }, somebody: { reached: 'ask', away: 'ask' } },
  others: { nobody: { reached: 'ask', away: 'ask' }, somebody: { reached: 'ask', away: 'ask' } },
  mine: { nobody: { reached: 'go on', away: 'go on' }, somebody: { reached: 'go on', away: 'go on' } },
}

/** The sheet a further check of the box begins on: the first after A that nobody writes on or has written on. */
export const freeSheet = (isTaken: (sheet: Sheet) => boolean): Sheet | undefined => sheets.find((sheet) => sheet !== 'A' && !isTaken(sheet))
