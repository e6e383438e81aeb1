import type { Row } from './store.ts'

export type Sha256 = (bytes: Uint8Array) => Uint8Array

/** The head before row 1. */
export const first_head = '0'.repeat(64)

/** The head with `row` upon the head before it; the bytes are those that `store.ts` promises. Heads are 64 hex digits. */
export function nextHead(sha256: Sha256, head: string, row: Pick<Row, 'committee' | 'sequence' | 'user' | 'uuid' | 'update'>): string {
  const numbers = new DataView(new ArrayBuffer(16))
  numbers.setBigUint64(0, BigInt(row.sequence))
  numbers.setBigUint64(8, BigInt(row.user ?? 0))
  const committee = Uint8Array.from(row.committee, (letter) => letter.charCodeAt(0)) // ids are ASCII, and there is no TextEncoder here
  const parts = [fromHex(head), committee, new Uint8Array(numbers.buffer), fromHex(row.uuid.replaceAll('-', '')), row.update]
  const bytes = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return toHex(sha256(bytes))
}

function fromHex(hex: string): Uint8Array {
  return Uint8Array.from({ length: hex.length / 2 }, (_, at) => Number.parseInt(hex.slice(2 * at, 2 * at + 2), 16))
}

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
