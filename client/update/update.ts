import { type Accessor, createSignal } from 'solid-js'
import type { Order } from '../sw/build.ts'
import { onceHandsAreFree } from './hands.ts'

// A new version of the app is fetched while people work with the old one, and waits. It is offered, and taken when somebody says
// so: never by itself in the middle of a count. Who never says so gets it when all windows of the app were closed.

/**
 * `offered`: all of it is on this device, or another window has taken it. `asked`: wanted, as soon as nothing is half written.
 * `taking`: the page is about to load anew.
 */
type UpdateState = 'none' | 'offered' | 'asked' | 'taking'

export type Update = {
  readonly state: Accessor<UpdateState>
  /** `settle` closes what is open, and resolves when all that was written is kept. */
  take(settle: () => Promise<void>, mayLeave: () => boolean): void
}

const look_ms = 30 * 60_000

/** Where the browser has no workers (no TLS, private windows of some), the app is an ordinary page: no update, nothing kept. */
export function createUpdate(): Update {
  const [state, setState] = createSignal<UpdateState>('none')
  const { serviceWorker: workers } = navigator as { serviceWorker?: ServiceWorkerContainer }
  let registration: ServiceWorkerRegistration | undefined

  const offer = () => setState((before) => (before === 'none' ? 'offered' : before))
  /** The first worker of a device waits for nobody and replaces nothing. */
  const look = () => {
    if (registration?.waiting && registration.active) offer()
  }
  const register = async (container: ServiceWorkerContainer) => {
    let isControlled = container.controller !== null
    container.addEventListener('controllerchange', () => {
      if (state() === 'taking') location.reload()
      else if (isControlled) offer() // another window took it; this one still runs the old one
      isControlled = true
    })
    registration = await container.register('/sw.js', { updateViaCache: 'none' })
    registration.addEventListener('updatefound', () => {
      registration?.installing?.addEventListener('statechange', look)
    })
    look()
    // A page that stays open all day: the browser looks by itself only when a page is loaded.
    setInterval(() => void registration?.update().catch(ignoreNoServer), look_ms)
  }
  if (import.meta.env.PROD && workers !== undefined) {
    void register(workers).catch(() => undefined) // refused (blocked storage): an ordinary page
  }

  return {
    state,
    take(settle, mayLeave) {
      if (state() !== 'offered') return
      setState('asked')
      onceHandsAreFree(mayLeave, async () => {
        setState('taking')
        await settle()
        const waiting = registration?.waiting
        if (waiting) waiting.postMessage('take over' satisfies Order)
        else location.reload()
      })
    },
  }
}

/** No server, no news: asked again at the next look. */
const ignoreNoServer = () => undefined
