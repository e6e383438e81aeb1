import { setTimeout as wait } from 'node:timers/promises'
import { Phone } from './phone.ts'

// A part of the bench's crowd. Several processes, because one that reads for five hundred would send in bursts, and a server that joins
// what comes at once would have less to do than in the field.

export type Order =
  | { readonly do: 'enter'; readonly port: number; readonly from: number; readonly count: number }
  | { readonly do: 'change'; readonly every_ms: number; readonly times: number }
  | { readonly do: 'count' }
  | { readonly do: 'leave' }
/** Since the last order to change; of all its phones. */
export type Counted = { readonly messages: number; readonly bytes: number }

let phones: Phone[] = []

const orders: { readonly [Name in Order['do']]: (order: Extract<Order, { do: Name }>) => Promise<unknown> | unknown } = {
  async enter({ port, from, count }) {
    phones = await Promise.all(Array.from({ length: count }, (_none, index) => new Phone(port, from + index).enter()))
  },
  /** Spread evenly; what is late is not made up for in one go by more than there is to do. */
  async change({ every_ms, times }) {
    for (const phone of phones) Object.assign(phone, { messages: 0, bytes: 0 })
    const from_ms = performance.now() + Math.random() * (every_ms / phones.length)
    for (let change = 0; change < times * phones.length; change += 1) {
      const ahead_ms = from_ms + (change * every_ms) / phones.length - performance.now()
      if (ahead_ms > 1) await wait(ahead_ms)
      phones[change % phones.length]?.show(1 + Math.floor(change / phones.length))
    }
  },
  count: () => ({
    messages: phones.reduce((sum, phone) => sum + phone.messages, 0),
    bytes: phones.reduce((sum, phone) => sum + phone.bytes, 0),
  }),
  leave() {
    for (const phone of phones) phone.socket.terminate()
  },
}

process.on('message', async (order: Order) => {
  process.send?.((await orders[order.do](order as never)) ?? 'done')
})
process.on('disconnect', () => process.exit())
