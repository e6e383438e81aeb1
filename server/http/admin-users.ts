import { json, Router } from 'express'
import type { AccountsAnswer } from '#contract/api.ts'
import { parseUserId } from '#contract/ids.ts'
import { ok } from '#contract/result.ts'
import { hashPassword } from '../auth/password.ts'
import type { Tokens } from '../auth/token.ts'
import { login, name, password, role } from '../import/columns.ts'
import type { Accounts } from '../storage/accounts.ts'
import type { Users } from '../storage/users.ts'
import { administratorsOnly } from './administrators.ts'
import { booleanField, countField, type Field, readFields, searchField, textField } from './fields.ts'
import { actorOf } from './identify.ts'
import { refuse } from './problem.ts'

export type AdminUsersParts = { readonly tokens: Tokens; readonly users: Users; readonly accounts: Accounts }

const shown_max = 500
const list = { search: searchField, role: textField(role), after: countField(0, 2 ** 31 - 1), limit: countField(1, shown_max) }

const nameOrNull: Field<string | null> = (value) => (value === null ? ok(null) : textField(name)(value))
/** As it stands, spaces too. */
const passwordField: Field<string> = (value) => (typeof value === 'string' ? password(value) : { ok: false, error: 'not a text' })
const change = { name: textField(name), name_en: nameOrNull, role: textField(role), disabled: booleanField, password: passwordField }
const added = { login: textField(login), name: change.name, name_en: change.name_en, role: change.role, password: change.password }

/** Who may log in, by administrators. */
export function adminUserRoutes({ tokens, users, accounts }: AdminUsersParts): Router {
  const routes = Router()
  const only = administratorsOnly(tokens, users)

  routes.get('/api/admin/users', ...only, async (request, response) => {
    const asked = readFields(request.query, list)
    if (!asked.ok) return refuse(response, 'malformed', { title: `Not as it should be: ${asked.error}` })
    const { search = '', after = 0, limit = shown_max, role } = asked.value
    const found = await accounts.list({ search, after, limit, ...(role === undefined ? {} : { role }) })
    const last = found.length === limit ? found.at(-1) : undefined
    response.json({ users: found, ...(last === undefined ? {} : { next: last.id }) } satisfies AccountsAnswer)
  })

  routes.post('/api/admin/users', ...only, json({ limit: '10kb' }), async (request, response) => {
    const asked = readFields(request.body, added)
    if (!asked.ok) return refuse(response, 'malformed', { title: `Not as it should be: ${asked.error}` })
    const { login, name, role, password, name_en } = asked.value
    if (login === undefined || name === undefined || role === undefined) {
      return refuse(response, 'malformed', { title: 'login, name and role are needed' })
    }
    const account = { login, name, role, ...(name_en === undefined ? {} : { name_en }), ...(await hashed(password)) }
    const made = await accounts.add(actorOf(request, response), account)
    if (made.ok) response.status(201).json(made.value)
    else refuse(response, 'malformed', { status: 409, title: 'Somebody has this login' })
  })

  routes.patch('/api/admin/users/:id', ...only, json({ limit: '10kb' }), async (request, response) => {
    const by = actorOf(request, response)
    const id = parseUserId(request.params.id)
    const asked = readFields(request.body, change)
    if (!asked.ok) return refuse(response, 'malformed', { title: `Not as it should be: ${asked.error}` })
    const { password, ...rest } = asked.value
    // So that nobody locks the last one out, by a slip: another administrator can.
    const isOwn = id.ok && id.value === by.user && ((rest.role ?? 'administrator') !== 'administrator' || rest.disabled === true)
    if (isOwn) return refuse(response, 'forbidden', { title: 'Administrators do not take their own role away' })
    const changed = id.ok ? await accounts.change(by, id.value, { ...rest, ...(await hashed(password)) }) : id
    if (changed.ok) response.json(changed.value)
    else refuse(response, 'unparseable', { status: 404, title: 'No such person' })
  })

  return routes
}

async function hashed(password: string | undefined): Promise<{ readonly password_hash?: string }> {
  return password === undefined ? {} : { password_hash: await hashPassword(password) }
}
