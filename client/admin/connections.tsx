import { createMemo, Show } from 'solid-js'
import type { ConnectionsAnswer, ConnectionsPoint } from '#contract/api.ts'
import { Curve } from '../design/curve.tsx'
import { CurveFigures } from '../design/curve-figures.tsx'
import { clock, figure, moment, say, text } from '../i18n/say.tsx'

/** Now, on all processes, and the last day. */
export function Connections(props: { readonly answer: ConnectionsAnswer | undefined; readonly committees: number }) {
  const unsent = () => (props.answer?.users ?? []).reduce((sum, one) => sum + one.unsent, 0)
  const shown = (n: number | undefined) => (n === undefined ? '…' : figure(n))
  return (
    <>
      <section class="card adm-now" aria-labelledby="adm-now">
        <h2 id="adm-now">{say('adm.now')}</h2>
        <p class="adm-hero">
          <b>{shown(props.answer?.connections)}</b> {say('adm.of_people', { n: props.answer?.users.length ?? 0 })}
        </p>
        <dl>
          <div>
            <dt>{say('adm.documents')}</dt>
            <dd>
              {shown(props.answer?.documents)}
              <small> / {figure(props.committees)}</small>
            </dd>
          </div>
          <div>
            <dt>{say('adm.processes')}</dt>
            <dd>{shown(props.answer?.instances.length)}</dd>
          </div>
          <div>
            <dt>{say('adm.unsent')}</dt>
            <dd>{shown(props.answer === undefined ? undefined : unsent())}</dd>
          </div>
        </dl>
      </section>
      <Trend trend={props.answer?.trend ?? []} />
    </>
  )
}

function Trend(props: { readonly trend: readonly ConnectionsPoint[] }) {
  const points = createMemo(() => props.trend.map(({ at_ms, connections }) => ({ at_ms, n: connections })))
  const peak = createMemo(() =>
    props.trend.reduce<ConnectionsPoint | undefined>(
      (top, one) => (top !== undefined && top.connections >= one.connections ? top : one),
      undefined,
    ),
  )
  return (
    <section class="card adm-trend" aria-labelledby="adm-trend">
      <header class="adm-head">
        <h2 id="adm-trend">{say('adm.trend')}</h2>
        <p class="grow">
          <Show when={peak()}>
            {(top) => say('adm.peak', { n: figure(top().connections), when: clock(Math.min(top().at_ms, Date.now())) })}
          </Show>
        </p>
        <Show when={points().length > 1}>
          <CurveFigures
            title={say('adm.trend')}
            columns={[say('adm.connections'), say('adm.people')]}
            rows={props.trend.map((point) => [moment(point.at_ms), figure(point.connections), figure(point.users)])}
          />
        </Show>
      </header>
      <Show when={points().length > 1} fallback={<p class="py-4 text-label text-text-2">{say('adm.trend_none')}</p>}>
        <Curve
          points={points()}
          label={(from, to) => text('adm.curve', { from: clock(from), to: clock(to), n: figure(peak()?.connections ?? 0) })}
        />
      </Show>
    </section>
  )
}
