import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { freePort } from '#load/driver/server.ts'

/** A server in front of the real one, of the same host as far as browsers know, whose app can be replaced by a later build. */
export type Front = { readonly url: string; deploy(build: string): void; close(): Promise<void> }

type Answer = { readonly type: string; readonly body: string | Buffer }

/** All of the app, so that it can be had while the real server is down. */
async function filesOf(target: string): Promise<(build: string) => ReadonlyMap<string, Answer>> {
  const worker = await (await fetch(`${target}/sw.js`)).text()
  const page = await (await fetch(`${target}/`)).text()
  const assets: [string, Answer][] = []
  for (const [path = ''] of worker.matchAll(/(?<=")\/assets\/[^"]+/g)) {
    const answer = await fetch(target + path)
    assets.push([path, { type: answer.headers.get('content-type') ?? '', body: Buffer.from(await answer.arrayBuffer()) }])
  }
  return (build) => {
    const pageOfBuild = page.replace('<head>', `<head><meta name="build" content="${build}">`)
    const workerOfBuild = worker.replace(hashOf(page), hashOf(pageOfBuild)).replace(/"version":"\w+"/, `"version":"${build}"`)
    return new Map([
      ...assets,
      ['/', { type: 'text/html; charset=utf-8', body: pageOfBuild }],
      ['/sw.js', { type: 'text/javascript', body: workerOfBuild }],
    ])
  }
}

/**
 * The later build is the same app with another page and so another worker: what a deployment changes, without building the client
 * a second time. Everything else, sockets too, goes to the real server.
 */
export async function standBefore(target: string): Promise<Front> {
  const build = await filesOf(target)
  let files: ReadonlyMap<string, Answer> = new Map()
  const options = ({ method, headers, url }: IncomingMessage) => ({ ...portOf(target), method, headers, path: url })
  const server: Server = createServer((incoming, outgoing) => {
    const ours = files.get(incoming.url ?? '/')
    if (ours !== undefined) {
      outgoing.writeHead(200, { 'content-type': ours.type, 'cache-control': 'no-store' }).end(ours.body)
      return
    }
    const passed = request(options(incoming), (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
    })
    passed.on('error', () => outgoing.destroy())
    incoming.pipe(passed)
  })
  server.on('upgrade', (incoming, socket) => {
    const passed = request(options(incoming))
    passed.on('upgrade', (answer, far) => {
      const lines = Object.entries(answer.headers).map(([name, value]) => `${name}: ${value}`)
      socket.write(`HTTP/1.1 101 Switching Protocols\r\n${lines.join('\r\n')}\r\n\r\n`)
      far.pipe(socket).pipe(far)
      far.on('error', () => socket.destroy())
      socket.on('error', () => far.destroy())
    })
    passed.on('error', () => socket.destroy())
    passed.end()
  })
  server.listen(await freePort(), '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    deploy: (next) => {
      files = build(next)
    },
    close: async () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

const hashOf = (text: string): string => `sha256-${createHash('sha256').update(text).digest('base64')}`

const portOf = (url: string) => {
  const { hostname, port } = new URL(url)
  return { hostname, port }
}
