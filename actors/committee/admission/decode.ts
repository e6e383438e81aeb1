import { err, ok, type Result } from '#contract/result.ts'
import { Cursor, Malformed } from './cursor.ts'

/** A struct's name: the Yjs client that wrote it and its clock there. */
export type Id = { readonly client: number; readonly clock: number }

export type Content =
  | { readonly type: 'values'; readonly values: readonly unknown[] }
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'deleted' }
  | { readonly type: 'shared'; readonly of: 'array' | 'other' }
  /** Embeds, formats, binaries, subdocuments, old JSON: well-formed, but no place of the schema takes them. */
  | { readonly type: 'foreign' }

type Parent = { readonly root: string } | { readonly item: Id }

/** All fields always, in one order: thousands of these are read in a row, and the engine wants them of one shape. */
type DecodedItem = {
  readonly origin: Id | undefined
  readonly rightOrigin: Id | undefined
  /** Only where there is no origin on either side to take the parent from. */
  readonly parent: Parent | undefined
  readonly key: string | undefined
  readonly content: Content
}

/** One struct of an update. `length` is the clock it spans. */
export type Struct = {
  readonly client: number
  readonly clock: number
  readonly length: number
  /** Undefined for a GC struct: something that was deleted with its parent and has no place any more. */
  readonly item: DecodedItem | undefined
}

/** Structs of one client, without a hole, ascending from `clock`. */
export type Block = { readonly client: number; readonly clock: number; readonly end: number; readonly structs: readonly Struct[] }
export type DeleteRange = { readonly client: number; readonly clock: number; readonly length: number }

export type DecodedUpdate = {
  /** One block a client. */
  readonly blocks: readonly Block[]
  /** Grouped by client, ascending, not overlapping. */
  readonly deletes: readonly DeleteRange[]
  /** Where the delete set starts in the bytes. */
  readonly deletesAt: number
}

export type DecodeBounds = { readonly structs_max: number; readonly value_depth_max: number; readonly clock_jump_max: number }

/**
 * Decodes a Yjs update, version 1, without building Yjs items: an own decoder, because Yjs's reads past the end, allocates what
 * the bytes promise, and keeps what it cannot place. Every allocation here is paid for by bytes that were read. Throws on no input.
 */
export function decodeUpdate(bytes: Uint8Array, bounds: DecodeBounds): Result<DecodedUpdate, 'malformed' | 'too-many-structs'> {
  try {
    return readUpdate(new Cursor(bytes), bounds)
  } catch (fault) {
    if (fault instanceof Malformed) return err('malformed')
    throw fault
  }
}

function readUpdate(cursor: Cursor, bounds: DecodeBounds): Result<DecodedUpdate, 'too-many-structs'> {
  const blocks: Block[] = []
  const seen = new Set<number>()
  let structs = 0
  for (let left = cursor.unsigned(); left > 0; left -= 1) {
    const count = cursor.unsigned()
    structs += count
    if (structs > bounds.structs_max) return err('too-many-structs')
    const block = readBlock(cursor, count, bounds)
    // Two blocks of one client: Yjs keeps the last and forgets the first.
    if (seen.has(block.client)) throw new Malformed('two blocks of one client')
    seen.add(block.client)
    if (block.structs.length > 0) blocks.push(block)
  }
  const deletesAt = cursor.position
  const deletes = readDeletes(cursor, bounds)
  if (deletes === 'too many') return err('too-many-structs')
  if (!cursor.atEnd) throw new Malformed('trailing bytes')
  return ok({ blocks, deletes, deletesAt })
}

function readBlock(cursor: Cursor, count: number, bounds: DecodeBounds): Block {
  const client = cursor.unsigned()
  const start = cursor.unsigned()
  const structs: Struct[] = []
  let clock = start
  for (let index = 0; index < count; index += 1) {
    const struct = readStruct(cursor, client, clock, bounds)
    if (struct.length < 1 || struct.length > bounds.clock_jump_max) throw new Malformed('empty or endless struct')
    clock += struct.length
    if (!Number.isSafeInteger(clock)) throw new Malformed('clock out of range')
    structs.push(struct)
  }
  return { client, clock: start, end: clock, structs }
}

const hasOrigin = 0x80
const hasRightOrigin = 0x40
const hasKey = 0x20

function readStruct(cursor: Cursor, client: number, clock: number, bounds: DecodeBounds): Struct {
  const info = cursor.byte()
  const kind = info & 0x1f
  if (kind === 0) {
    if (info !== 0) throw new Malformed('flags on a GC struct')
    return { client, clock, length: cursor.unsigned(), item: undefined }
  }
  // Skip (10) stands for a hole: only merged, incomplete updates have one, and those are not sent.
  if (kind > 9) throw new Malformed('unknown content')
  const origin = (info & hasOrigin) === 0 ? undefined : readId(cursor)
  const rightOrigin = (info & hasRightOrigin) === 0 ? undefined : readId(cursor)
  let parent: Parent | undefined
  let key: string | undefined
  if (origin === undefined && rightOrigin === undefined) {
    const flag = cursor.unsigned()
    if (flag > 1) throw new Malformed('unknown parent')
    parent = flag === 1 ? { root: cursor.text() } : { item: readId(cursor) }
    if ((info & hasKey) !== 0) key = cursor.text()
  }
  const { content, length } = readContent(cursor, kind, bounds)
  return { client, clock, length, item: { origin, rightOrigin, parent, key, content } }
}

const readId = (cursor: Cursor): Id => ({ client: cursor.unsigned(), clock: cursor.unsigned() })

const foreign: Content = { type: 'foreign' }

function readContent(cursor: Cursor, kind: number, bounds: DecodeBounds): { content: Content; length: number } {
  switch (kind) {
    case 1:
      return { content: { type: 'deleted' }, length: cursor.unsigned() }
    case 2: {
      const count = cursor.unsigned()
      for (let index = 0; index < count; index += 1) cursor.text()
      return { content: foreign, length: count }
    }
    case 3:
      cursor.take(cursor.unsigned())
      return { content: foreign, length: 1 }
    case 4: {
      const text = cursor.text()
      return { content: { type: 'text', text }, length: text.length }
    }
    case 5:
      cursor.text()
      return { content: foreign, length: 1 }
    case 6:
      cursor.text()
      cursor.text()
      return { content: foreign, length: 1 }
    case 7:
      return { content: readShared(cursor), length: 1 }
    case 8: {
      const count = cursor.unsigned()
      const values: unknown[] = []
      for (let index = 0; index < count; index += 1) values.push(readValue(cursor, bounds.value_depth_max))
      return { content: { type: 'values', values }, length: count }
    }
    default:
      cursor.text()
      readValue(cursor, bounds.value_depth_max)
      return { content: foreign, length: 1 }
  }
}

function readShared(cursor: Cursor): Content {
  const type = cursor.unsigned()
  if (type > 6) throw new Malformed('unknown shared type')
  // XML elements and hooks carry a name.
  if (type === 3 || type === 5) cursor.text()
  return { type: 'shared', of: type === 0 ? 'array' : 'other' }
}

/** One value of lib0's `any`. Recursion is bounded by `depth`; deeper is malformed. */
function readValue(cursor: Cursor, depth: number): unknown {
  const tag = cursor.byte()
  switch (tag) {
    case 127:
      return undefined
    case 126:
      return null
    case 125:
      return cursor.signed()
    case 124:
      return cursor.float32()
    case 123:
      return cursor.float64()
    case 122:
      // A big integer: no value of the schema is one.
      return cursor.take(8)
    case 121:
      return false
    case 120:
      return true
    case 119:
      return cursor.text()
    case 118: {
      if (depth === 0) throw new Malformed('value too deep')
      const fields: Record<string, unknown> = {}
      for (let left = cursor.unsigned(); left > 0; left -= 1) {
        const name = cursor.text()
        // Yjs would assign it, and change the object's prototype instead of giving it a field.
        if (name === '__proto__') throw new Malformed('__proto__')
        fields[name] = readValue(cursor, depth - 1)
      }
      return fields
    }
    case 117: {
      if (depth === 0) throw new Malformed('value too deep')
      const values: unknown[] = []
      for (let left = cursor.unsigned(); left > 0; left -= 1) values.push(readValue(cursor, depth - 1))
      return values
    }
    case 116:
      return cursor.take(cursor.unsigned())
    default:
      throw new Malformed('unknown value')
  }
}

function readDeletes(cursor: Cursor, bounds: DecodeBounds): DeleteRange[] | 'too many' {
  const ranges: DeleteRange[] = []
  const seen = new Set<number>()
  // A long day's delete set is large but known to the server; what is new in it is counted when it is resolved.
  const ranges_max = bounds.structs_max * 10
  for (let left = cursor.unsigned(); left > 0; left -= 1) {
    const client = cursor.unsigned()
    if (seen.has(client)) throw new Malformed('two delete lists of one client')
    seen.add(client)
    let after = 0
    for (let count = cursor.unsigned(); count > 0; count -= 1) {
      const clock = cursor.unsigned()
      const length = cursor.unsigned()
      // Overlapping or unsorted ranges make Yjs split and search for each of them: a few KB cost gigabytes.
      if (length < 1 || clock < after || !Number.isSafeInteger(clock + length)) throw new Malformed('delete ranges overlap')
      after = clock + length
      if (ranges.push({ client, clock, length }) > ranges_max) return 'too many'
    }
  }
  return ranges
}
