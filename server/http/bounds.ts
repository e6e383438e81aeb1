import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Limits } from '#contract/limits.ts'
import type { RefusalCode } from '#contract/refusals.ts'
import type { OnRefusal } from '../observe/audit.ts'

/** How often Node looks for requests that take too long. */
export const look_ms = 1_000

/** What Node says of bytes that become no request, and what we say. */
const answers: Readonly<Record<string, { readonly status: string; readonly code: RefusalCode }>> = {
  HPE_HEADER_OVERFLOW: { status: '431 Request Header Fields Too Large', code: 'too-large' },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: { status: '413 Payload Too Large', code: 'too-large' },
  ERR_HTTP_REQUEST_TIMEOUT: { status: '408 Request Timeout', code: 'unparseable' },
}
const unreadable = { status: '400 Bad Request', code: 'unparseable' } as const

/** Bounds on what a connection costs before any of our code has a request in its hands. */
export function setBounds(server: Server, limits: Limits, onRefusal: OnRefusal): void {
  server.headersTimeout = Math.min(limits.http_headers_ms, limits.http_request_ms)
  server.requestTimeout = limits.http_request_ms
  // Who stops reading an answer in the middle; WebSockets are taken out of it by `ws` and have their pings.
  server.timeout = limits.http_request_ms
  server.maxHeadersCount = limits.http_headers_max
  server.maxConnections = limits.connections_max
  server.on('drop', (from) => onRefusal('too-many-connections', { address: from?.remoteAddress }))
  server.on('clientError', (fault: NodeJS.ErrnoException, stream: Duplex) => {
    if (!stream.writable || fault.code === 'ECONNRESET') return stream.destroy()
    const { status, code } = answers[fault.code ?? ''] ?? unreadable
    // Of whoever holds the connection: a proxy's word cannot be read in what is no request.
    onRefusal(code, { address: (stream as Socket).remoteAddress })
    stream.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`, () => stream.destroy())
  })
}
