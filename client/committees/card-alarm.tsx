import { Show } from 'solid-js'
import type { Alarm } from '#contract/alarms.ts'
import type { CommitteeOverview } from '#contract/events.ts'
import { alarmWhat } from '../overview/alarm-words.tsx'
import { looks } from '../overview/looks.ts'

const chips = { differs: 'alarm', nobody: 'alarm', fails: 'alarm', warn: 'warn', here: 'here' } as const

/** The most urgent of what is amiss there: the badge of the committee. */
export default function CardAlarm(props: { readonly alarm: Alarm; readonly line: CommitteeOverview | undefined }) {
  const look = () => looks[props.alarm.kind]
  const Icon = look().icon
  return (
    <span class={`chip ${chips[look().tone]} self-start`} data-alarm={props.alarm.kind}>
      <Icon size={16} />
      <Show when={props.line}>{(line) => <span>{alarmWhat(props.alarm, line())}</span>}</Show>
    </span>
  )
}
