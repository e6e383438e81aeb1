import type * as Y from 'yjs'
import { editNote, type TextEdit } from '#contract/document/notes.ts'
import { findPlace } from '#contract/document/schema.ts'
import type { ElectorSerial } from '#contract/ids.ts'
import { isUnsent, type ReplayJob } from './replay.ts'

type Id = { readonly client: number; readonly clock: number }

/** What this device did to one note and has not sent. `typed`: text by the character it stands behind, null at the beginning. */
type NoteWork = { readonly typed: readonly { readonly behind: Id | null; readonly text: string }[]; readonly last: Id }

/**
 * Puts unsent characters behind the same neighbours in the fresh notes, and takes out what was taken out here and still stands
 * there. Answers how many notes were changed.
 */
export function replayNotes(job: ReplayJob): number {
  let written = 0
  for (const path of job.old.share.keys()) {
    if (path.startsWith('note/')) written += Number(replayNote(job, path))
  }
  return written
}

function replayNote(job: ReplayJob, path: string): boolean {
  const old = job.old.getText(path)
  const work = workOn(job, old)
  if (work === undefined) return false
  const fresh = job.fresh.getText(path)
  const edits = editsFor(work, old, fresh)
  if (edits.length === 0) return false
  const text = work.typed.map((one) => one.text).join(' … ')
  const inserted = edits.reduce((sum, edit) => sum + edit.inserted.length, 0)
  const removed = edits.reduce((sum, edit) => sum + edit.removed, 0)
  const place = findPlace(path, '')
  const code =
    job.court.named({ path, key: '', id: work.last }) ??
    job.court.judge(path, '', text) ??
    (inserted > removed && fresh.length + inserted - removed > job.limits.note_characters_max ? 'too-large' : undefined)
  if (code !== undefined || typeof place === 'string') {
    job.leaveOut({ kind: 'refused', code: code ?? 'unknown-root', path, key: '', value: text, ...(removed > 0 ? { removed } : {}) })
    return false
  }
  editNote(job.fresh, place.parts.elector as ElectorSerial, edits)
  return true
}

/** Undefined where nothing of the note is unsent. A deletion has left a trace of a character, so it is found as well. */
function workOn(job: ReplayJob, text: Y.Text): NoteWork | undefined {
  const typed: { behind: Id | null; text: string }[] = []
  let behind: Id | null = null
  let last: Id | undefined
  for (let item = text._start; item !== null; item = item.right) {
    const content = item.deleted ? '' : item.content.getContent().join('')
    // An item may begin below a seal and end above it.
    let own = 0
    while (own < item.length && !isUnsent(job, { client: item.id.client, clock: item.id.clock + own })) own += 1
    if (own > 0) behind = { client: item.id.client, clock: item.id.clock + own - 1 }
    if (own === item.length) continue
    last = item.lastId
    const more = content.slice(own)
    const before = typed.at(-1)
    if (more !== '' && before?.behind === behind) before.text += more
    else if (more !== '') typed.push({ behind, text: more })
  }
  return last === undefined ? undefined : { typed, last }
}

/** In places of the fresh note as it stands: where it has other people's words too, and lacks what they have taken out. */
function editsFor({ typed }: NoteWork, old: Y.Text, fresh: Y.Text): readonly TextEdit[] {
  const gone = deletedIn(old)
  const inserts = new Map<string, string>(typed.map(({ behind, text }) => [nameOf(behind), text]))
  const edits: TextEdit[] = []
  let at = 0
  let edit: { at: number; removed: number; inserted: string } | undefined
  const open = () => {
    edit ??= { at, removed: 0, inserted: '' }
    return edit
  }
  const close = () => {
    if (edit !== undefined) edits.push(edit)
    edit = undefined
  }
  const insert = (behind: Id | null) => {
    const text = inserts.get(nameOf(behind))
    if (text === undefined) return
    inserts.delete(nameOf(behind))
    // What is taken out before this place and what is after it are two edits, with the text at the second.
    if (edit?.at !== at) close()
    open().inserted += text
  }
  insert(null)
  for (let item = fresh._start; item !== null; item = item.right) {
    for (let offset = 0; offset < item.length; offset += 1) {
      const id = { client: item.id.client, clock: item.id.clock + offset }
      if (!item.deleted) {
        if (gone.has(nameOf(id))) open().removed += 1
        else close()
        at += 1
      }
      insert(id)
    }
  }
  close()
  // A neighbour that the fresh note does not know: nothing may be lost, so it goes to the end.
  const rest = [...inserts.values()].join('')
  if (rest !== '') edits.push({ at, removed: 0, inserted: rest })
  return edits
}

const nameOf = (id: Id | null): string => (id === null ? '' : `${id.client}:${id.clock}`)

/** Every character that is gone from the old note. What others took out is gone from the fresh one as well. */
function deletedIn(text: Y.Text): ReadonlySet<string> {
  const gone = new Set<string>()
  for (let item = text._start; item !== null; item = item.right) {
    if (!item.deleted) continue
    for (let offset = 0; offset < item.length; offset += 1) gone.add(`${item.id.client}:${item.id.clock + offset}`)
  }
  return gone
}
