import { monitorEventLoopDelay } from 'node:perf_hooks'
import { Counter, collectDefaultMetrics, Gauge, Histogram, type LabelValues, Registry } from 'prom-client'

const quick_s = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10] as const

type Row =
  | { readonly kind: 'counter' | 'gauge'; readonly labels: readonly string[]; readonly help: string }
  | { readonly kind: 'histogram'; readonly labels: readonly string[]; readonly help: string; readonly buckets: readonly number[] }

/** Every metric of ours; exported with the prefix `lajna_`. The table in docs is generated from here. */
export const metricTable = {
  connections: { kind: 'gauge', labels: [], help: 'Open WebSocket connections.' },
  connections_per_user_max: { kind: 'gauge', labels: [], help: 'Connections of the person who has most of them.' },
  connections_unauthenticated: { kind: 'gauge', labels: [], help: 'Connections nobody has logged in on yet.' },
  connections_delayed: {
    kind: 'gauge',
    labels: [],
    help: 'Connections that are not read now, because they are over a rate or wait for answers.',
  },
  connections_silent_total: { kind: 'counter', labels: [], help: 'Connections cut because they answered no ping.' },
  people: { kind: 'gauge', labels: [], help: 'Devices that say they are in a committee, on connections of this process.' },
  awareness_messages_total: {
    kind: 'counter',
    labels: ['direction'],
    help: 'Messages of presence: in from connections, out to them.',
  },
  documents: { kind: 'gauge', labels: [], help: 'Documents in memory.' },
  committees_awake: { kind: 'gauge', labels: [], help: 'Committee actors that are awake.' },
  conflicts_open: { kind: 'gauge', labels: [], help: 'Conflicts that wait for a person, in committees that are awake.' },
  mailbox_depth: { kind: 'gauge', labels: [], help: 'Messages waiting, of all actors.' },
  turn_seconds: { kind: 'histogram', labels: ['actor'], help: 'Length of one turn, by the kind of actor.', buckets: quick_s },
  admissions_total: { kind: 'counter', labels: ['verdict'], help: 'Updates judged.' },
  refusals_total: { kind: 'counter', labels: ['code'], help: 'Refusals of every kind, HTTP and socket, by code.' },
  quarantine_total: {
    kind: 'counter',
    labels: ['outcome'],
    help: 'Refused updates kept aside (refused, late), not kept (no-room), and decided on (admitted, dropped).',
  },
  delays_total: {
    kind: 'counter',
    labels: ['cause'],
    help: "Times a connection was not read: over its messages, its user's or its bytes; for want of answers or of a turn for a large frame; and presence states of which only the last counted.",
  },
  journal_commit_seconds: { kind: 'histogram', labels: [], help: 'Time of one append to the journal, commit included.', buckets: quick_s },
  journal_batch_rows: { kind: 'histogram', labels: [], help: 'Rows of one append.', buckets: [1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000] },
  journal_lag_rows: { kind: 'gauge', labels: [], help: 'Accepted updates of this process that are not committed yet.' },
  ack_seconds: { kind: 'histogram', labels: [], help: "From an update's arrival to its acknowledgement.", buckets: quick_s },
  event_loop_lag_seconds: { kind: 'gauge', labels: [], help: "99th percentile of the event loop's delay since the last scrape." },
  http_request_seconds: {
    kind: 'histogram',
    labels: ['method', 'route', 'status'],
    help: 'HTTP requests, by route pattern.',
    buckets: quick_s,
  },
} as const satisfies Record<string, Row>

type Table = typeof metricTable
type Label<R extends Row> = R['labels'][number]
type Metric<R extends Row> = R['kind'] extends 'counter'
  ? Counter<Label<R>>
  : R['kind'] extends 'gauge'
    ? Gauge<Label<R>>
    : Histogram<Label<R>>

export type Metrics = { readonly [Name in keyof Table]: Metric<Table[Name]> } & { readonly registry: Registry }

/** One registry a server, so that two in one process (tests) do not share their figures. */
export function makeMetrics(instance: string): Metrics {
  const registry = new Registry()
  registry.setDefaultLabels({ instance } satisfies LabelValues<string>)
  collectDefaultMetrics({ register: registry })
  const make = (name: string, row: Row) => {
    const options = { name: `lajna_${name}`, help: row.help, labelNames: [...row.labels], registers: [registry] }
    if (row.kind === 'histogram') return new Histogram({ ...options, buckets: [...row.buckets] })
    return row.kind === 'counter' ? new Counter(options) : new Gauge(options)
  }
  const made = Object.fromEntries(Object.entries(metricTable).map(([name, row]) => [name, make(name, row)]))
  const metrics = { ...made, registry } as Metrics
  measureEventLoop(metrics.event_loop_lag_seconds)
  return metrics
}

/** Gauges whose figures somebody else keeps: asked when they are scraped. */
export type Figures = Readonly<
  Record<
    | 'connections'
    | 'connections_unauthenticated'
    | 'connections_delayed'
    | 'connections_per_user_max'
    | 'people'
    | 'documents'
    | 'committees_awake'
    | 'mailbox_depth'
    | 'journal_lag_rows',
    number
  >
>

export function setFigures(metrics: Metrics, figures: Figures): void {
  for (const [name, value] of Object.entries(figures)) metrics[name as keyof Figures].set(value)
}

function measureEventLoop(gauge: Metrics['event_loop_lag_seconds']): void {
  const resolution_ms = 10
  const delay = monitorEventLoopDelay({ resolution: resolution_ms })
  delay.enable()
  // What is measured is the time between two ticks of the monitor's own timer: without its period, the lag.
  const read = () => {
    gauge.set(Math.max(0, delay.percentile(99) / 1e9 - resolution_ms / 1e3))
    delay.reset()
  }
  Object.assign(gauge, { collect: read })
}
