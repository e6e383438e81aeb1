import { createMemo, Show } from 'solid-js'
import type { CurvePoint } from '#contract/events.ts'
import { Curve } from '../design/curve.tsx'
import { CurveFigures } from '../design/curve-figures.tsx'
import { clock, figure, say, text } from '../i18n/say.tsx'
import type { Totals } from '../sync/events/totals.ts'
import { percentOf } from './percent.ts'
import { turnoutPoints } from './turnout-points.ts'
import './turnout.css'

/** How many came, of how many; and how they came over the day. `isAll`: the curve is of everything in the picture, and only then shown. */
export function Turnout(props: {
  readonly totals: Totals
  readonly curve: readonly CurvePoint[]
  readonly isAll: boolean
  readonly now_ms: number
}) {
  const points = createMemo(() => turnoutPoints(props.curve, props.totals.attended, props.now_ms))
  return (
    <section class="card ov-turnout" aria-labelledby="ov-turnout">
      <header class="ov-head">
        <h2 id="ov-turnout">{say('ov.turnout')}</h2>
        <p class="grow">{say('ov.until', { when: clock(props.now_ms) })}</p>
        <Show when={props.isAll && points().length > 1}>
          <CurveFigures
            title={say('ov.turnout')}
            columns={[say('ov.attended'), say('ov.ballots')]}
            rows={props.curve.map((point) => [clock(point.at_ms), figure(point.attended), figure(point.ballots)])}
          />
        </Show>
      </header>
      <p class="ov-hero">
        <b>{figure(props.totals.attended)}</b> <span>{say('ov.of', { of: figure(props.totals.electors) })}</span>{' '}
        <Show when={props.totals.electors > 0}>
          <em>{percentOf(props.totals.attended / props.totals.electors)}</em>
        </Show>
      </p>
      <p class="ov-strike">
        <b>{figure(props.totals.strike)}</b> {say('ov.strike')}
      </p>
      <Show
        when={props.isAll && points().length > 1}
        fallback={<p class="py-4 text-label text-text-2">{say(props.isAll ? 'ov.curve_none' : 'ov.curve_all')}</p>}
      >
        <Curve
          points={points()}
          label={(from, to) => text('ov.curve', { from: clock(from), to: clock(to), n: figure(props.totals.attended) })}
        />
      </Show>
    </section>
  )
}
