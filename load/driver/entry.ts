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
