/** One event of the stream, its lines of data joined. */
export type SseMessage = { readonly type: string; readonly data: string }
export type SseHandlers = {
  readonly onMessage: (message: SseMessage) => void
  /** The server asks to come back after so long. */
  readonly onRetry: (wait_ms: number) => void
}

/**
 * Reads server-sent events, in whatever pieces they come. Not `EventSource`, which sends no headers: the call would go by the cookie, so
 * in a browser with two people's tabs by whoever signed in last.
 */
export function createSseReader({ onMessage, onRetry }: SseHandlers): { push(text: string): void } {
  /** The line that has not ended. In pieces, so that a picture of a megabyte that comes in many is joined once. */
  let rest: string[] = []
  let type = ''
  let data: string[] = []
  let endedByReturn = false

  const take = (line: string) => {
    if (line === '') {
      if (data.length > 0) onMessage({ type: type === '' ? 'message' : type, data: data.join('\n') })
      type = ''
      data = []
      return
    }
    const [, field = '', value = ''] = /^([^:]*)(?:: ?([\s\S]*))?$/.exec(line) ?? []
    if (field === 'event') type = value
    else if (field === 'data') data.push(value)
    else if (field === 'retry' && /^\d{1,9}$/.test(value)) onRetry(Number(value))
  }

  return {
    push(text) {
      if (text === '') return
      // A line may end by return and newline, and a piece between the two.
      const fresh = endedByReturn && text.startsWith('\n') ? text.slice(1) : text
      endedByReturn = text.endsWith('\r')
      const lines = fresh.split(/\r\n|\n|\r/)
      for (const [at, line] of lines.entries()) {
        rest.push(line)
        if (at === lines.length - 1) break
        take(rest.join(''))
        rest = []
      }
    },
  }
}
