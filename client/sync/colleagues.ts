import { createStore } from 'solid-js/store'
import type { Colleague } from '#contract/api.ts'
import type { UserId } from '#contract/ids.ts'
import { personName } from '../i18n/names.ts'
import type { Keep } from './keep.ts'

/** Names of those who work here: the document knows only numbers. They come with the roll, and by meeting somebody. */
export function createColleagues(keep: Keep, me: Colleague) {
  const [names, setNames] = createStore<Record<number, Colleague>>({ [me.id]: me })
  return {
    meet: ({ id, name, name_en }: Colleague) => {
      const known = names[id]
      if (known?.name === name && known.name_en === name_en) return
      const english = name_en === undefined ? {} : { name_en }
      setNames(id, { id, name, ...english })
      void keep.putName({ user: id, name, ...english })
    },
    nameOf: (user: UserId) => {
      const known = names[user]
      return known === undefined ? `#${user}` : personName(known)
    },
    load: async () => {
      for (const { user, ...name } of await keep.names()) setNames(user, { id: user, ...name })
    },
  }
}
