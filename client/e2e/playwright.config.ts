import { defineConfig } from '@playwright/test'
import { chromium } from './browser.ts'

// One worker: each file has a server and a database of its own, and the machine has two cores. Nothing is recorded: what fails
// says in words what it waited for, and `--trace on` is there for whoever wants to watch.
export default defineConfig({
  testDir: '.',
  outputDir: '../../test-results',
  workers: 1,
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  forbidOnly: true,
  reporter: [['list'], ['json', { outputFile: '../../build/reports/browser.json' }]],
  use: { actionTimeout: 10_000, navigationTimeout: 15_000, launchOptions: chromium },
})
