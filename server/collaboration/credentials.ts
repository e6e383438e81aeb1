import { type ClientId, parseClientId } from '#contract/ids.ts'

/** What a provider sends as its token: the JWT itself, or JSON that also names the Yjs client it is about to write with. */
export type Credentials = { readonly jwt: string; readonly client: ClientId | undefined }

/** Total: whatever cannot be read is a JWT that will not verify. */
export function readCredentials(token: string): Credentials {
  if (!token.startsWith('{')) return { jwt: token, client: undefined }
  try {
    const { jwt, client } = JSON.parse(token) as { jwt?: unknown; client?: unknown }
    const parsed = parseClientId(client)
    return { jwt: typeof jwt === 'string' ? jwt : '', client: parsed.ok ? parsed.value : undefined }
  } catch {
    return { jwt: '', client: undefined }
  }
}
