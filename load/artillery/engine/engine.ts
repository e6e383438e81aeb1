import { writeFileSync } from 'node:fs'
import { Day } from '../../day/day.ts'
import { type Plan, readPlan } from '../../day/plan.ts'
import type { Report } from '../../day/report.ts'
import { parseShape } from '../../day/shape.ts'

/** As far as it concerns us, what artillery gives an engine to report by. */
type Events = {
  emit(kind: 'counter' | 'histogram', name: string, value: number): void
  emit(kind: 'started' | 'error', what?: string): void
}
type Scenario = { readonly flow: readonly unknown[] }
type Done<Context> = (fault: Error | null, context: Context) => void

/**
 * Artillery's engine `crowd`: each of its virtual users is a person of load/driver and lives through one day. Artillery brings them, adds up
 * and judges the budgets; what they do is in load/day. It is imported by its real path, so that it shares the driver's one yjs.
 */
export default class CrowdEngine {
  private readonly plan: Plan

  constructor() {
    this.plan = readPlan(process.env)
  }

  createScenario<Context>({ flow }: Scenario, events: Events): (context: Context, done: Done<Context>) => void {
    const day = new Day(this.plan, parseShape(flow), {
      onAcknowledged: (wait_ms) => events.emit('histogram', 'acknowledgement_ms', wait_ms),
      onReport: (report) => {
        writeFileSync(this.plan.report, JSON.stringify(report))
        count(report, events)
      },
    })
    return (context, done) => {
      events.emit('started')
      day.live().then(
        () => done(null, context),
        (fault: Error) => {
          events.emit('error', fault.message)
          done(fault, context)
        },
      )
    }
  }
}

function count(report: Report, events: Events): void {
  const counters = {
    'edits.done': report.done,
    'edits.acknowledged': report.acknowledged,
    'edits.compared': report.compared,
    'edits.lost': report.lost,
    'people.given_up': report.givenUp.length,
    'people.returned': report.stages.reduce((sum, { returns }) => sum + returns, 0),
  }
  for (const [name, value] of Object.entries(counters)) events.emit('counter', name, value)
}
