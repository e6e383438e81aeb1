/**
 * Every way the server says no, in one table. How a code travels: an update is answered with SyncStatus 0 and a stateless
 * `refused`; failed authentication carries the code as its reason; a document that ends later gets `refused`, then CLOSE with
 * the code as reason; a whole socket closes with `socket`; HTTP answers `http` and problem+json.
 */
export const refusals = {
  unauthenticated: { socket: 4401, http: 401, retry: 'with a new token' },
  'token-expired': { socket: 4401, http: 401, retry: 'with a new token' },
  forbidden: { http: 403, retry: 'no' },
  'not-assigned': { http: 403, retry: 'no' },
  late: { http: 403, retry: 'no: kept aside for a supervisor' },
  'unknown-committee': { http: 404, retry: 'no' },
  unparseable: { socket: 4400, http: 400, retry: 'no' },
  malformed: { http: 400, retry: 'no: reset and replay' },
  'unknown-root': { http: 400, retry: 'no: reset and replay' },
  'bad-key': { http: 400, retry: 'no: reset and replay' },
  'bad-value': { http: 400, retry: 'no: reset and replay' },
  'foreign-client': { http: 400, retry: 'no: reset and replay' },
  'not-append-only': { http: 400, retry: 'no: reset and replay' },
  sealed: { http: 400, retry: 'no: reset and replay' },
  'too-large': { socket: 4413, http: 413, retry: 'no' },
  'too-many-structs': { socket: 4413, http: 413, retry: 'no' },
  'rate-limited': { socket: 4429, http: 429, retry: 'later' },
  'too-many-connections': { socket: 4429, http: 429, retry: 'later' },
  'store-unavailable': { socket: 4503, http: 503, retry: 'with jitter' },
  draining: { socket: 4503, http: 503, retry: 'with jitter' },
  overloaded: { socket: 4503, http: 503, retry: 'with jitter' },
} as const satisfies Record<string, Refusals>

type Refusals = { readonly socket?: number; readonly http: number; readonly retry: string }

export type RefusalCode = keyof typeof refusals

/** Why something was not done. `path` is the root and `key` the place in it, where the refusal is about one. */
export type Refusal = { readonly code: RefusalCode; readonly path?: string; readonly key?: string }

export function isRefusalCode(text: string): text is RefusalCode {
  return Object.hasOwn(refusals, text)
}

/** Close code for a whole socket; a code that ends only a document has none and falls back to 4403. */
export function socketCode(code: RefusalCode): number {
  const row: Refusals = refusals[code]
  return row.socket ?? 4403
}
