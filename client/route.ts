import { createRoot, createSignal } from 'solid-js'
import { type CommitteeId, parseCommitteeId } from '#contract/ids.ts'

// Few places need no router library (12 KB): one signal over the hash. The hash and not the path, because the server then
// needs no rule for pages, a committee's code stays out of access logs, and the page reloads wherever its files are.

export type Tab = 'roll' | 'pad' | 'absent' | 'count' | 'figures' | 'aside'
export type Route =
  | { readonly place: 'committees' }
  /** Supervisors see all their committees at once. */
  | { readonly place: 'overview' }
  /** Administrators: who is connected, users, phases. */
  | { readonly place: 'admin' }
  /** Administrators bring an election's lists. */
  | { readonly place: 'import' }
  /** Administrators look up who did what. */
  | { readonly place: 'audit' }
  /** Without `tab`: the first one the person's rights open. `list`: opened above it. */
  | { readonly place: 'committee'; readonly id: CommitteeId; readonly tab?: Tab; readonly list?: 'conflicts' }

/** `#/committee/7/roll`, `#/committee/7/roll/conflicts`; whatever is not a place is the list of committees. */
function parseHash(hash: string): Route {
  const [place, code, tab, list] = hash.replace(/^#\/?/, '').split('/')
  if (place === 'admin' && code === 'import') return { place: 'import' }
  if (place === 'admin' && code === 'audit') return { place: 'audit' }
  if (place === 'overview' || place === 'admin') return { place }
  const id = parseCommitteeId(code)
  if (place !== 'committee' || !id.ok) return { place: 'committees' }
  const known = tab === 'roll' || tab === 'pad' || tab === 'absent' || tab === 'count' || tab === 'figures' || tab === 'aside'
  return { place: 'committee', id: id.value, ...(known ? { tab } : {}), ...(known && list === 'conflicts' ? { list } : {}) }
}

export function hrefOf(route: Route): string {
  if (route.place === 'committees') return '#/'
  if (route.place === 'overview' || route.place === 'admin') return `#/${route.place}`
  if (route.place === 'import') return '#/admin/import'
  if (route.place === 'audit') return '#/admin/audit'
  return ['#', 'committee', route.id, route.tab, route.list].filter((part) => part !== undefined).join('/')
}

export const route = createRoot(() => {
  const [current, setCurrent] = createSignal(parseHash(location.hash))
  addEventListener('hashchange', () => setCurrent(parseHash(location.hash)))
  return current
})
