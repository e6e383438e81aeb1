import type * as Y from 'yjs'
import { writerOf } from '#actors/committee/admission/histories.kit.ts'
import { coordinator, type Instance, type Options, Phone, World } from '#actors/committee/committee.kit.ts'
import type { JournalStore } from '#actors/journal/store.ts'
import { conflictsRoot, readConflict } from '#contract/document/conflicts.ts'
import { defaultLimits } from '#contract/limits.ts'

export const collector = writerOf(4, 'collector')
export const supervisor = writerOf(3, 'supervisor')
export const takeover_ms = defaultLimits.conflict_takeover_ms

/** Writes the one field these stories are about. */
export const group = (value: string | null) => (doc: Y.Doc) => void doc.getMap('guarantees').set('1/4/group', value)
export const at = 'guarantees/1/4/group'
export const entryIn = (doc: Y.Doc) => readConflict(conflictsRoot(doc), at)
export const valuesIn = (doc: Y.Doc) => entryIn(doc)?.values.map(({ value }) => value)

/** A committee in which `first` stands, seen by both phones; the second then goes offline. */
export async function committee({ clients = [70, 80], first, others = [] }: Setting = {}) {
  const world = new World()
  const one = world.start('one', first)
  const more = others.map((options, index) => world.start(`other ${index}`, options))
  for (const instance of [one, ...more]) await instance.open()
  const here = new Phone(clients[0], coordinator)
  const away = new Phone(clients[1], collector)
  one.send(here.write(group('first')), coordinator, 'live')
  await world.clock.advance(10)
  away.hear(one.doc)
  const tell = async (phone: Phone, value: string | null, kind: 'live' | 'merge' = 'live', instance: Instance = one) => {
    const answers = instance.send(phone.write(group(value)), phone.writer, kind)
    await world.clock.advance(10)
    return answers[0]?.answer
  }
  /** Both write, neither having seen the other's. */
  const race = async (instance?: Instance) => {
    await tell(here, 'mine')
    await tell(away, 'theirs', 'merge', instance)
  }
  const serverRows = async () => (await world.rows()).filter(({ user }) => user === null)
  return { world, one, others: more, here, away, tell, race, serverRows }
}

type Setting = { readonly clients?: readonly [number, number]; readonly first?: Options; readonly others?: readonly Options[] }

/** A store that does not get the server's own rows through while it is shut: its process hangs, or dies. */
export function mute(): { readonly wrap: (store: JournalStore) => JournalStore; readonly speak: () => void; readonly asked: () => number } {
  const gate = Promise.withResolvers<void>()
  let asked = 0
  return {
    wrap: (store) => ({
      ...store,
      append: async (entries) => {
        if (entries.some(({ user, admits }) => user === null && admits === undefined)) {
          asked += 1
          await gate.promise
        }
        return store.append(entries)
      },
    }),
    speak: () => gate.resolve(),
    asked: () => asked,
  }
}
