import type { Build, Order } from './build.ts'

// Keeps the app's own files on the device, so that it opens where there is no server. Only those: what people wrote is in
// IndexedDB, and what the server says is never answered from here.
//
//   install    all files of this version, or none; it then waits until no page runs the version before, or a page says so
//   activate   versions before the last one go; the last one stays for pages that still run it and fetch a part of it late
//   fetch      a file of ours: from the device, and only then from the network. Anything else: not our business

declare const self: ServiceWorkerGlobalScope & { readonly build: Build }

const prefix = 'lajna-app-'
const own = prefix + self.build.version

self.addEventListener('install', (event) => event.waitUntil(keepAll()))
self.addEventListener('activate', (event) => event.waitUntil(Promise.all([forgetOlder(), self.clients.claim()])))
self.addEventListener('message', (event) => {
  if (event.data === ('take over' satisfies Order)) event.waitUntil(self.skipWaiting())
})
self.addEventListener('fetch', (event) => {
  const path = keptPath(event.request)
  if (path !== undefined) event.respondWith(answer(path, event.request))
})

/** The hash of each file is checked by the browser: while a server is being updated, a page of one build never meets a script of another. */
async function keepAll(): Promise<void> {
  const cache = await caches.open(own)
  try {
    await cache.addAll(
      Object.entries(self.build.files).map(([path, integrity]) => new Request(path, { integrity, cache: cacheModeOf(path) })),
    )
  } catch (error) {
    await caches.delete(own)
    throw error // the browser tries again with its next look for updates
  }
}

/** A name with a hash in it cannot be stale: what the page has just loaded is not loaded a second time. */
const isHashed = (path: string): boolean => path.startsWith('/assets/')
const cacheModeOf = (path: string): RequestCache => (isHashed(path) ? 'default' : 'no-cache')

async function forgetOlder(): Promise<void> {
  const others = (await caches.keys()).filter((name) => name.startsWith(prefix) && name !== own) // oldest first
  await Promise.all(others.slice(0, -1).map((name) => caches.delete(name)))
}

/** The app has one page, at the root: its places are in the address's hash. */
function keptPath({ method, mode, url }: Request): string | undefined {
  const { origin, pathname } = new URL(url)
  if (method !== 'GET' || origin !== self.location.origin) return undefined
  if (mode === 'navigate') return pathname === '/' || pathname === '/index.html' ? '/' : undefined
  return isHashed(pathname) ? pathname : undefined
}

async function answer(path: string, request: Request): Promise<Response> {
  const kept = (await caches.match(path, { cacheName: own, ignoreVary: true })) ?? (isHashed(path) ? await ofOtherVersion(path) : undefined)
  return kept ?? fetch(request)
}

const ofOtherVersion = (path: string): Promise<Response | undefined> => caches.match(path, { ignoreVary: true })
