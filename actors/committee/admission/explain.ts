import type { AsideWrite } from '#contract/api.ts'
import { keyCharactersMax } from '#contract/document/keys.ts'
import { findPlace, type Place, refuseValue, refuseWriter, type Writer } from '#contract/document/schema.ts'
import type { ClientId } from '#contract/ids.ts'
import type { Reason } from '#contract/messages.ts'
import type { RefusalCode } from '#contract/refusals.ts'
import { rights } from '#contract/rights.ts'
import { type Judge, type Objection, ownerAfter } from './authorize.ts'
import type { DeleteRange } from './decode.ts'
import type { LiveDocument } from './live.ts'
import { RangeSet } from './ranges.ts'
import type { NewStruct } from './resolve.ts'

/** A refused update, for people: why, and what it would have written, by which client. `more`: writes left off. */
export type Explanation = { readonly reasons: readonly Reason[]; readonly writes: readonly ClientWrite[]; readonly more: number }
type ClientWrite = { readonly client: ClientId; readonly write: AsideWrite }

/** A phone writes anew what no reason names, so what is refused is always named: where these do not suffice, root by root. */
export const reasons_max = 256
/** Before they are put together. */
const reasons_read_max = 20_000
/** As many as a log has entries. */
const writes_max = 20_000
/** Of a value that can never be admitted, and so may be anything, this much is kept to be looked at. */
const value_characters_max = 1_000

/** Refusals that say nothing of what was meant: place and value may be as they should. */
const admissibleCodes: ReadonlySet<RefusalCode> = new Set(['late', 'forbidden'])

/**
 * Reads a refused update once more, write by write. Only here, so that what is accepted, which is nearly everything, does not pay
 * for it.
 */
export function explain(
  objections: readonly Objection[],
  found: readonly NewStruct[],
  deletes: readonly DeleteRange[],
  live: LiveDocument,
  judge: Judge,
): Explanation {
  const reader = new Reader(objections, found, deletes, live, judge)
  for (const at of found) reader.read(at)
  return { reasons: reader.reasons(), ...reader.writes() }
}

/** Of what cannot be read, or is not looked at: each code alone, or with the client it is about. */
export function explainAlone(codes: readonly (readonly [code: RefusalCode, client?: ClientId])[]): Explanation {
  const reasons = codes.map(([code, client]) => ({ code, path: '', key: client === undefined ? '' : String(client) }))
  return { reasons: reasons.slice(0, reasons_max), writes: [], more: 0 }
}

type Write = { client: ClientId; path: string; key: string; index?: number; value: unknown; code?: RefusalCode; fits: boolean }

class Reader {
  private readonly live: LiveDocument
  private readonly judge: Judge
  /** The author, with every right there is. */
  private readonly able: Writer
  private readonly deleted: RangeSet
  private readonly objected = new Map<NewStruct, RefusalCode>()
  /** Of a place as a whole, by root and key; of a client as a whole, by '' and its number. */
  private readonly objectedAt = new Map<string, RefusalCode>()
  private readonly said = new Map<string, Reason>()
  private readonly written = new Map<string, Write>()
  private more = 0
  /** Where each log would be by now, and whether all before that is in the document or could be. */
  private readonly logs = new Map<string, { next: number; whole: boolean }>()

  constructor(
    objections: readonly Objection[],
    found: readonly NewStruct[],
    deletes: readonly DeleteRange[],
    live: LiveDocument,
    judge: Judge,
  ) {
    this.live = live
    this.judge = { ...judge, ownerOf: ownerAfter(new Set(found.map(({ struct }) => struct.client)), judge) }
    this.able = { ...judge.writer, rights, assigned: rights }
    this.deleted = new RangeSet(deletes)
    for (const { at, code, path, key } of objections) {
      if (at === undefined) {
        this.say(code, path, key)
        this.objectedAt.set(`${path}\0${key}`, code)
      } else if (!this.objected.has(at)) this.objected.set(at, code)
    }
  }

  reasons(): readonly Reason[] {
    const reasons = [...this.said.values()]
    if (reasons.length <= reasons_max) return reasons
    const byRoot = new Map(reasons.map(({ code, path }) => [`${code}\0${path}`, { code, path, key: '' }]))
    return [...byRoot.values()].slice(0, reasons_max)
  }

  writes(): { writes: readonly ClientWrite[]; more: number } {
    const writes = [...this.written.values()].map(({ client, path, key, index, value, code, fits }) => ({
      client,
      write: {
        path: cut(path),
        key: cut(key),
        ...(index === undefined ? {} : { index }),
        value: fits ? value : legible(value),
        ...(code === undefined ? {} : { code }),
        admissible: fits && code !== undefined && admissibleCodes.has(code),
      },
    }))
    return { writes, more: this.more }
  }

  read(at: NewStruct): void {
    const { struct, where } = at
    const objection = this.objected.get(at)
    const content = struct.item?.content
    if (where === 'dead' || content === undefined) return this.say(objection, '', '')
    const { slot, root, key } = where
    if (slot === 'log' && content.type === 'values') return this.readLog(at, root, key, content.values, objection)
    if (slot === 'log') this.logAt(root, key).next += struct.length - at.known
    this.say(objection, root, key)
    if (slot === 'entry' && content.type === 'values') {
      for (const [offset, value] of content.values.entries())
        if (offset >= at.known && !this.deleted.has(struct.client, struct.clock + offset))
          this.write(struct.client as ClientId, root, key, value, objection)
    }
    if (slot === 'sequence' && content.type === 'text') this.readText(at, root, content.text, objection)
  }

  private readLog(at: NewStruct, root: string, key: string, values: readonly unknown[], objection: RefusalCode | undefined): void {
    const place = findPlace(root, key)
    const log = this.logAt(root, key)
    const own = values.map((value) =>
      objection === undefined ||
      typeof place === 'string' ||
      refuseWriter(place, this.judge.writer, at.struct.client as ClientId) !== undefined
        ? undefined
        : refuseValue(place, value, this.judge.writer, this.judge.facts, this.judge.ownerOf),
    )
    // Where no entry is to blame it is all of them: for their place, or their author.
    const isOfAll = own.every((code) => code === undefined)
    for (let offset = at.known; offset < values.length; offset += 1) {
      const code = isOfAll ? objection : own[offset]
      if (isOfAll) this.say(code, root, key)
      else this.say(code, root, key, log.next)
      this.write(at.struct.client as ClientId, root, key, values[offset], code, log.next)
      log.next += 1
    }
  }

  /** What a client types into one note is one write, as far as it was not taken out again. */
  private readText({ struct, known }: NewStruct, root: string, text: string, objection: RefusalCode | undefined): void {
    let kept = ''
    for (let offset = known; offset < text.length; offset += 1)
      if (!this.deleted.has(struct.client, struct.clock + offset)) kept += text[offset]
    if (kept === '') return
    const client = struct.client as ClientId
    const name = `${client}\0${root}\0`
    const before = this.written.get(name)
    const value = `${typeof before?.value === 'string' ? before.value : ''}${kept}`
    const room = this.judge.limits.note_characters_max - this.live.lengthOf(root)
    this.write(client, root, '', value, before?.code ?? objection)
    const write = this.written.get(name)
    if (write !== undefined && value.length > room) write.fits = false
  }

  /** Of a client's writes of a key the last is the one that would stand. */
  private write(client: ClientId, path: string, key: string, value: unknown, objection: RefusalCode | undefined, index?: number): void {
    const code = this.objectedAt.get(`\0${client}`) ?? objection ?? this.objectedAt.get(`${path}\0${key}`)
    const place = findPlace(path, key)
    let fits = typeof place !== 'string' && this.fits(place, value, client)
    if (index !== undefined) {
      const log = this.logAt(path, key)
      // An entry's index never changes, voids point by it: it has to come to stand where it stood.
      log.whole &&= fits && code !== undefined && admissibleCodes.has(code)
      fits = log.whole
    }
    const name = `${client}\0${path}\0${key}${index === undefined ? '' : `\0${index}`}`
    if (this.written.size >= writes_max && !this.written.has(name)) this.more += 1
    else
      this.written.set(name, {
        client,
        path,
        key,
        value,
        fits,
        ...(index === undefined ? {} : { index }),
        ...(code === undefined ? {} : { code }),
      })
  }

  private fits(place: Place, value: unknown, client: ClientId): boolean {
    const { facts, ownerOf } = this.judge
    return refuseWriter(place, this.able, client) === undefined && refuseValue(place, value, this.able, facts, ownerOf) === undefined
  }

  private logAt(root: string, key: string): { next: number; whole: boolean } {
    const name = `${root}\0${key}`
    const log = this.logs.get(name) ?? { next: this.live.logAt(root, key)?.length ?? 0, whole: true }
    this.logs.set(name, log)
    return log
  }

  private say(code: RefusalCode | undefined, path: string, key: string, index?: number): void {
    if (code === undefined || this.said.size >= reasons_read_max) return
    // The sender chose them, and hears them again: no longer than what may be a key.
    const reason = { code, path: cut(path), key: cut(key), ...(index === undefined ? {} : { index }) }
    this.said.set(Object.values(reason).join('\0'), reason)
  }
}

const cut = (text: string): string => text.slice(0, keyCharactersMax)

/** As JSON has it, and not endless. */
function legible(value: unknown): unknown {
  const text = JSON.stringify(value, (_name, part) => (part instanceof Uint8Array ? `${part.length} bytes` : part)) ?? 'null'
  return text.length > value_characters_max ? `${text.slice(0, value_characters_max)}…` : JSON.parse(text)
}
