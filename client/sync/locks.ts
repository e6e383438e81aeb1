// Web Locks, shared by all tabs of a browser. A page opened over plain HTTP on another host than this one has none: there the
// transaction that switches documents is what keeps two tabs from doing the same work twice, and nothing is ever cleared away.

const locks = (): LockManager | undefined => navigator.locks
export const hasLocks = (): boolean => locks() !== undefined

/** Runs when nobody else runs under this name. */
export async function alone<Value>(name: string, run: () => Promise<Value>): Promise<Value> {
  const manager = locks()
  return manager === undefined ? run() : await manager.request(name, run)
}

/** Runs now if nobody holds the name; else, or where nobody can know, answers undefined. */
export async function ifFree<Value>(name: string, run: () => Promise<Value>): Promise<Value | undefined> {
  return await locks()?.request(name, { ifAvailable: true }, async (lock) => (lock === null ? undefined : await run()))
}

/** Holds a name together with whoever else holds it; resolves when held. Call the answer to let go. */
export function hold(name: string): Promise<() => void> {
  const manager = locks()
  if (manager === undefined) return Promise.resolve(() => {})
  return new Promise((held) => {
    void manager.request(name, { mode: 'shared' }, () => new Promise<void>((letGo) => held(letGo)))
  })
}
