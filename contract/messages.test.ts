import { describe, expect, test } from 'vitest'
import type { ClientId, Sequence } from './ids.ts'
import { encodeServerMessage, parseServerMessage, type ServerMessage } from './messages.ts'

const client = 4_294_967_295 as ClientId

const every: { readonly [Type in ServerMessage['type']]: readonly Extract<ServerMessage, { type: Type }>[] } = {
  durable: [
    { type: 'durable', clocks: {}, deletes: [], sequence: 0 as Sequence, head: '' },
    { type: 'durable', clocks: { [String(client)]: 7 }, deletes: [[client, 0, 3]], sequence: 9 as Sequence, head: 'ab'.repeat(32) },
  ],
  refused: [
    { type: 'refused', client: null, reasons: [] },
    { type: 'refused', client, reasons: [{ code: 'bad-key', path: 'attendance', key: '1/2' }] },
  ],
  rights: [
    { type: 'rights', rights: [], phase: 'closed' },
    { type: 'rights', rights: ['read', 'count'], phase: 'counting' },
  ],
  token: [{ type: 'token', expires_in_s: 60 }],
  drain: [{ type: 'drain', retry_in_ms: 1_200 }],
  notice: [{ type: 'notice', code: 'rehearsal', text: 'تجربة' }],
}

describe('stateless messages', () => {
  test.each(Object.values(every).flat())('$type comes back as it was sent', (message) => {
    expect(parseServerMessage(encodeServerMessage(message))).toEqual({ ok: true, value: message })
  })

  test.each([
    '',
    '{',
    'null',
    '7',
    '[]',
    '"token"',
    '{}',
    '{"type":7}',
    '{"type":"toString"}',
    '{"type":"__proto__"}',
    '{"type":"something-newer","expires_in_s":1}',
    '{"type":"durable"}',
    '{"type":"durable","clocks":[],"deletes":[],"sequence":0,"head":""}',
    '{"type":"durable","clocks":{"1":-1},"deletes":[],"sequence":0,"head":""}',
    '{"type":"durable","clocks":{"1":"1"},"deletes":[],"sequence":0,"head":""}',
    '{"type":"durable","clocks":{},"deletes":[[1,2]],"sequence":0,"head":""}',
    '{"type":"durable","clocks":{},"deletes":[[1,2,1.5]],"sequence":0,"head":""}',
    '{"type":"durable","clocks":{},"deletes":{},"sequence":0,"head":""}',
    '{"type":"durable","clocks":{},"deletes":[],"sequence":-1,"head":""}',
    '{"type":"durable","clocks":{},"deletes":[],"sequence":1,"head":7}',
    '{"type":"refused","client":"1","reasons":[]}',
    '{"type":"refused","client":1,"reasons":[{"code":"no-such-code","path":"","key":""}]}',
    '{"type":"refused","client":1,"reasons":[{"code":"late","path":""}]}',
    '{"type":"refused","client":1,"reasons":"late"}',
    '{"type":"rights","rights":["everything"],"phase":"polling"}',
    '{"type":"rights","rights":["read"],"phase":"night"}',
    '{"type":"rights","rights":"read","phase":"polling"}',
    '{"type":"token"}',
    '{"type":"token","expires_in_s":-1}',
    '{"type":"token","expires_in_s":1e999}',
    '{"type":"drain","retry_in_ms":0.5}',
    '{"type":"notice","code":"x"}',
  ])('%s is none', (text) => {
    expect(parseServerMessage(text)).toEqual({ ok: false, error: 'not a server message' })
  })
})
