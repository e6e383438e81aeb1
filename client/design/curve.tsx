import { createMemo, createUniqueId, For } from 'solid-js'
import { clock, figure } from '../i18n/say.tsx'
import { language } from '../settings.ts'
import { figureAxis, type Point, timeAxis } from './axes.ts'
import './curve.css'

const width = 640
const height = 240
const room = { start: 8, end: 60, top: 14, bottom: 26 }

/** Time runs as the page reads: from the right in Arabic. Figures stand where the line begins. */
export function Curve(props: {
  readonly points: readonly Point[]
  /** What a screen reader hears of it; its figures are in a table elsewhere. */
  readonly label: (from_ms: number, to_ms: number) => string
}) {
  const title = createUniqueId()
  const times = createMemo(() => timeAxis(props.points))
  const figures = createMemo(() => figureAxis(Math.max(...props.points.map(({ n }) => n))))
  const last = () => props.points.at(-1) ?? { at_ms: 0, n: 0 }
  const isRtl = () => language() === 'ar'
  const side = (from_start: number) => (isRtl() ? width - from_start : from_start)
  const x = (at_ms: number) => {
    const { min, max } = times()
    return side(room.end + ((at_ms - min) / (max - min)) * (width - room.end - room.start - 56))
  }
  const y = (n: number) => height - room.bottom - (n / figures().max) * (height - room.top - room.bottom)
  const path = () => props.points.map(({ at_ms, n }, at) => `${at === 0 ? 'M' : 'L'}${x(at_ms).toFixed(1)} ${y(n).toFixed(1)}`).join('')
  return (
    <svg class="curve" viewBox={`0 0 ${width} ${height}`} role="img" aria-labelledby={title}>
      <title id={title}>{props.label(times().min, times().max)}</title>
      <For each={figures().ticks}>
        {(n) => (
          <>
            <line class="grid-line" x1={side(room.end)} x2={side(width - room.start - 56)} y1={y(n)} y2={y(n)} />
            <text x={side(room.end - 8)} y={y(n) + 4.5} text-anchor={isRtl() ? 'start' : 'end'} direction="ltr">
              {figure(n)}
            </text>
          </>
        )}
      </For>
      <For each={times().ticks}>
        {(at_ms) => (
          <text x={x(at_ms)} y={height - 6} text-anchor="middle" direction="ltr">
            {clock(at_ms)}
          </text>
        )}
      </For>
      <path class="area" d={`${path()}V${y(0)}H${x(times().min).toFixed(1)}Z`} />
      <path class="line" d={path()} />
      <circle class="dot" cx={x(last().at_ms)} cy={y(last().n)} r="5.5" />
      <text
        class="now"
        x={x(last().at_ms) + (isRtl() ? -10 : 10)}
        y={y(last().n) + 5}
        text-anchor={isRtl() ? 'end' : 'start'}
        direction="ltr"
      >
        {figure(last().n)}
      </text>
    </svg>
  )
}
