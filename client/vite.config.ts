import { fileURLToPath } from 'node:url'
import tailwindcss from '@tailwindcss/vite'
import { defineConfig } from 'vite'
import solid from 'vite-plugin-solid'
import { precache } from './sw/precache.ts'

// The server of `make up`, which `vite` (hot reload) stands in front of.
const server = 'http://127.0.0.1:3000'

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [solid(), tailwindcss(), precache()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    // Fonts stay files: inlined they would be fetched again with every new stylesheet.
    assetsInlineLimit: 0,
  },
  // Two copies of Yjs break its instanceof checks, two of Solid its owners.
  resolve: { dedupe: ['yjs', 'solid-js'] },
  server: {
    proxy: { '/api': server, '/collaboration': { target: server, ws: true } },
  },
})
