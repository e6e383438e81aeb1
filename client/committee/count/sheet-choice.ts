import { createEffect, createMemo, createSignal } from 'solid-js'
import { type Sheet, sheets, type UserId } from '#contract/ids.ts'
import { personName } from '../../i18n/names.ts'
import type { CommitteeSession } from '../../sync/committee-session.ts'
import { freeSheet, type Opening, openings, type Standing } from './openings.ts'

/** Who counts on a sheet: those there now, with the ballot on their table, and all who have called one. */
export type OnSheet = {
  readonly sheet: Sheet
  readonly live: readonly { readonly user: UserId; readonly name: string; readonly ballot: number | undefined }[]
  readonly counters: readonly UserId[]
}

/**
 * Which sheet this person counts on, and what they are asked before. Lives as long as the committee's page. `goingOn`: on a sheet
 * they were at already.
 */
export function createSheetChoice(committee: CommitteeSession, me: UserId, goingOn?: Sheet) {
  const [isOpen, setOpen] = createSignal(false)
  const [chosen, setChosen] = createSignal<Sheet | undefined>(goingOn)
  const [asked, setAsked] = createSignal<Sheet>()
  const [took, setTook] = createSignal<UserId>()
  /** Pages whose taking over this person has answered. */
  const [answered, setAnswered] = createSignal<readonly number[]>([])
  let byHand = goingOn !== undefined

  const others = createMemo(() => committee.people().filter(({ user, away, at }) => user.id !== me && !away && at.view === 'count'))
  const on = (sheet: Sheet): OnSheet => ({
    sheet,
    live: others()
      .filter(({ at }) => at.sheet === sheet)
      .map(({ user, at }) => ({ user: user.id, name: personName(user), ballot: at.ballot })),
    counters: committee.countersOf(sheet),
  })
  const standing = (sheet: Sheet): Standing => {
    const { live, counters } = on(sheet)
    return {
      ballots: counters.includes(me) ? 'mine' : counters.length > 0 ? 'others' : 'none',
      live: live.length > 0 ? 'somebody' : 'nobody',
      link: committee.status().link === 'online' ? 'reached' : 'away',
    }
  }
  const opening = (sheet: Sheet): Opening => {
    const { ballots, live, link } = standing(sheet)
    return openings[ballots][live][link]
  }
  /** Where this person called a ballot last: a page loaded anew goes on there. */
  const lastOwn = (): Sheet | undefined => {
    const last = sheets.flatMap((sheet) => committee.recent(sheet)().slice(0, 1))
    return last.sort((a, b) => b.at_s - a.at_s)[0]?.sheet
  }
  const candidate = () => asked() ?? lastOwn() ?? 'A'
  const sheet = createMemo(() => chosen() ?? candidate())
  const mayCount = () => committee.rights().includes('count')
  const isUndecided = () => isOpen() && committee.loaded() && mayCount() && chosen() === undefined

  createEffect(() => {
    if (!isUndecided()) return
    const next = opening(candidate())
    if (next === 'begin' || next === 'go on') setChosen(candidate())
  })

  const decide = (next: Sheet) => {
    byHand = true
    setChosen(next)
    setAsked(undefined)
  }
  return {
    sheet,
    on,
    took: () => (chosen() === undefined ? undefined : took()),
    /** Whether this person is at work on `sheet`, for the others to see. */
    isCounting: () => isOpen() && mayCount() && chosen() !== undefined,
    /** The count is on the screen, or no longer. A sheet begun without a question is given back by leaving it without a ballot. */
    setOpen(open: boolean) {
      setOpen(open)
      if (!open && !byHand) setChosen(undefined)
      if (!open) setAsked(undefined)
    },
    question: () => (isUndecided() && opening(sheet()) === 'ask' ? on(sheet()) : undefined),
    check: () => freeSheet((one) => on(one).live.length > 0 || on(one).counters.length > 0),
    share: () => decide(sheet()),
    /** The same sheet, from the ballot the other has on the table, or after the last that was called. */
    takeOver() {
      const here = on(sheet())
      const from = here.live[0]
      const after = committee.ballots(here.sheet).reduce((last, { n, choices }) => (choices === undefined ? last : Math.max(last, n)), 0)
      committee.setNextBallot(here.sheet, from?.ballot ?? after + 1)
      setTook(from?.user ?? here.counters.find((user) => user !== me))
      decide(here.sheet)
    },
    begin(next: Sheet) {
      setTook(undefined)
      decide(next)
    },
    /** Another sheet, from the picker: asked about like the first where others are on it. */
    pick(next: Sheet) {
      if (next === sheet()) return
      setTook(undefined)
      if (opening(next) === 'ask') {
        setAsked(next)
        setChosen(undefined)
      } else decide(next)
    },
    /** Leaves a question about another sheet unanswered; false where there is no sheet to go back to. */
    dismiss(): boolean {
      const back = asked() === undefined ? undefined : lastOwn()
      if (back === undefined) return false
      decide(back)
      return true
    },
    /** Somebody has taken this sheet over from this person. */
    takenBy: createMemo(() =>
      isOpen() && chosen() !== undefined
        ? others().find(({ client, at }) => at.took === me && at.sheet === chosen() && !answered().includes(client))
        : undefined,
    ),
    answer: (client: number) => setAnswered((all) => [...all, client]),
  }
}
export type SheetChoice = ReturnType<typeof createSheetChoice>
