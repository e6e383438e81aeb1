/** An expected failure is a value; only an impossible state is a throw (see `assert`). */
export type Result<T, E> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: E }

export function ok(): { readonly ok: true; readonly value: undefined }
export function ok<T>(value: T): { readonly ok: true; readonly value: T }
export function ok(value?: unknown) {
  return { ok: true, value }
}

export function err<E>(error: E): { readonly ok: false; readonly error: E } {
  return { ok: false, error }
}

/** States an invariant. A failure is a bug in the caller, never bad input: bad input is a `Result`. */
export function assert(claim: unknown, invariant: string): asserts claim {
  if (!claim) throw new Error(`invariant broken: ${invariant}`)
}

/** Makes a `switch` total: a case that is added to a union and not answered no longer compiles. */
export function unreachable(never: never): never {
  throw new Error(`unreachable: ${JSON.stringify(never)}`)
}
