import type { JSX } from 'solid-js'
import type { Alarm } from '#contract/alarms.ts'
import type { CommitteeOverview } from '#contract/events.ts'
import { clock, figure, numeral, say, text } from '../i18n/say.tsx'
import type { Route, Tab } from '../route.ts'

const letter = (sheet: 'A' | 'B' | 'C' | 'D'): string => text(`count.letter_${sheet}`)

/** What is amiss, without where. */
export function alarmWhat(alarm: Alarm, { summary }: CommitteeOverview): JSX.Element {
  const difference = summary?.difference
  if (alarm.kind === 'difference' && difference !== undefined)
    return say('ov.alarm_difference', { ballot: numeral(difference.n), one: letter(difference.one), other: letter(difference.other) })
  if (alarm.kind === 'difference' || alarm.kind === 'nobody') return say('ov.alarm_nobody')
  return say(`ov.alarm_${alarm.kind}`, { n: figure(alarm.n) })
}

/** Since when, as far as it is known; else when something last came from there. */
export function alarmSince(alarm: Alarm, { summary }: CommitteeOverview, now_ms: number): JSX.Element {
  const minutes = (at_ms: number) => figure(Math.max(0, Math.floor((now_ms - at_ms) / 60_000)))
  const { since_ms } = alarm
  if (since_ms !== undefined && alarm.kind === 'nobody') return say('ov.last_ago', { when: clock(since_ms), minutes: minutes(since_ms) })
  if (since_ms !== undefined) return say('ov.since_ago', { when: clock(since_ms), minutes: minutes(since_ms) })
  if (summary?.last_ms === undefined) return say('ov.never')
  return say('ov.last', { when: clock(summary.last_ms) })
}

/** Where it is looked into; undefined where that is the committee's sheet here. */
export function alarmPlace({ kind, committee }: Alarm): Route | undefined {
  if (kind === 'nobody' || kind === 'unsent') return undefined
  const tabs: Readonly<Record<typeof kind, Tab>> = {
    difference: 'count',
    check: 'figures',
    conflict: 'roll',
    aside: 'aside',
    waiting: 'figures',
  }
  return { place: 'committee', id: committee, tab: tabs[kind], ...(kind === 'conflict' ? { list: 'conflicts' } : {}) }
}
