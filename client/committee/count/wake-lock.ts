import { onCleanup } from 'solid-js'

/**
 * Keeps the screen on while its owner stands: nobody unlocks a phone between two ballots. The browser lets go of the lock whenever
 * the page is hidden, so it is asked for again when it is back. Where there is none (an older browser, a low battery) the screen
 * darkens as it always did; that is no news to anybody, so nothing is said.
 */
export function keepScreenOn(): void {
  let lock: WakeLockSentinel | undefined
  let over = false
  let asking = false
  const ask = async () => {
    // One at a time: a second would stand where the first was, and the first would keep the screen on after its owner.
    if (over || asking || document.visibilityState !== 'visible' || !('wakeLock' in navigator)) return
    if (lock !== undefined && !lock.released) return
    asking = true
    try {
      const given = await navigator.wakeLock.request('screen')
      if (over) await given.release()
      else lock = given
    } catch {
      // Refused for now: asked again when the page comes back.
    } finally {
      asking = false
    }
  }
  document.addEventListener('visibilitychange', ask)
  void ask()
  onCleanup(() => {
    over = true
    document.removeEventListener('visibilitychange', ask)
    void lock?.release().catch(() => undefined) // given back by the browser already
  })
}
