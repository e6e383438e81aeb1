import { onCleanup } from 'solid-js'

/**
 * Keeps the screen on while its owner stands: nobody unlocks a phone between two ballots. The browser lets go of the lock whenever
 * the page is hidden, so it is asked for again when it is back. Where there is none (an older browser, a low battery) the screen
 * darkens as it always did; that is no news to anybody, so nothing is said.
 */
export function keepScreenOn(): void {
  let lock: WakeLockSentinel | undefined
  let over = false
  const ask = async () => {
    if (over || document.visibilityState !== 'visible' || !('wakeLock' in navigator)) return
    try {
      const given = await navigator.wakeLock.request('screen')
      if (over) await given.release()
      else lock = given
    } catch {
      // Refused for now: asked again when the page comes back.
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
