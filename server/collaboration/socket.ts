import type { WebSocketLike } from '@hocuspocus/server'
import type { WebSocket } from 'ws'
import type { RefusalCode } from '#contract/refusals.ts'
import { socketCode } from '#contract/refusals.ts'

/**
 * One WebSocket as Hocuspocus sees it. Between the two because Hocuspocus never looks at `bufferedAmount`: a reader who stopped
 * reading would keep every broadcast in our memory.
 */
export class Socket implements WebSocketLike {
  readonly socket: WebSocket
  private readonly unread_bytes_max: number
  private readonly onRefusal: (code: RefusalCode) => void
  /** Set with the first document this socket may read: until then it has only a few seconds. */
  authenticated = false
  /** Whether the last ping was answered. */
  heard = true

  constructor(socket: WebSocket, unread_bytes_max: number, onRefusal: (code: RefusalCode) => void) {
    this.socket = socket
    this.unread_bytes_max = unread_bytes_max
    this.onRefusal = onRefusal
  }

  get readyState(): number {
    return this.socket.readyState
  }

  send(data: Uint8Array): void {
    if (this.socket.readyState !== this.socket.OPEN) return
    if (this.socket.bufferedAmount > this.unread_bytes_max) {
      this.onRefusal('overloaded')
      // Not closed politely: a closing frame would wait behind all that is unread.
      this.socket.terminate()
      return
    }
    this.socket.send(data)
  }

  /** Hocuspocus's own closing; its codes are those of its library. */
  close(code?: number, reason?: string): void {
    this.socket.close(code, reason)
  }

  /** Ends the whole socket with a code of the refusals table. The provider comes back by itself, with a new token where that is why. */
  refuse(code: RefusalCode): void {
    if (this.socket.readyState !== this.socket.OPEN) return
    this.onRefusal(code)
    this.socket.close(socketCode(code), code)
  }
}
