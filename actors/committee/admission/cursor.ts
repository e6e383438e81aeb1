import { decodeUtf8 } from 'lib0/string'

/** The bytes are not what they say: ends early, runs over, or holds a number no clock can be. Caught by `decode`, never seen outside. */
export class Malformed extends Error {}

const longString = 64

// The names of fields, a root's name, a pledge's words: the same few, thousands of times. One that was read before is compared with the
// bytes and not built again, and the engine has seen it as the name of a field. One slot each, by length and first letter, so that no
// sender makes this grow.
const shortWord = 12
const words: string[] = Array.from({ length: 1024 }, () => '')
const slotOf = (length: number, first: number): number => ((first & 63) << 4) | length

/** Reads lib0's encoding with a check at every step. Reading past the end throws `Malformed`, where lib0 would read `undefined`. */
export class Cursor {
  readonly bytes: Uint8Array
  position = 0

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
  }

  get atEnd(): boolean {
    return this.position === this.bytes.length
  }

  byte(): number {
    const byte = this.bytes[this.position]
    if (byte === undefined) throw new Malformed('ends early')
    this.position += 1
    return byte
  }

  /** Unsigned, 7 bits a byte, at most 2^53 - 1. */
  unsigned(): number {
    const first = this.byte()
    return first < 128 ? first : this.unsignedFrom(first & 127)
  }

  /** The rest of a number of more than one byte, which most are not. */
  private unsignedFrom(lowest: number): number {
    let number = lowest
    let unit = 128
    for (;;) {
      const byte = this.byte()
      number += (byte & 127) * unit
      if (number > Number.MAX_SAFE_INTEGER) throw new Malformed('number too large')
      if (byte < 128) return number
      unit *= 128
      if (unit > Number.MAX_SAFE_INTEGER) throw new Malformed('number too long')
    }
  }

  /** Signed: the first byte holds the sign and 6 bits. */
  signed(): number {
    const first = this.byte()
    let number = first & 63
    let unit = 64
    let more = first >= 128
    while (more) {
      const byte = this.byte()
      number += (byte & 127) * unit
      if (number > Number.MAX_SAFE_INTEGER) throw new Malformed('number too large')
      more = byte >= 128
      unit *= 128
      if (more && unit > Number.MAX_SAFE_INTEGER) throw new Malformed('number too long')
    }
    return (first & 64) === 0 ? number : -number
  }

  /** The next `length` bytes, as a view. */
  take(length: number): Uint8Array {
    const end = this.position + length
    if (end > this.bytes.length) throw new Malformed('ends early')
    const view = this.bytes.subarray(this.position, end)
    this.position = end
    return view
  }

  /** Length in bytes, then UTF-8. Invalid UTF-8 is malformed, not replaced. */
  text(): string {
    const length = this.unsigned()
    const end = this.position + length
    // Most are short: a loop over the bytes as they lie beats a view and the decoder's set-up by far.
    const short = length > longString || end > this.bytes.length ? undefined : this.shortText(end)
    return short ?? decodeStrictly(this.take(length))
  }

  /** What lies before `end`, where all of it is Latin or Arabic. */
  private shortText(end: number): string | undefined {
    const from = this.position
    const length = end - from
    if (length === 0) return ''
    const slot = length > shortWord ? undefined : slotOf(length, this.bytes[from] as number)
    const known = slot === undefined ? '' : (words[slot] as string)
    const text = this.spells(known, end) ? known : spelled(this.bytes, from, end)
    if (text === undefined) return undefined
    if (slot !== undefined && text.length === length) words[slot] = text
    this.position = end
    return text
  }

  /** Whether the bytes before `end` are this word of ASCII. */
  private spells(word: string, end: number): boolean {
    const from = this.position
    if (word.length !== end - from) return false
    for (let at = from; at < end; at += 1) if (this.bytes[at] !== word.charCodeAt(at - from)) return false
    return true
  }

  float32(): number {
    const bytes = this.take(4)
    return new DataView(bytes.buffer, bytes.byteOffset, 4).getFloat32(0, false)
  }

  float64(): number {
    const bytes = this.take(8)
    return new DataView(bytes.buffer, bytes.byteOffset, 8).getFloat64(0, false)
  }
}

/** Characters of one and two bytes; undefined where there are others, or what is no UTF-8. */
function spelled(bytes: Uint8Array, from: number, end: number): string | undefined {
  let text = ''
  for (let at = from; at < end; at += 1) {
    const byte = bytes[at] as number
    if (byte < 0x80) {
      text += String.fromCharCode(byte)
      continue
    }
    at += 1
    const second = at < end ? (bytes[at] as number) : 0
    // Below 0xc2 is a second byte alone, or a character written longer than need be.
    if (byte < 0xc2 || byte > 0xdf || (second & 0xc0) !== 0x80) return undefined
    text += String.fromCharCode(((byte & 0x1f) << 6) | (second & 0x3f))
  }
  return text
}

function decodeStrictly(bytes: Uint8Array): string {
  try {
    return decodeUtf8(bytes)
  } catch {
    throw new Malformed('not UTF-8')
  }
}
