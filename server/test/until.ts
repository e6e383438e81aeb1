/**
 * Waits for something that no event announces (another process's log, a replica's content). Bounded: what does not come true in
 * `limit_ms` fails and says what was waited for, as it stands at the end. It asserts that a thing happens, never how fast.
 */
export async function until(what: string | (() => string), isSo: () => boolean | Promise<boolean>, limit_ms = 90_000): Promise<void> {
  const end_ms = performance.now() + limit_ms
  while (!(await isSo())) {
    if (performance.now() > end_ms) throw new Error(`waited ${limit_ms / 1_000} s in vain: ${typeof what === 'string' ? what : what()}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
