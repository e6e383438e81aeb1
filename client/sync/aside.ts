import { type Accessor, createEffect, createMemo, createSignal, on, onCleanup } from 'solid-js'
import type * as Y from 'yjs'
import type { AsideAnswer, AsideDecided, AsideDecision, AsideEntry } from '#contract/api.ts'
import { ballotsRoot, type Log, readLogs } from '#contract/document/ballots.ts'
import { findPlace } from '#contract/document/schema.ts'
import type { CommitteeId, Sheet } from '#contract/ids.ts'
import { err, ok, type Result } from '#contract/result.ts'
import { type Failure, type FailureCode, postJson } from './api.ts'
import { conflate } from './clock.ts'
import type { Inside } from './inside.ts'

/** Nothing was decided by this call; `decided`: somebody had done it before. */
type NotDecided = { readonly code: 'decided'; readonly entry: AsideEntry } | { readonly code: FailureCode }

/** What of a committee was refused, or came late, and is kept on the server until somebody decides. */
export type Aside = {
  /** Whether this person decides on it: the right `rule` as it was given, since a closed committee is when late edits come. */
  readonly mayDecide: Accessor<boolean>
  /** Undecided first, newest first, as the server last said; undefined before its first answer. */
  readonly entries: Accessor<readonly AsideEntry[] | undefined>
  /** How many wait for a decision; 0 for those who do not decide. */
  readonly waiting: Accessor<number>
  /** Why the last question was not answered; what was answered before stays. */
  readonly failed: Accessor<FailureCode | undefined>
  /** Asks the server. It tells nobody by itself that something was kept. */
  refresh(): Promise<void>
  decide(id: string, decision: AsideDecision): Promise<Result<AsideDecided, NotDecided>>
  /** What stands at a place of the document now: a key's value, or a note's text. Tracked. */
  standing(path: string, key: string): unknown
  /** The logs of a sheet as they stand. Tracked. */
  logs(sheet: Sheet): readonly Log[]
}

/** A burst of edits is one reason to look again. */
const changed_ms = 300

export function createAside(given: {
  readonly inside: Inside
  readonly committee: CommitteeId
  readonly doc: Y.Doc
  readonly mayDecide: Accessor<boolean>
}): Aside {
  const { inside, committee, doc, mayDecide } = given
  const path = `/committees/${committee}/aside`
  const [entries, setEntries] = createSignal<readonly AsideEntry[]>()
  const [failed, setFailed] = createSignal<FailureCode>()
  const follow = followDocument(inside, doc)
  let decisions = 0
  let asking: Promise<void> | undefined

  const ask = async () => {
    // What was on its way while something was decided may still have it as undecided.
    for (let seen = -1; seen !== decisions; ) {
      seen = decisions
      const answer = await readEntries(inside, path)
      if (seen !== decisions) continue
      setFailed(answer.ok ? undefined : answer.error.code)
      if (answer.ok) setEntries((before) => keepEqual(before ?? [], answer.value))
    }
  }
  const refresh = async () => {
    if (!mayDecide()) return
    asking ??= ask().finally(() => {
      asking = undefined
    })
    await asking
  }
  const learn = (entry: AsideEntry) => {
    decisions += 1
    setEntries((all) => all?.map((one) => (one.id === entry.id ? entry : one)))
    void refresh()
  }
  createEffect(on(mayDecide, () => void refresh(), { defer: true }))

  return {
    mayDecide,
    entries: createMemo(() => (mayDecide() ? entries() : undefined)),
    waiting: createMemo(() => (mayDecide() ? (entries() ?? []).filter(({ decided }) => decided === undefined).length : 0)),
    failed,
    refresh,
    decide: async (id, decision) => {
      const answer = await inside.fetch(`${path}/${id}`, postJson(decision))
      const told = answer.ok ? await answer.value.json().catch(() => undefined) : answer.error.instead
      const after = (told as AsideDecided | undefined)?.entry
      if (after !== undefined) learn(after)
      if (!answer.ok) return err(after === undefined ? { code: answer.error.code } : { code: 'decided', entry: after })
      return after === undefined ? err({ code: 'offline' }) : ok(told as AsideDecided) // cut off in the middle of the body
    },
    ...follow,
  }
}

async function readEntries(inside: Inside, path: string): Promise<Result<readonly AsideEntry[], Failure>> {
  const answer = await inside.fetch(path)
  if (!answer.ok) return answer
  try {
    return ok(((await answer.value.json()) as AsideAnswer).entries)
  } catch {
    return err({ code: 'offline' }) // cut off in the middle of the body
  }
}

/** An entry that is as it was stays the same object, so that who shows it has nothing to do. */
function keepEqual(before: readonly AsideEntry[], now: readonly AsideEntry[]): readonly AsideEntry[] {
  const known = new Map(before.map((entry) => [entry.id, entry]))
  return now.map((entry) => {
    const old = known.get(entry.id)
    return old !== undefined && JSON.stringify(old) === JSON.stringify(entry) ? old : entry
  })
}

function followDocument(inside: Inside, doc: Y.Doc): Pick<Aside, 'standing' | 'logs'> {
  const [version, setVersion] = createSignal(0)
  const changed = conflate(inside.clock, changed_ms, () => setVersion((before) => before + 1))
  doc.on('update', changed.later)
  onCleanup(() => {
    changed.stop()
    doc.off('update', changed.later)
  })
  return {
    standing: (path, key) => {
      version()
      // The path is what a stranger sent: a root is asked for only where the schema has one, by the type it has.
      const place = findPlace(path, key)
      if (typeof place === 'string' || place.row.kind === 'logs') return undefined
      return place.row.kind === 'text' ? doc.getText(path).toString() : doc.getMap(path).get(key)
    },
    logs: (sheet) => {
      version()
      return readLogs(ballotsRoot(doc), sheet)
    },
  }
}
