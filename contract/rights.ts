/** What a person may do in one committee. `guarantees` includes notes, `attendance` includes walk-ins. */
export const rights = ['read', 'guarantees', 'attendance', 'count', 'figures', 'rule', 'contacts', 'phase'] as const
export type Right = (typeof rights)[number]

/** Role → rights in an assigned committee. Administrators have theirs everywhere; the others need an assignment. */
export const rightsOfRole = {
  administrator: rights,
  supervisor: rights,
  coordinator: ['read', 'guarantees', 'attendance', 'count', 'figures', 'contacts'],
  collector: ['read', 'guarantees', 'contacts'],
  marker: ['read', 'attendance'],
  counter: ['read', 'count', 'figures'],
  viewer: ['read'],
} as const satisfies Record<string, readonly Right[]>

export type Role = keyof typeof rightsOfRole
export const roles = Object.keys(rightsOfRole) as Role[]

/** The day's course. Each phase opens some rights to write; `read`, `contacts`, `rule` and `phase` do not depend on it. */
export const phases = ['setup', 'canvass', 'polling', 'counting', 'closed'] as const
export type Phase = (typeof phases)[number]

const always: readonly Right[] = ['read', 'contacts', 'phase']

/** Rights a phase leaves open. In `closed` not even rulings are written: the committee is read only. */
export const rightsOfPhase = {
  setup: always,
  canvass: [...always, 'guarantees', 'rule'],
  polling: [...always, 'guarantees', 'attendance', 'rule'],
  counting: [...always, 'guarantees', 'attendance', 'count', 'figures', 'rule'],
  closed: always,
} as const satisfies Record<Phase, readonly Right[]>

/** An assignment may add or take single rights. Order of the result is that of `rights`, so that equal sets are equal lists. */
export function assignedRights(role: Role, added: readonly Right[] = [], taken: readonly Right[] = []): readonly Right[] {
  const all = new Set<Right>([...rightsOfRole[role], ...added])
  for (const right of taken) all.delete(right)
  return rights.filter((right) => all.has(right))
}

/** What of somebody's rights the committee's phase lets them use now. */
export function usableRights(assigned: readonly Right[], phase: Phase): readonly Right[] {
  const open: readonly Right[] = rightsOfPhase[phase]
  return assigned.filter((right) => open.includes(right))
}

export const isRight = (text: string): text is Right => (rights as readonly string[]).includes(text)
export const isRole = (text: string): text is Role => Object.hasOwn(rightsOfRole, text)
export const isPhase = (text: string): text is Phase => (phases as readonly string[]).includes(text)

/** Roles that may write a guarantee under another collector's key; a collector writes only their own. */
export const speaksForOthers = (role: Role): boolean => role === 'administrator' || role === 'supervisor' || role === 'coordinator'
