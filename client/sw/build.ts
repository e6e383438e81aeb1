/** What the build tells the worker: its name, and every file it keeps with the hash it must have. Paths begin at the root. */
export type Build = { readonly version: string; readonly files: Readonly<Record<string, string>> }

/** What a page says to a worker that waits. A type, because the two share no code: the worker is one file. */
export type Order = 'take over'
