import { defineConfig } from '@playwright/test'
import { chromium } from './browser.ts'

// Two files at a time, each with a server and a database of its own: much of a test is people's pauses. What measures runs alone, after
// the others. Nothing is recorded: what fails says in words what it waited for, and `--trace on` is there for whoever wants to watch.
const measured = '**/speed.spec.ts'

export default defineConfig({
  testDir: '.',
  outputDir: '../../test-results',
  workers: 2,
  projects: [
    { name: 'app', testIgnore: measured },
    { name: 'speed', testMatch: measured, dependencies: ['app'] },
  ],
  retries: 0,
  // Long, because nothing here asserts how fast: a machine that others use as well may take ten times as long.
  timeout: 240_000,
  expect: { timeout: 40_000 },
  forbidOnly: true,
  reporter: [['list'], ['json', { outputFile: '../../build/reports/browser.json' }]],
  use: { actionTimeout: 40_000, navigationTimeout: 60_000, launchOptions: chromium },
})
