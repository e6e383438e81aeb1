import { type Component, createRoot } from 'solid-js'

type Icon = Component<{ readonly size: number }>

/**
 * The same icon for rows, which come, go and change by the dozen: built once for each size, then cloned. The library builds each
 * from its parts, with an effect for every part, and that was a quarter of what a change of a row cost.
 */
export function stamped(icon: Icon): Icon {
  const built = new Map<number, Element>()
  return (props) => {
    const stamp = built.get(props.size) ?? make(icon, props.size)
    built.set(props.size, stamp)
    return stamp.cloneNode(true) as Element
  }
}

/** Nothing in it changes, so its effects go at once. */
const make = (icon: Icon, size: number): Element =>
  createRoot((dispose) => {
    const element = icon({ size }) as Element
    dispose()
    return element
  })
