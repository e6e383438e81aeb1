import type { CommitteeSession } from '../../sync/committee-session.ts'

type Status = ReturnType<CommitteeSession['status']>

/**
 * What the saved indicator says.
 *   there    everything of mine is in a committed row on the server
 *   here     n edits are kept on this device and not yet there
 *   writing  n edits are not there, and the last of them on its way to this device's disk
 *   sending  a larger pile is on its way: n of m are there, in committed rows
 *   unkept   n edits are neither there nor kept on this device: the page must stay open
 *   full     this device has no room to keep more
 */
export type SavedState =
  | { readonly is: 'there' }
  | { readonly is: 'here'; readonly n: number }
  | { readonly is: 'writing'; readonly n: number }
  | { readonly is: 'sending'; readonly n: number; readonly of: number }
  | { readonly is: 'unkept'; readonly n: number }
  | { readonly is: 'full' }

/** Fewer than this arrive before anyone could read "n of m". */
const pile_min = 5

/** `pile`: the most that was unsent since everything was last there. */
export function savedState(
  { storage, unsent, writing, link }: Pick<Status, 'storage' | 'unsent' | 'writing' | 'link'>,
  pile: number,
): SavedState {
  if (storage === 'full') return { is: 'full' }
  if (unsent === 0) return { is: 'there' }
  if (storage === 'not-kept') return { is: 'unkept', n: unsent }
  if (link === 'online' && pile >= pile_min) return { is: 'sending', n: pile - unsent, of: pile }
  return { is: writing ? 'writing' : 'here', n: unsent }
}
