import type * as Y from 'yjs'

/** Places whose own value is not durable yet, each with what to do when it is. */
export type Pending = {
  /** Whether the value that stands at the key is durable; if not, `touch` runs once it is. */
  follow(root: Y.Map<unknown>, key: string, touch: () => void): boolean
  /** After news about durable clocks: touches what they cover now. O(what is pending). */
  settle(): void
}

type Place = { readonly client: number; readonly clock: number; readonly touch: () => void }

export function createPending(covers: (client: number, clock: number) => boolean): Pending {
  const roots = new Map<Y.Map<unknown>, Map<string, Place>>()
  return {
    follow: (root, key, touch) => {
      const id = root._map.get(key)?.lastId
      if (id === undefined || covers(id.client, id.clock)) return true
      const places = roots.get(root) ?? new Map<string, Place>()
      roots.set(root, places.set(key, { ...id, touch }))
      return false
    },
    settle: () => {
      for (const places of roots.values()) {
        for (const [key, { client, clock, touch }] of places) {
          if (!covers(client, clock)) continue
          places.delete(key)
          touch()
        }
      }
    },
  }
}
