import { digest } from 'lib0/hash/sha256'
import { encodeUtf8 } from 'lib0/string'
import type { CommitteeId, Sequence } from '#contract/ids.ts'

/**
 * Of the row that writes down what the row of this number has made. Every process names it the same, and the journal takes a uuid once:
 * so two that write it at the same time write one row. (Version 8: of our own making.)
 */
export function entriesUuid(committee: CommitteeId, cause: Sequence): string {
  const bytes = digest(encodeUtf8(`conflicts\n${committee}\n${cause}`)).slice(0, 16)
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x80
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}
