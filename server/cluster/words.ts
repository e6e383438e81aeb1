import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'
import type { NextRow } from '#actors/committee/replica.ts'
import { type ClientId, type CommitteeId, parseCommitteeId, parseSequence, type Sequence, type UserId } from '#contract/ids.ts'
import type { Result } from '#contract/result.ts'

/** Who speaks: a process, and which of its lives. */
export type Speaker = { readonly name: string; readonly born_ms: number }

/** How far a committee has come that rows were lately told of. */
type Mark = { readonly committee: CommitteeId; readonly sequence: Sequence }

/** What processes tell each other. */
export type Word =
  /** Committed rows in order, or only their last number: then they are to be read. */
  | { readonly kind: 'rows'; readonly committee: CommitteeId; readonly last: Sequence; readonly rows: readonly NextRow[] }
  /** `number` of the beat, and `news` of the last news of presence that was sent. */
  | { readonly kind: 'beat'; readonly number: number; readonly news: number; readonly marks: readonly Mark[] }
  | { readonly kind: 'bye' }
  /** For the whole picture of somebody's people; of these committees also where there is nobody any more. */
  | { readonly kind: 'ask'; readonly committees: readonly CommitteeId[] }
  /** News of presence; every process numbers its own. */
  | { readonly kind: 'news'; readonly number: number; readonly committee: CommitteeId; readonly news: Uint8Array }
  /** The answer, in parts; as of `number`. */
  | {
      readonly kind: 'pictures'
      readonly number: number
      readonly isLast: boolean
      readonly pictures: readonly (readonly [CommitteeId, Uint8Array])[]
    }
  | { readonly kind: 'topic'; readonly topic: string; readonly payload: Uint8Array }

export type WordKind = Word['kind']

const kinds = ['rows', 'beat', 'bye', 'ask', 'news', 'pictures', 'topic'] as const satisfies readonly WordKind[]

/** No list of a word is longer than that: more is no word of ours. */
const list_max = 100_000

type Writing = encoding.Encoder
type Reading = decoding.Decoder

type Codec<Body> = { readonly write: (to: Writing, body: Body) => void; readonly read: (from: Reading) => Body }
export type BodyOf<Kind extends WordKind> = Omit<Extract<Word, { kind: Kind }>, 'kind'>

const codecs: { readonly [Kind in WordKind]: Codec<BodyOf<Kind>> } = {
  rows: {
    write(to, { committee, last, rows }) {
      encoding.writeVarString(to, committee)
      encoding.writeVarUint(to, last)
      writeList(to, rows, writeRow)
    },
    read: (from) => ({ committee: readCommittee(from), last: readSequence(from), rows: readList(from, readRow) }),
  },
  beat: {
    write(to, { number, news, marks }) {
      encoding.writeVarUint(to, number)
      encoding.writeVarUint(to, news)
      writeList(to, marks, (mark) => {
        encoding.writeVarString(to, mark.committee)
        encoding.writeVarUint(to, mark.sequence)
      })
    },
    read: (from) => ({
      number: decoding.readVarUint(from),
      news: decoding.readVarUint(from),
      marks: readList(from, () => ({ committee: readCommittee(from), sequence: readSequence(from) })),
    }),
  },
  bye: { write: () => {}, read: () => ({}) },
  ask: {
    write: (to, { committees }) => writeList(to, committees, (committee) => encoding.writeVarString(to, committee)),
    read: (from) => ({ committees: readList(from, () => readCommittee(from)) }),
  },
  news: {
    write(to, { number, committee, news }) {
      encoding.writeVarUint(to, number)
      encoding.writeVarString(to, committee)
      encoding.writeVarUint8Array(to, news)
    },
    read: (from) => ({ number: decoding.readVarUint(from), committee: readCommittee(from), news: decoding.readVarUint8Array(from) }),
  },
  pictures: {
    write(to, { number, isLast, pictures }) {
      encoding.writeVarUint(to, number)
      encoding.writeVarUint(to, isLast ? 1 : 0)
      writeList(to, pictures, ([committee, picture]) => {
        encoding.writeVarString(to, committee)
        encoding.writeVarUint8Array(to, picture)
      })
    },
    read: (from) => ({
      number: decoding.readVarUint(from),
      isLast: decoding.readVarUint(from) === 1,
      pictures: readList(from, () => [readCommittee(from), decoding.readVarUint8Array(from)] as const),
    }),
  },
  topic: {
    write(to, { topic, payload }) {
      encoding.writeVarString(to, topic)
      encoding.writeVarUint8Array(to, payload)
    },
    read: (from) => ({ topic: decoding.readVarString(from), payload: decoding.readVarUint8Array(from) }),
  },
}

export function encodeWord({ name, born_ms }: Speaker, word: Word): Uint8Array {
  const to = encoding.createEncoder()
  encoding.writeVarUint(to, kinds.indexOf(word.kind))
  encoding.writeVarString(to, name)
  encoding.writeVarUint(to, born_ms)
  const { write } = codecs[word.kind] as Pick<Codec<Word>, 'write'>
  write(to, word)
  return encoding.toUint8Array(to)
}

/** A word as it came: whose it is, and the rest where it is wanted. Of our own, which come back, it is not. */
export type Envelope = { readonly from: Speaker; readonly kind: WordKind; readonly read: () => Word | undefined }

/** Undefined where it is none, as is what `read` answers. A word holds views of the bytes given. */
export function openWord(bytes: Uint8Array): Envelope | undefined {
  return attempted(() => {
    const from = decoding.createDecoder(bytes)
    const kind = kinds[decoding.readVarUint(from)]
    if (kind === undefined) return undefined
    const speaker = { name: decoding.readVarString(from), born_ms: decoding.readVarUint(from) }
    const read = () =>
      attempted(() => {
        const word = { kind, ...codecs[kind].read(from) } as Word
        return decoding.hasContent(from) ? undefined : word
      })
    return { from: speaker, kind, read }
  })
}

/** lib0 throws where the bytes end too early, the parsers where a value is none: that is the answer. */
function attempted<Value>(read: () => Value | undefined): Value | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}

function writeRow(row: NextRow, to: Writing): void {
  encoding.writeVarUint(to, row.sequence)
  encoding.writeUint8Array(to, Buffer.from(row.uuid.replaceAll('-', ''), 'hex'))
  encoding.writeVarUint(to, row.user ?? 0)
  writeList(to, row.clients, (client) => encoding.writeVarUint(to, client))
  encoding.writeUint8Array(to, Buffer.from(row.head, 'hex'))
  encoding.writeFloat64(to, row.at_ms)
  writeList(to, row.touches, ({ path, key }) => {
    encoding.writeVarString(to, path)
    encoding.writeVarString(to, key)
  })
  encoding.writeVarUint8Array(to, row.update)
}

function readRow(from: Reading): NextRow {
  const sequence = readSequence(from)
  const uuid = hex(decoding.readUint8Array(from, 16)).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
  const user = decoding.readVarUint(from)
  return {
    sequence,
    uuid,
    user: user === 0 ? null : (user as UserId),
    clients: readList(from, () => decoding.readVarUint(from) as ClientId),
    head: hex(decoding.readUint8Array(from, 32)),
    at_ms: decoding.readFloat64(from),
    touches: readList(from, () => ({ path: decoding.readVarString(from), key: decoding.readVarString(from) })),
    update: decoding.readVarUint8Array(from),
  }
}

function writeList<Item>(to: Writing, items: readonly Item[], write: (item: Item, to: Writing) => void): void {
  encoding.writeVarUint(to, items.length)
  for (const item of items) write(item, to)
}

function readList<Item>(from: Reading, read: (from: Reading) => Item): Item[] {
  const length = decoding.readVarUint(from)
  if (length > list_max) throw new Error('too long')
  const items: Item[] = []
  while (items.length < length) items.push(read(from))
  return items
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')
const readCommittee = (from: Reading): CommitteeId => orThrow(parseCommitteeId(decoding.readVarString(from)))
const readSequence = (from: Reading): Sequence => orThrow(parseSequence(decoding.readVarUint(from)))

function orThrow<Value>(result: Result<Value, string>): Value {
  if (!result.ok) throw new Error(result.error)
  return result.value
}
