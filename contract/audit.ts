// What the server writes down about people: `GET /api/admin/audit`. Append-only; never what stands in a document, that is the journal's.

/**
 * `conflated`: what somebody can make happen again and again. The first is written at once, what is the same in the minute after it is
 * one row at the end of that minute, which says how many.
 */
export const auditTable = {
  connect: { conflated: true, about: 'a document was opened over a socket' },
  disconnect: { conflated: true, about: 'it was closed; the code says why, `left` where they went by themselves' },
  login: { conflated: true, about: 'a login by password' },
  'login-refused': { conflated: true, about: 'one that was not let in, with the login as it was typed' },
  logout: { conflated: true, about: 'a session was ended by who had it' },
  'sign-out': { conflated: false, about: 'all sessions of a person were ended, on every device' },
  'token-reused': { conflated: true, about: 'a refresh token came a second time: it, or its successor, was stolen; the session ended' },
  refusal: { conflated: true, about: 'something was refused; the subject is the place in the document, or the call' },
  limit: { conflated: true, about: 'something was refused for being too much, too large or too often' },
  rights: { conflated: false, about: 'a person, an assignment or the matrix of roles was changed: what it was and what it is' },
  phase: { conflated: false, about: 'the phase of a committee or an election was changed' },
  ruling: {
    conflated: false,
    about: "a supervisor's word on statements or walk-ins, or somebody else's ballot struck, in a committed row",
  },
  aside: { conflated: false, about: 'what was refused and kept aside was admitted or dropped' },
  import: { conflated: false, about: 'a list was imported, or was not for its faults; a check of a file is not one' },
  export: { conflated: false, about: 'a list was taken out of the server' },
  omitted: { conflated: false, about: 'so many entries, and of which kinds, could not be written: the database was away for too long' },
} as const satisfies Record<string, { readonly conflated: boolean; readonly about: string }>

export type AuditKind = keyof typeof auditTable
export const auditKinds = Object.keys(auditTable) as readonly AuditKind[]
export const isAuditKind = (text: string): text is AuditKind => Object.hasOwn(auditTable, text)

/** Of one text of an entry: what is longer is cut. */
export const auditCharacters_max = 200

/** Lists that can be taken out: `GET /api/admin/export/<list>.csv`. */
export const exportLists = ['audit', 'attendance', 'guarantees', 'counts'] as const
export type ExportList = (typeof exportLists)[number]
