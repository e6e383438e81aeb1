import { decodeUtf8 } from 'lib0/string'

/** The bytes are not what they say: ends early, runs over, or holds a number no clock can be. Caught by `decode`, never seen outside. */
export class Malformed extends Error {}

const longString = 64

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
    let number = 0
    let unit = 1
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
    // Keys and field names are short ASCII: a loop over the bytes as they lie beats a view and the decoder's set-up by far.
    if (length <= longString && end <= this.bytes.length) {
      let ascii = ''
      let at = this.position
      for (; at < end; at += 1) {
        const byte = this.bytes[at] as number
        if (byte > 127) break
        ascii += String.fromCharCode(byte)
      }
      if (at === end) {
        this.position = end
        return ascii
      }
    }
    return decodeStrictly(this.take(length))
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

function decodeStrictly(bytes: Uint8Array): string {
  try {
    return decodeUtf8(bytes)
  } catch {
    throw new Malformed('not UTF-8')
  }
}
