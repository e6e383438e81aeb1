import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import express from 'express'
import { expect, onTestFinished, test } from 'vitest'
import { clientFiles } from './client-files.ts'
import { unknownAddress } from './problem.ts'

async function serve(files: Record<string, string>) {
  const dist = mkdtempSync(join(tmpdir(), 'lajna-dist-'))
  mkdirSync(join(dist, 'assets'))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dist, name), text)
  const server = express().use(clientFiles(dist), unknownAddress).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  onTestFinished(async () => {
    await new Promise((resolve) => server.close(resolve))
    rmSync(dist, { recursive: true })
  })
  return async (path: string, init: RequestInit = {}) => {
    const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`, init)
    return {
      status: response.status,
      cache: response.headers.get('cache-control'),
      type: response.headers.get('content-type')?.split(';')[0],
      text: await response.text(),
    }
  }
}

const built = { 'index.html': 'the page', 'manifest.webmanifest': '{}', 'sw.js': 'the worker', 'assets/app-1a2b.js': 'the app' }

test('the page is given for every address of the app, and is never kept', async () => {
  const get = await serve(built)
  for (const path of ['/', '/committees/north-1', '/index.html']) {
    expect(await get(path)).toMatchObject({ status: 200, cache: 'no-store', text: 'the page' })
  }
})

test('files with a hash in their name are kept for ever, others are asked for again', async () => {
  const get = await serve(built)
  expect(await get('/assets/app-1a2b.js')).toMatchObject({ status: 200, cache: 'public, max-age=31536000, immutable', text: 'the app' })
  expect(await get('/manifest.webmanifest')).toMatchObject({ status: 200, cache: 'no-cache', type: 'application/manifest+json' })
  expect(await get('/sw.js')).toEqual({ status: 200, cache: 'no-cache', type: 'text/javascript', text: 'the worker' })
})

test('a file that is gone is 404 and not the page; so is anything but a reading', async () => {
  const get = await serve(built)
  expect((await get('/assets/app-0000.js')).status).toBe(404)
  expect((await get('/committees', { method: 'POST' })).status).toBe(404)
})

test('an app that is not built says so', async () => {
  const get = await serve({})
  expect(await get('/')).toMatchObject({ status: 503, text: expect.stringContaining('not built') })
})
