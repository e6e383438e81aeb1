import * as Y from 'yjs'
import { type Forged, type ForgedUpdate, forge } from '#actors/committee/admission/bytes.kit.ts'
import type { RefusalCode } from '#contract/refusals.ts'
import type { Phase } from '#contract/rights.ts'
import type { demoLogins } from '#server/demo/logins.ts'

export const at_s = 1_764_000_000

export type Login = (typeof demoLogins)[number]['login']

/** Where somebody stands who is about to write. */
export type Ground = {
  /** Who writes, and somebody honest whose work is in the document: see `furnish`. */
  readonly me: number
  readonly other: number
  /** A Yjs client of mine, and its first clock that is free; one that nobody has used. */
  readonly client: number
  readonly clock: number
  readonly second: number
  /** The honest one's client. */
  readonly theirs: number
  /** An elector of the roll whom no other case writes about. */
  readonly elector: number
  /** The whole document. */
  readonly held: Uint8Array
}

export type Bytes = (ground: Ground) => Uint8Array

/** An update that is refused, beside one that differs in nothing but what it is refused for. */
export type Attack = {
  readonly code: RefusalCode
  /** Root of the schema table that the reasons name; '' where they are about the update as a whole, or a client. */
  readonly root: string
  readonly what: string
  readonly as: Login
  /** Accepted, by the same client before the attack; by `twinAs` where it is who writes that makes the difference. */
  readonly twin: Bytes
  readonly twinAs?: Login
  readonly attack: Bytes
  /** Refused before, with whatever reason. */
  readonly before?: Bytes
  /** The committee's phase during the attack; otherwise everything is open. */
  readonly phase?: Phase
}

type Rest = Partial<Pick<Attack, 'twinAs' | 'before' | 'phase'>>

/** A row of the table. */
export const attack = (
  code: RefusalCode,
  root: string,
  what: string,
  as: Login,
  { twin, attack: bytes, ...rest }: Pick<Attack, 'twin' | 'attack'> & Rest,
): Attack => ({ code, root, what, as, twin, attack: bytes, ...rest })

type Of<T> = T | ((ground: Ground) => T)
const of = <T>(given: Of<T>, ground: Ground): T => (typeof given === 'function' ? (given as (ground: Ground) => T)(ground) : given)

/** What a phone sends that wrote this on top of what the server has, by another client than its own where one is named. */
export const edit =
  (write: (doc: Y.Doc, ground: Ground) => void, client: Of<number> = ({ client: own }) => own): Bytes =>
  (ground) => {
    const doc = new Y.Doc()
    Y.applyUpdate(doc, ground.held)
    doc.clientID = of(client, ground)
    const before = Y.encodeStateVector(doc)
    doc.transact(() => write(doc, ground))
    return Y.encodeStateAsUpdate(doc, before)
  }

export const put = (root: string, key: Of<string>, value: Of<unknown>): Bytes =>
  edit((doc, ground) => doc.getMap(root).set(of(key, ground), of(value, ground)))

/** Types at the end of the note of the case's own elector. */
export const type = (text: string): Bytes =>
  edit((doc, { elector }) => {
    const note = doc.getText(`note/${elector}`)
    note.insert(note.length, text)
  })

/** The own log on sheet B, made where it is not there. */
export function ownLog(doc: Y.Doc, { me, client }: Ground): Y.Array<unknown> {
  const logs = doc.getMap<Y.Array<unknown>>('ballots')
  const key = `B/${me}.${client}`
  const kept = logs.get(key)
  if (kept !== undefined) return kept
  const log = new Y.Array<unknown>()
  logs.set(key, log)
  return log
}

export const call = (...entries: Of<unknown>[]): Bytes =>
  edit((doc, ground) => ownLog(doc, ground).push(entries.map((entry) => of(entry, ground))))

export const ballot = (n: number, c: unknown = [n]) => ({ n, at_s, c })

/** Bytes by hand, where no document can be brought to say it. */
export const raw =
  (update: (ground: Ground) => ForgedUpdate): Bytes =>
  (ground) =>
    forge(update(ground))

/** A mark as it should be; `more` makes it something else. */
export const mark = ({ elector, me }: Ground, more: Partial<Forged> = {}): Forged => ({
  parent: 'attendance',
  key: `${elector}/${me}`,
  content: { values: [at_s] },
  ...more,
})

/** A block of structs, next in the own client. */
export const block = ({ client, clock }: Ground, ...structs: Forged[]) => ({ client, clock, structs })

/** The case's own mark, by hand: what most attacks on bytes would be without the attack. */
export const honestBytes: Bytes = raw((ground) => ({ blocks: [block(ground, mark(ground))] }))
