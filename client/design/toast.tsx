import { type Component, createSignal, type JSX, onCleanup, Show } from 'solid-js'
import { Dynamic } from 'solid-js/web'

type Toast = {
  readonly icon: Component<{ size: number }>
  /** A function, so that what it makes belongs to the region and goes with it. */
  readonly text: () => JSX.Element
  readonly action?: { readonly label: string; readonly run: () => void }
}

const plain_ms = 6_000
/** Somebody who can undo gets longer to see that they should. */
const action_ms = 10_000

export type Toaster = { readonly current: () => Toast | undefined; show(toast: Toast): void; dismiss(): void }

/** One toast at a time, the newest wins. It stands in the flow above the dock, so it never covers work. */
export function createToaster(): Toaster {
  const [current, setCurrent] = createSignal<Toast>()
  let timer: ReturnType<typeof setTimeout> | undefined
  onCleanup(() => clearTimeout(timer))
  const dismiss = () => {
    clearTimeout(timer)
    setCurrent(undefined)
  }
  return {
    current,
    dismiss,
    show(toast) {
      clearTimeout(timer)
      setCurrent(toast)
      timer = setTimeout(dismiss, toast.action === undefined ? plain_ms : action_ms)
    },
  }
}

/** Where toasts appear. The region is always there, else a screen reader would miss the first one. */
export function ToastRegion(props: { readonly toaster: Toaster }) {
  return (
    <div role="status" class="flex-none">
      <Show when={props.toaster.current()} keyed>
        {(toast) => (
          <div class="px-3 py-2">
            <div class="toast">
              <Dynamic component={toast.icon} size={20} />
              <span class="grow">{toast.text()}</span>
              <Show when={toast.action}>
                {(action) => (
                  <button
                    type="button"
                    onClick={() => {
                      props.toaster.dismiss()
                      action().run()
                    }}
                  >
                    {action().label}
                  </button>
                )}
              </Show>
            </div>
          </div>
        )}
      </Show>
    </div>
  )
}
