import { expect, test } from 'vitest'
import { createSseReader, type SseMessage } from './sse.ts'

function read(pieces: readonly string[]) {
  const messages: SseMessage[] = []
  const retries: number[] = []
  const reader = createSseReader({ onMessage: (one) => messages.push(one), onRetry: (wait_ms) => retries.push(wait_ms) })
  for (const piece of pieces) reader.push(piece)
  return { messages, retries }
}

const text = 'retry: 1500\n\n: beat\n\nevent: overview\ndata: {"a":"ب",\ndata: "b":2}\n\ndata:plain\nid: 7\n\nevent: notice\n\n'
const expected = {
  messages: [
    { type: 'overview', data: '{"a":"ب",\n"b":2}' },
    { type: 'message', data: 'plain' },
  ],
  retries: [1500],
}

test('[O7] comments, unknown fields and events without data are passed over; lines of data are joined', () => {
  expect(read([text])).toEqual(expected)
})

test('[O7] it says the same however the wire cuts it, and however lines end', () => {
  for (const ends of ['\n', '\r\n', '\r']) {
    const wire = text.replaceAll('\n', ends)
    for (let size = 1; size <= 7; size += 1) {
      const pieces = Array.from({ length: Math.ceil(wire.length / size) }, (_, at) => wire.slice(at * size, (at + 1) * size))
      expect(read(pieces), `${JSON.stringify(ends)} by ${size}`).toEqual(expected)
    }
  }
})

test('[O7] what was cut off before its empty line is no event', () => {
  expect(read(['event: overview\ndata: {"full":tr']).messages).toEqual([])
  expect(read(['retry: soon\n\n']).retries).toEqual([])
})
