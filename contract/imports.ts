// Lists that administrators bring as CSV: `POST /api/admin/import/:kind`, the file as the body.

/** The columns of each kind of file, in the order people are told. A column that is not required may be missing, or blank. */
export const importColumns = {
  committees: { code: 'required', name: 'required', site: 'required', sex: 'optional', constituency: 'optional' },
  roll: {
    committee_code: 'required',
    serial: 'required',
    name: 'required',
    sex: 'required',
    family: 'optional',
    unit: 'optional',
    mobile: 'optional',
  },
  candidates: { number: 'required', name: 'required', list: 'optional', constituency: 'optional' },
  users: { login: 'required', name: 'required', role: 'required', password: 'optional' },
  assignments: { login: 'required', committee_code: 'optional', site: 'optional', rights: 'optional' },
  results: { committee_code: 'required', committee_name: 'required', candidate: 'required', party: 'optional', votes: 'required' },
} as const satisfies Record<string, Record<string, 'required' | 'optional'>>

export type ImportKind = keyof typeof importColumns
/** In the order in which an election is set up: each may name what the ones before it have brought. */
export const importKinds = Object.keys(importColumns) as readonly ImportKind[]
export const isImportKind = (text: string): text is ImportKind => Object.hasOwn(importColumns, text)

/** What the server does with a file, for who writes one. */
export const importRules = {
  committees: 'by code; makes sites and constituencies that are missing; a committee that is not named stays',
  roll: 'by committee and serial, never renumbered or deleted: who is missing from a committee that the file names becomes inactive',
  candidates: 'by constituency and number; makes constituencies that are missing; a candidate who is not named stays',
  users: 'by login, in any case of letters; a blank password keeps the one there is, a new person without one cannot log in yet',
  assignments:
    'by login and committee, or login and site, never both in one line; rights: `+count -figures` adds and takes; what is not named stays',
  results: 'announced votes by committee and candidate, kept for comparing; makes committees, and candidates numbered as they first appear',
} as const satisfies Record<ImportKind, string>

/** What is wrong, in the file or in a line of it. The app has words for each. */
export const importProblems = [
  'empty-file',
  'missing-column',
  'double-column',
  /** More or fewer fields than the first line; `value` is how many. */
  'fields',
  'bad-quotes',
  /** Too much is wrong, or there are too many lines: from this one on the file was not judged. */
  'not-read',
  'not-utf8',
  'blank',
  'too-long',
  'not-a-number',
  'unknown-word',
  'bad-mobile',
  'bad-login',
  'short-password',
  /** `first_line` is about the same. */
  'double',
  'unknown-committee',
  'unknown-site',
  'unknown-login',
  /** Neither a committee nor a site, or both. */
  'one-of-two',
  /** Administrators do not take their own role away. */
  'own-role',
  'no-number-left',
] as const
export type ImportProblemCode = (typeof importProblems)[number]

export type ImportProblem = {
  /** Of the file, the header being 1; where a record goes over several lines, its first. */
  readonly line: number
  readonly column?: string
  readonly code: ImportProblemCode
  /** What stood there, cleaned and cut short; never of a password. */
  readonly value?: string
  readonly first_line?: number
}

/** Told with every problem of the file, up to so many; `problems_total` counts them all. */
export const importProblemsShown_max = 200

/** Made on the way, because a line named them. */
export type ImportMade = 'sites' | 'constituencies' | 'committees' | 'candidates'

/**
 * What was done, or in a dry run would be. With a problem nothing is done, and every count but `lines` is 0.
 */
export type ImportReport = {
  readonly kind: ImportKind
  readonly dry_run: boolean
  /** Id of the election it is about. */
  readonly election: string
  /** Lines with something in them, without the header. */
  readonly lines: number
  readonly created: number
  readonly updated: number
  readonly unchanged: number
  /** Electors who are no longer on the roll. */
  readonly deactivated: number
  readonly made: Readonly<Partial<Record<ImportMade, number>>>
  /** Columns of the file that say nothing to us: perhaps a name misspelt. */
  readonly ignored_columns: readonly string[]
  readonly problems: readonly ImportProblem[]
  readonly problems_total: number
}
