import { expect, test } from 'vitest'
import type { ServerEvent } from '#contract/events.ts'
import { err, ok } from '#contract/result.ts'
import type { Failure } from '../api.ts'
import { handClock } from '../hand-clock.ts'
import { backoffMax_ms, openLine, silence_ms } from './line.ts'

/** A server by hand: each call waits for an answer, and an answer is a body to write into. */
function stage() {
  const hand = handClock()
  const log: string[] = []
  const events: ServerEvent[] = []
  const waiting: ((answer: Response | Failure) => void)[] = []
  const line = openLine({
    clock: hand.clock,
    random: () => 1,
    fetch: (_path, init) =>
      new Promise((resolve) => {
        init.signal?.addEventListener('abort', () => log.push('aborted'))
        waiting.push((answer) => resolve(answer instanceof Response ? ok(answer) : err(answer)))
      }),
    onOpen: (skew_ms) => log.push(`open ${skew_ms}`),
    onEvent: (event) => events.push(event),
    onHeard: () => {},
    onDown: () => log.push('down'),
    onRevoked: () => log.push('revoked'),
  })
  const settle = () => new Promise((resolve) => setTimeout(resolve, 5))
  const answer = async (with_: Response | Failure) => {
    waiting.shift()?.(with_)
    await settle()
  }
  const open = async () => {
    let pipe!: ReadableStreamDefaultController<Uint8Array>
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        pipe = controller
      },
    })
    await answer(new Response(body, { headers: { date: new Date(hand.clock.now() + 60_000).toUTCString() } }))
    return {
      write: async (text: string) => {
        pipe.enqueue(new TextEncoder().encode(text))
        await settle()
      },
      end: async () => {
        pipe.close()
        await settle()
      },
    }
  }
  const pass = async (ms: number) => {
    await hand.advance(ms)
    await settle()
  }
  return { line, log, events, answer, open, pass, calls: () => waiting.length }
}

const full = (n: number) => `event: overview\ndata: {"full":true,"committees":[],"gone":[],"live":true,"n":${n}}\n\n`

test('[O7] what comes is told in order, and the server’s clock is known by its answer', async () => {
  const { open, events, log, line } = stage()
  const wire = await open()
  expect(log).toEqual(['open 60000'])
  await wire.write(full(1))
  await wire.write(': beat\n\nevent: later-version\ndata: {}\n\nevent: presence\ndata: not json\n\n')
  await wire.write('event: presence\ndata: {"full":true,"rosters":[]}\n\n')
  expect(events.map(({ type }) => type)).toEqual(['overview', 'presence'])
  line.close()
})

test('[O7] it ends and begins again, later and later, as late as the server asks; what comes resets that', async () => {
  const { open, answer, pass, log, calls, line } = stage()
  const wire = await open()
  await wire.write(`retry: 3000\n\n${full(1)}`)
  await wire.end()
  expect(log.slice(1)).toEqual(['aborted', 'down'])
  await pass(2_999)
  expect(calls()).toBe(0)
  await pass(1)
  expect(calls()).toBe(1)
  for (const wait_ms of [2_000, 4_000, 8_000, 16_000, backoffMax_ms, backoffMax_ms]) {
    await answer({ code: 'offline' })
    await pass(wait_ms - 1)
    expect(calls(), `${wait_ms}`).toBe(0)
    await pass(1)
    expect(calls(), `${wait_ms}`).toBe(1)
  }
  await answer({ code: 'overloaded', retry_after_s: 7 })
  await pass(7_000)
  expect(calls()).toBe(1)
  line.close()
})

test('[O7] a line that says nothing for 45 seconds is dead; a sign of life is enough', async () => {
  const { open, pass, log, line } = stage()
  const wire = await open()
  await pass(silence_ms - 1)
  await wire.write(': beat\n\n')
  await pass(silence_ms - 1)
  expect(log).toEqual(['open 60000'])
  await pass(1)
  expect(log).toEqual(['open 60000', 'aborted', 'down'])
  line.close()
})

test('[O8] a token that is over is renewed at once; who is signed out is not asked for again', async () => {
  const { open, pass, log, calls } = stage()
  const first = await open()
  await first.write('event: revoked\ndata: {"code":"token-expired"}\n\n')
  await first.end()
  await pass(0)
  expect(log).toEqual(['open 60000', 'aborted'])
  expect(calls()).toBe(1)
  const second = await open()
  await second.write('event: revoked\ndata: {"code":"unauthenticated"}\n\n')
  await second.end()
  await pass(600_000)
  expect(log.at(-1)).toBe('revoked')
  expect(calls()).toBe(0)
})

test('a line that was closed is over: nothing is told and nothing asked for', async () => {
  const { line, log, pass, answer, calls } = stage()
  line.close()
  await answer({ code: 'offline' })
  await pass(600_000)
  expect(log.filter((one) => one !== 'aborted')).toEqual([])
  expect(calls()).toBe(0)
})
