/**
 * What a reload would take out of somebody's hands: text in a field (a search is soon typed again), and whatever a screen marks
 * with `data-unsaved`, such as a ballot that is called and not yet saved.
 */
const inHand = '[data-unsaved], input:not([type=search], [type=radio], [type=checkbox]), textarea, [contenteditable=true]'

function isInHand(element: Element): boolean {
  if (element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement) return element.value.trim() !== ''
  return element.matches('[data-unsaved]') || (element.textContent ?? '').trim() !== ''
}

const handsAreFree = (): boolean => ![...document.querySelectorAll(inHand)].some(isInHand)

const retry_ms = 1_000

/** Runs once, at the first moment that nothing is half written and `mayLeave` agrees. Now, if that is now. */
export function onceHandsAreFree(mayLeave: () => boolean, run: () => void): void {
  if (handsAreFree() && mayLeave()) run()
  else setTimeout(() => onceHandsAreFree(mayLeave, run), retry_ms)
}
