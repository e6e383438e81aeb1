import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'

// Everything CI runs, one step after the other, each to its end even where one before it failed. The last line adds them up.

type Counts = { passed: number; failed: number }
type Step = { readonly name: string; readonly command: readonly string[]; readonly count: (status: number) => Counts }

const reports = join(import.meta.dirname, '../../build/reports')
rmSync(reports, { recursive: true, force: true })
mkdirSync(reports, { recursive: true })

/** A step without tests of its own is one. */
const asOne = (status: number): Counts => (status === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 })

/** A report that is missing or empty is a failure: a runner that ran nothing has shown nothing. */
function fromReport(file: string, read: (report: unknown) => Counts): (status: number) => Counts {
  return (status) => {
    try {
      const counts = read(JSON.parse(readFileSync(join(reports, file), 'utf8')))
      const silent = counts.passed + counts.failed === 0 || (status !== 0 && counts.failed === 0)
      return silent ? { ...counts, failed: counts.failed + 1 } : counts
    } catch {
      return { passed: 0, failed: 1 }
    }
  }
}

const vitest = (name: string, ...projects: string[]): Step => ({
  name,
  command: [
    'vitest',
    'run',
    ...projects.flatMap((project) => ['--project', project]),
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${join(reports, `${name}.json`)}`,
  ],
  count: fromReport(`${name}.json`, (report) => {
    const { numPassedTests, numFailedTests } = report as { numPassedTests: number; numFailedTests: number }
    return { passed: numPassedTests, failed: numFailedTests }
  }),
})

const steps: readonly Step[] = [
  { name: 'machine', command: ['node', 'server/test/machine.ts'], count: asOne },
  { name: 'types', command: ['tsc', '-b'], count: asOne },
  { name: 'lint', command: ['biome', 'check', '.'], count: asOne },
  { name: 'unused code', command: ['knip'], count: asOne },
  vitest('unit', 'unit', 'client', 'fuzz'),
  { name: 'client', command: ['vite', 'build', 'client'], count: asOne },
  vitest('server', 'server'),
  {
    name: 'browser',
    command: ['playwright', 'test', '--config', 'client/e2e/playwright.config.ts'],
    count: fromReport('browser.json', (report) => {
      const { expected, flaky, unexpected } = (report as { stats: { expected: number; flaky: number; unexpected: number } }).stats
      // A test that passed at the second try has failed once: there are no second tries here.
      return { passed: expected, failed: unexpected + flaky }
    }),
  },
]

function run([command = '', ...words]: readonly string[]): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(command, words, { stdio: ['ignore', 'inherit', 'inherit'] })
    child.on('error', (fault) => {
      console.error(`${command} does not start: ${fault.message}`)
      resolve(127)
    })
    child.on('exit', (status) => resolve(status ?? 1))
  })
}

const lines: string[] = []
const all: Counts = { passed: 0, failed: 0 }
for (const { name, command, count } of steps) {
  console.log(`\n── ${name}`)
  const began_ms = performance.now()
  const { passed, failed } = count(await run(command))
  all.passed += passed
  all.failed += failed
  lines.push(
    `${failed === 0 ? '✓' : '✗'} ${name.padEnd(12)} ${String(passed).padStart(5)} passed, ${failed} failed, ${Math.round((performance.now() - began_ms) / 1_000)} s`,
  )
}
console.log(`\n${lines.join('\n')}\n`)
console.log(`${all.passed} passed, ${all.failed} failed`)
process.exitCode = all.failed === 0 ? 0 : 1
