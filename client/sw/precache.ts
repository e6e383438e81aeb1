import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import type { Plugin, Rollup } from 'vite'
import type { Build } from './build.ts'

// A plugin of our own instead of vite-plugin-pwa: that one brings Workbox (a runtime of 15 KB and a build of 200 packages) for
// what are 60 lines here, and its worker neither checks what it keeps nor leaves the version before to pages that still run it.

const entry = 'sw'

/** Rarely used letters come from the network when a name has them; the other two are in every screen of both languages. */
const isLeftOut = (path: string): boolean => path.includes('latin-ext')

/** Builds the worker as `/sw.js`, in one piece, with the list of files it keeps at its head. */
export function precache(): Plugin {
  return {
    name: 'lajna-precache',
    apply: 'build',
    enforce: 'post',
    config: () => ({
      build: {
        rolldownOptions: {
          input: {
            index: fileURLToPath(new URL('../index.html', import.meta.url)),
            [entry]: fileURLToPath(new URL('./worker.ts', import.meta.url)),
          },
          output: { entryFileNames: ({ name }) => (name === entry ? '[name].js' : 'assets/[name]-[hash].js') },
        },
      },
    }),
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        const worker = bundle[`${entry}.js`]
        if (worker?.type !== 'chunk' || worker.imports.length > 0)
          return this.error('the worker must be one file: share no code with the app')
        worker.code = `self.build=${JSON.stringify(buildOf(bundle, worker))};\n${worker.code}`
      },
    },
  }
}

function buildOf(bundle: Rollup.OutputBundle, worker: Rollup.OutputChunk): Build {
  const files = Object.values(bundle)
    .filter((file) => file !== worker && !isLeftOut(file.fileName))
    .map((file) => [pathOf(file.fileName), integrityOf(file.type === 'chunk' ? file.code : file.source)] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
  const version = createHash('sha256').update(JSON.stringify(files)).update(worker.code).digest('hex').slice(0, 16)
  return { version, files: Object.fromEntries(files) }
}

const pathOf = (fileName: string): string => (fileName === 'index.html' ? '/' : `/${fileName}`)

const integrityOf = (content: string | Uint8Array): string => `sha256-${createHash('sha256').update(content).digest('base64')}`
