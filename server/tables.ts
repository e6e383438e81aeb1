import { table } from '#contract/tables.ts'
import { variableTable } from './config.ts'
import { metricTable } from './observe/metrics.ts'

/** Markdown of the server's tables, by the name they have in a document's markers (see contract/tables.ts). */
export const serverTables: Readonly<Record<string, () => string>> = {
  environment: () =>
    table(
      ['variable', 'default', ''],
      Object.entries(variableTable).map(([name, { default: standard, meaning }]) => [`\`${name}\``, standard, meaning]),
    ),
  metrics: () =>
    table(
      ['metric', 'kind', 'labels', ''],
      Object.entries(metricTable).map(([name, { kind, labels, help }]) => [`\`lajna_${name}\``, kind, labels.join(', '), help]),
    ),
}
