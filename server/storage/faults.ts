import type { StoreFault } from '#actors/journal/store.ts'

/**
 * What a SQLSTATE (its first two characters) means to who asked. Only what would fail again for the same entry is `rejected`;
 * everything else, and everything that is not of Postgres at all (a socket, a time-out), is `unavailable`: an edit is rather held too
 * long than dropped for a fault of ours.
 */
const rejectedClasses: Readonly<Record<string, string>> = {
  22: 'data exception: the value cannot be stored',
  23: 'integrity constraint: an unknown committee or user, or the append-only trigger',
  54: 'program limit exceeded: the value is larger than Postgres takes',
  P0: 'raised by a function of ours',
}

export function storeFault(fault: unknown): StoreFault {
  const code = typeof fault === 'object' && fault !== null && 'code' in fault ? fault.code : undefined
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && Object.hasOwn(rejectedClasses, code.slice(0, 2))
    ? 'rejected'
    : 'unavailable'
}

/** A fault of the database or of the way there, and not of our own code: by Postgres's severity, a system call's code, or a time-out. */
export function isStoreFault(fault: unknown): boolean {
  if (!(fault instanceof Error)) return false
  const code = 'code' in fault ? String(fault.code) : ''
  return (
    'severity' in fault ||
    /^E[A-Z]+$/.test(code) ||
    fault.name === 'KnexTimeoutError' ||
    /^(?:Connection terminated|Client has encountered a connection error|Query read timeout|timeout expired|Unable to acquire a connection)/.test(
      fault.message,
    )
  )
}
