import * as encoding from 'lib0/encoding'

type Id = readonly [client: number, clock: number]

/** A struct as an attacker would write it: nothing is checked. */
export type Forged = {
  readonly origin?: Id
  readonly right?: Id
  /** Where there is no origin on either side: a root's name, or the item that holds the parent. */
  readonly parent?: string | Id
  readonly key?: string
  readonly content: ForgedContent
}

type ForgedContent =
  | { readonly values: readonly unknown[] }
  | { readonly text: string }
  | { readonly deleted: number }
  | { readonly gc: number }
  | { readonly shared: number; readonly name?: string }
  /** Any kind, with bytes written by hand. */
  | { readonly kind: number; readonly write: (encoder: encoding.Encoder) => void }

export type ForgedUpdate = {
  readonly blocks?: readonly {
    readonly client: number
    readonly clock: number
    readonly count?: number
    readonly structs: readonly Forged[]
  }[]
  readonly deletes?: readonly (readonly [client: number, ranges: readonly (readonly [clock: number, length: number])[]])[]
}

/** Bytes of an update, version 1, by Yjs's format and without Yjs. `count` lies about the number of structs. */
export function forge({ blocks = [], deletes = [] }: ForgedUpdate): Uint8Array {
  const encoder = encoding.createEncoder()
  encoding.writeVarUint(encoder, blocks.length)
  for (const { client, clock, structs, count } of blocks) {
    encoding.writeVarUint(encoder, count ?? structs.length)
    encoding.writeVarUint(encoder, client)
    encoding.writeVarUint(encoder, clock)
    for (const struct of structs) writeStruct(encoder, struct)
  }
  encoding.writeVarUint(encoder, deletes.length)
  for (const [client, ranges] of deletes) {
    encoding.writeVarUint(encoder, client)
    encoding.writeVarUint(encoder, ranges.length)
    for (const [clock, length] of ranges) {
      encoding.writeVarUint(encoder, clock)
      encoding.writeVarUint(encoder, length)
    }
  }
  return encoding.toUint8Array(encoder)
}

function writeStruct(encoder: encoding.Encoder, { origin, right, parent, key, content }: Forged): void {
  if ('gc' in content) {
    encoding.writeUint8(encoder, 0)
    return encoding.writeVarUint(encoder, content.gc)
  }
  encoding.writeUint8(encoder, kindOf(content) | (origin ? 0x80 : 0) | (right ? 0x40 : 0) | (key === undefined ? 0 : 0x20))
  for (const id of [origin, right]) if (id) writeId(encoder, id)
  if (!origin && !right) {
    encoding.writeVarUint(encoder, typeof parent === 'string' ? 1 : 0)
    if (typeof parent === 'string') encoding.writeVarString(encoder, parent)
    else writeId(encoder, parent ?? [0, 0])
    if (key !== undefined) encoding.writeVarString(encoder, key)
  }
  writeContent(encoder, content)
}

function writeId(encoder: encoding.Encoder, [client, clock]: Id): void {
  encoding.writeVarUint(encoder, client)
  encoding.writeVarUint(encoder, clock)
}

function kindOf(content: Exclude<ForgedContent, { gc: number }>): number {
  if ('kind' in content) return content.kind
  return 'deleted' in content ? 1 : 'text' in content ? 4 : 'shared' in content ? 7 : 8
}

function writeContent(encoder: encoding.Encoder, content: Exclude<ForgedContent, { gc: number }>): void {
  if ('kind' in content) content.write(encoder)
  else if ('deleted' in content) encoding.writeVarUint(encoder, content.deleted)
  else if ('text' in content) encoding.writeVarString(encoder, content.text)
  else if ('shared' in content) {
    encoding.writeVarUint(encoder, content.shared)
    if (content.name !== undefined) encoding.writeVarString(encoder, content.name)
  } else {
    encoding.writeVarUint(encoder, content.values.length)
    for (const value of content.values) encoding.writeAny(encoder, value as never)
  }
}
