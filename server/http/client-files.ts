import { existsSync } from 'node:fs'
import { join } from 'node:path'
import express, { type RequestHandler, type Response, Router } from 'express'

/** Scripts from here only; `ws:` because an older Safari does not count a WebSocket to the same host as 'self'. */
const contentSecurityPolicy = [
  "default-src 'self'",
  "connect-src 'self' ws: wss:",
  "img-src 'self' data: blob:",
  "style-src 'self' 'unsafe-inline'",
  "worker-src 'self'",
  "manifest-src 'self'",
  "object-src 'none'",
  "base-uri 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ')

export const securityHeaders: RequestHandler = (_request, response, next) => {
  response.setHeader('Content-Security-Policy', contentSecurityPolicy)
  response.setHeader('X-Content-Type-Options', 'nosniff')
  response.setHeader('Referrer-Policy', 'no-referrer')
  response.setHeader('Cross-Origin-Opener-Policy', 'same-origin')
  response.setHeader('Permissions-Policy', 'camera=(), geolocation=(), microphone=()')
  next()
}

const year_s = 31_536_000

/**
 * The built client. What Vite puts under `assets/` has a hash in its name and never changes; index.html names them and must be
 * fresh, or a phone that slept through an update asks for files that are gone. So must sw.js, the worker that keeps them on the phone: it is
 * how a phone learns that there is a new version at all.
 */
export function clientFiles(dist: string): Router {
  const page = join(dist, 'index.html')
  const sendPage = (response: Response) => {
    response.setHeader('Cache-Control', 'no-store')
    if (existsSync(page)) response.sendFile(page, { cacheControl: false })
    else response.status(503).type('html').send(notBuilt)
  }
  const setHeaders = (response: Response) => void response.setHeader('Cache-Control', 'no-cache')

  const routes = Router()
  routes.use('/assets', express.static(join(dist, 'assets'), { immutable: true, maxAge: year_s * 1_000, index: false, redirect: false }))
  routes.get(['/', '/index.html'], (_request, response) => sendPage(response))
  routes.use(express.static(dist, { index: false, redirect: false, cacheControl: false, setHeaders }))
  routes.use((request, response, next) => {
    // Addresses of the app's own pages have no dot; a missing file is a 404 and not the page, which would be run as a script.
    if ((request.method !== 'GET' && request.method !== 'HEAD') || request.path.includes('.')) next()
    else sendPage(response)
  })
  return routes
}

const notBuilt = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Lajna</title>
<h1>The server runs, the app is not built</h1><p>Run <code>make up</code>, then reload this page.</p></html>`
