import { expect, test } from 'vitest'
import { Awareness, applyAwarenessUpdate, encodeAwarenessUpdate } from 'y-protocols/awareness'
import * as Y from 'yjs'
import { soon, startLink, startServer } from './link.kit.ts'

type Server = Awaited<ReturnType<typeof startServer>>

/** Somebody else, as the server has them: nothing here renews what it says by itself. */
function somebody(server: Server, client: number) {
  const doc = new Y.Doc()
  doc.clientID = client
  const awareness = new Awareness(doc)
  awareness.setLocalState({ view: 'count' })
  const document = server.document()
  if (document !== undefined) applyAwarenessUpdate(document.awareness, encodeAwarenessUpdate(awareness, [client]), 'another')
  return { [Symbol.dispose]: () => awareness.destroy() }
}

/** A line that is up, and its state as the others have it. */
async function online() {
  const server = await startServer()
  const line = startLink(server.port)
  const seen = () => server.document()?.awareness.getStates().get(line.doc.clientID)
  line.link.start()
  await line.until('online')
  await soon(() => expect(seen()).toEqual({ view: 'roll' }))
  /** The server gives this page up, as after 30 s without a word. */
  const forget = () => server.document()?.awareness.states.delete(line.doc.clientID)
  const sees = (client: number) => line.link.awareness.getStates().has(client)
  return { server, ...line, seen, sees, forget }
}

test('[P9] after a reconnect the others see us again, and we them, though nothing about them has changed', async () => {
  const { server, link, until, seen, sees } = await online()
  using _other = somebody(server, 77)
  await soon(() => expect(sees(77)).toBe(true))
  await server.hold() // their line stands all the while
  server.cut()
  await until('waiting')
  expect(sees(77)).toBe(false)
  await soon(() => expect(seen()).toBeUndefined())
  link.wake()
  await until('online')
  await soon(() => expect(seen()).toEqual({ view: 'roll' }))
  await soon(() => expect(sees(77)).toBe(true))
})

test('[P9] a page that is shown again says at once that it is here', async () => {
  const { link, seen, forget } = await online()
  forget()
  link.wake()
  await soon(() => expect(seen()).toEqual({ view: 'roll' }))
})

test('[P9] a page that has slept says so too, with the first tick after it; one that ticks in time says nothing', async () => {
  const { seen, forget, advance, sleep } = await online()
  await advance(5_000)
  forget()
  await advance(10_000)
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(seen()).toBeUndefined()
  sleep(60_000)
  await advance(5_000)
  await soon(() => expect(seen()).toEqual({ view: 'roll' }))
})

test('a page whose document has taken another client is here once, under that', async () => {
  const { server, link, until, doc, seen } = await online()
  const first = doc.clientID
  server.cut()
  await until('waiting')
  doc.clientID = 4_711
  link.wake()
  await until('online')
  await soon(() => expect(seen()).toEqual({ view: 'roll' }))
  expect(link.awareness.clientID).toBe(4_711)
  expect([...(server.document()?.awareness.getStates().keys() ?? [])]).not.toContain(first)
})

test('[P3] a line that is ended says that this page has gone', async () => {
  const { server, link, doc, seen } = await online()
  const gone: number[] = []
  server.document()?.awareness.on('change', ({ removed }: { removed: number[] }) => gone.push(...removed))
  link.stop()
  await soon(() => expect(seen()).toBeUndefined())
  expect(gone).toContain(doc.clientID)
})
