import { expect, test } from 'vitest'
import { addressOf, networkOf } from './address.ts'

const request = (remoteAddress: string, forwarded?: string) => ({
  socket: { remoteAddress },
  headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
})
const hops = (count: number) => (_address: string, hop: number) => hop < count
const nobody = hops(0)

test('[S11] believed proxies tell where a request comes from; what others write is not believed', () => {
  expect(addressOf(request('9.9.9.9', '1.1.1.1'), nobody)).toBe('9.9.9.9')
  expect(addressOf(request('10.0.0.1', '6.6.6.6, 1.1.1.1'), hops(1))).toBe('1.1.1.1')
  expect(addressOf(request('10.0.0.1', '6.6.6.6, 1.1.1.1, 10.0.0.2'), hops(2))).toBe('1.1.1.1')
  expect(addressOf(request('10.0.0.1'), hops(2))).toBe('10.0.0.1')
  expect(addressOf(request('10.0.0.1', '1.1.1.1'), (address) => address.startsWith('10.'))).toBe('1.1.1.1')
})

test.each([
  ['1.2.3.4', '1.2.3.4'],
  ['::ffff:1.2.3.4', '1.2.3.4'],
  ['2001:db8:1:2:aaaa::1', '2001:db8:1:2'],
  ['2001:db8:1:2:bbbb:0:0:9', '2001:db8:1:2'],
  ['2001:0db8:0001:0002::7', '2001:db8:1:2'],
  ['fe80::1%eth0', 'fe80:0:0:0'],
  ['::1', '0:0:0:0'],
  ['', ''],
])('[S11] an address of version 6 is its network: %s', (address, network) => {
  expect(networkOf(address)).toBe(network)
})
