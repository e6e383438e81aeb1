import solid from 'vite-plugin-solid'
import { defineConfig } from 'vitest/config'

// Four rooms of tests: `unit` is pure and fast; `fuzz` is pure and long; `server` starts real processes, so its files run one after the
// other; `client` compiles Solid's JSX for the DOM.
const fuzz = 'actors/committee/{admission/{fuzz,histories},conflicts/simulation}.test.ts'

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{contract,actors,load,migrations}/**/*.test.ts', 'server/*.test.ts', 'server/*/*.test.ts'],
          exclude: ['server/test/**', fuzz, '**/node_modules/**'],
        },
      },
      { test: { name: 'fuzz', include: [fuzz] } },
      {
        test: {
          name: 'server',
          include: ['server/test/**/*.test.ts'],
          globalSetup: 'server/test/setup.ts',
          fileParallelism: false,
          // Long, because nothing here asserts how fast: a machine that others use as well may take ten times as long.
          testTimeout: 240_000,
          hookTimeout: 240_000,
        },
      },
      {
        plugins: [solid({ ssr: false })],
        test: {
          name: 'client',
          environment: 'node',
          include: ['client/**/*.test.{ts,tsx}'],
          exclude: ['client/e2e/**', '**/node_modules/**'],
          server: { deps: { inline: [/solid-js/] } },
        },
      },
    ],
  },
})
