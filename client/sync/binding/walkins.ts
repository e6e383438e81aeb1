import { type Accessor, batch, createSignal } from 'solid-js'
import type * as Y from 'yjs'
import { keyOf } from '#contract/document/keys.ts'
import { isAccepted, readWalkins, type WalkinPlace, walkinsRoot } from '#contract/document/walkins.ts'
import type { UserId } from '#contract/ids.ts'
import type { Pending } from './pending.ts'

/** `accepted`: a supervisor's word, undefined until there is one. */
export type WalkinRow = WalkinPlace & {
  readonly key: string
  readonly name: string
  readonly serial: number | null
  readonly why: string
  readonly at_s: number
  readonly mine: boolean
  readonly accepted: boolean | undefined
  readonly ruledBy: UserId | undefined
  /** This person's own word here, the walk-in or the ruling, is in a committed row. */
  readonly durable: boolean
}

export type WalkinCounts = { readonly accepted: number; readonly waiting: number }

/** The root `walkins` as a list, in the order they were written. A handful a day: every change reads it anew. */
export function bindWalkins(doc: Y.Doc, me: UserId, pending: Pending) {
  const root = walkinsRoot(doc)
  const [rows, setRows] = createSignal<readonly WalkinRow[]>([])
  const [counts, setCounts] = createSignal<WalkinCounts>({ accepted: 0, waiting: 0 })

  function read() {
    const walkins = readWalkins(root)
    const isSaved = (key: string, by: UserId | undefined) => by !== me || pending.follow(root, key, read)
    batch(() => {
      setRows(
        walkins.map((walkin) => {
          const { user, client, n, value, ruling } = walkin
          const key = keyOf.walkin(user, client, n)
          const durable = [isSaved(key, user), isSaved(keyOf.walkinRuling(user, client, n), ruling?.by)].every(Boolean)
          return { user, client, n, key, ...value, mine: user === me, accepted: ruling?.accepted, ruledBy: ruling?.by, durable }
        }),
      )
      setCounts({ accepted: walkins.filter(isAccepted).length, waiting: walkins.filter(({ ruling }) => ruling === undefined).length })
    })
  }
  read()
  root.observe(read)

  return { rows: rows as Accessor<readonly WalkinRow[]>, counts, stop: () => root.unobserve(read) }
}
