import { expect, test } from 'vitest'
import { makeMetrics, metricTable, setFigures } from './metrics.ts'

test('every row of the table is exported under the prefix, of its kind and with its help', async () => {
  const text = await makeMetrics('one').registry.metrics()
  for (const [name, row] of Object.entries(metricTable)) {
    expect(text).toContain(`# HELP lajna_${name} ${row.help}`)
    expect(text).toContain(`# TYPE lajna_${name} ${row.kind}`)
  }
})

test('figures kept elsewhere are set at the scrape; two registries share nothing', async () => {
  const [one, two] = [makeMetrics('one'), makeMetrics('two')]
  setFigures(one, {
    connections: 3,
    connections_unauthenticated: 1,
    connections_delayed: 1,
    connections_per_user_max: 2,
    people: 5,
    documents: 1,
    committees_awake: 1,
    mailbox_depth: 4,
    journal_lag_rows: 5,
  })
  expect(await one.registry.metrics()).toContain('lajna_mailbox_depth{instance="one"} 4')
  expect(await two.registry.metrics()).toContain('lajna_mailbox_depth{instance="two"} 0')
})
