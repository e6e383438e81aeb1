import type { IncomingMessage } from 'node:http'
import { isIPv6 } from 'node:net'

/** Whether a proxy is believed, by its address and how many hops it is away; Express makes it of `trust proxy`. */
export type Trusts = (address: string, hop: number) => boolean

/** Where a request comes from, as the proxies that are believed tell it; the first one that is not is the sender. */
export function addressOf(
  { socket, headers }: Pick<IncomingMessage, 'headers'> & { readonly socket: { remoteAddress?: string | undefined } },
  trusts: Trusts,
): string {
  const told = String(headers['x-forwarded-for'] ?? '').split(',')
  const hops = [
    socket.remoteAddress ?? '',
    ...told
      .map((address) => address.trim())
      .filter(Boolean)
      .reverse(),
  ]
  return hops.find((address, hop) => hop === hops.length - 1 || !trusts(address, hop)) ?? ''
}

/** As people write it: one of version 4 that came over a socket of version 6 is of version 4. */
export const readableAddress = (address: string | undefined): string => (address ?? '').replace(/^::ffff:(?=\d+\.)/i, '')

/** What one sender may choose freely is one to us: of an address of version 6 the first half, its network. */
export function networkOf(address: string): string {
  if (!isIPv6(address)) return address
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped !== undefined) return mapped
  const [head = '', tail] = address.split('%', 1)[0]?.split('::') ?? []
  const groups = (text: string) => (text === '' ? [] : text.split(':'))
  const front = groups(head)
  const back = tail === undefined ? [] : groups(tail)
  const all = [...front, ...Array.from({ length: Math.max(0, 8 - front.length - back.length) }, () => '0'), ...back]
  return all
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')
}
