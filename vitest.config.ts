import solid from 'vite-plugin-solid'
import { defineConfig } from 'vitest/config'

// Three rooms of tests: `unit` is pure and fast; `server` starts real processes, so its files run one after the other; `client`
// compiles Solid's JSX for the DOM.
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{contract,actors,load,migrations}/**/*.test.ts', 'server/*.test.ts', 'server/*/*.test.ts'],
          exclude: ['server/test/**', '**/node_modules/**'],
        },
      },
      {
        test: {
          name: 'server',
          include: ['server/test/**/*.test.ts'],
          globalSetup: 'server/test/setup.ts',
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
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
