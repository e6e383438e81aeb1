import { Dialog } from '@kobalte/core/dialog'
import X from 'lucide-solid/icons/x'
import { createUniqueId, type JSX, onCleanup } from 'solid-js'
import { text } from '../i18n/say.tsx'

export type SheetProps = {
  readonly open: boolean
  readonly onClose: () => void
  /** Beside the title, before it: a serial number's plate. */
  readonly before?: JSX.Element
  readonly title: JSX.Element
  readonly titleClass?: string
  readonly subtitle?: JSX.Element
  /** There may be nothing in it to go to: then its body takes the focus, so that keys can scroll it. */
  readonly toRead?: boolean
  readonly children: JSX.Element
}

/** A dialog from the bottom of a phone, centred on a wide screen. Escape, the ground and the cross close it; focus returns. */
export function Sheet(props: SheetProps) {
  return (
    <Dialog open={props.open} onOpenChange={(open) => !open && props.onClose()} preventScroll={false}>
      <Dialog.Portal>
        <Dialog.Overlay class="scrim" />
        <SheetContent {...props} />
      </Dialog.Portal>
    </Dialog>
  )
}

function SheetContent(props: SheetProps) {
  // Kobalte knows where to return the focus only from its own trigger, and a sheet may be opened by any of 5,000 rows.
  const opener = document.activeElement
  const title = createUniqueId()
  return (
    <Dialog.Content
      ref={keepFocusWithin}
      class="sheet"
      onCloseAutoFocus={(event) => {
        event.preventDefault()
        if (opener instanceof HTMLElement) opener.focus({ preventScroll: true })
      }}
    >
      <div class="sheet-grab" />
      {/* No `header`: the page has its banner, and a sheet none of its own. */}
      <div
        class="flex gap-3 ps-4 pe-1.5 pb-2"
        classList={{ 'items-center': props.subtitle === undefined, 'items-start': props.subtitle !== undefined }}
      >
        {props.before}
        <div class="grow min-w-0">
          <Dialog.Title id={title} class={props.titleClass ?? 'text-title font-bold'}>
            {props.title}
          </Dialog.Title>
          {props.subtitle}
        </div>
        <Dialog.CloseButton class="icon-button" aria-label={text('close')}>
          <X size={24} />
        </Dialog.CloseButton>
      </div>
      <div class="sheet-body" {...(props.toRead === true ? { tabindex: 0, role: 'region', 'aria-labelledby': title } : {})}>
        {props.children}
      </div>
    </Dialog.Content>
  )
}

/** A control that goes when it is used (a form that is done) takes the focus with it: Escape would be dead, and Tab on the page beneath. */
function keepFocusWithin(content: HTMLElement): void {
  const observer = new MutationObserver(() => {
    if (document.activeElement === document.body) content.focus({ preventScroll: true })
  })
  observer.observe(content, { childList: true, subtree: true })
  onCleanup(() => observer.disconnect())
}
