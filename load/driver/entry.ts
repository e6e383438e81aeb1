import { randomBytes } from 'node:crypto'
import jsonwebtoken from 'jsonwebtoken'

/** Logs in over HTTP as a person would. */
export async function logIn(url: string, login: string, password: string): Promise<{ token: string; user: number }> {
  const answer = await fetch(`${url}/api/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ login, password }),
  })
  if (!answer.ok) throw new Error(`login of ${login}: ${answer.status} ${await answer.text()}`)
  const { token, user } = (await answer.json()) as { token: string; user: { id: number } }
  return { token, user: user.id }
}

/** An access token as the server would sign it; `lasts_s` from now. */
export type Sign = (user: number, role: string, lasts_s?: number) => string

/** Signs with the server's own secret: a crowd does not log in one by one. */
export function makeSigner(secret: string): Sign {
  return (user, role, lasts_s = 3_600) =>
    jsonwebtoken.sign({ sub: String(user), name: `user ${user}`, role, jti: randomBytes(8).toString('hex') }, secret, {
      expiresIn: lasts_s,
    })
}
