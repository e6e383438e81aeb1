import { describe, expect, test } from 'vitest'
import type { CommitteeId, UserId } from '#contract/ids.ts'
import { rights, rightsOfRole, roles } from '#contract/rights.ts'
import { makeAccessList } from '#server/auth/access.ts'
import { makeRefreshTokens } from '#server/auth/refresh.ts'
import { insertElection, makeDatabase } from './database.ts'

const [north, south] = ['north-1', 'south-1'] as [CommitteeId, CommitteeId]

async function makeWorld(role: string) {
  const test = await makeDatabase()
  const { knex } = test.database
  const { site, users } = await insertElection(test.database, { committees: [north, south], users: [['someone', role]] })
  const user = users[0] as UserId
  const accessList = makeAccessList(knex)
  const assign = (assignment: Record<string, unknown>) => knex('assignments').insert({ user_id: user, ...assignment })
  return { ...test, knex, site, user, accessList, assign }
}

test('the matrix in the database is the one in the contract', async () => {
  await using test = await makeDatabase()
  const rows = await test.database.knex('role_rights').select<{ role: string; right: string }[]>('role', 'right')
  const pairs = rows.map(({ role, right }) => `${role} ${right}`).toSorted()
  expect(pairs).toEqual(roles.flatMap((role) => rightsOfRole[role].map((right) => `${role} ${right}`)).toSorted())
})

describe('access', () => {
  test('an administrator has every right everywhere, without an assignment', async () => {
    await using world = await makeWorld('administrator')
    expect(await world.accessList.access(world.user, north)).toEqual({ ok: true, value: { rights, phase: 'counting' } })
    expect((await world.accessList.committeesOf(world.user)).ok).toBe(true)
  })

  test('anybody else has the rights of the role where assigned, and is not assigned elsewhere', async () => {
    await using world = await makeWorld('marker')
    await world.assign({ committee_id: north })
    expect(await world.accessList.access(world.user, north)).toMatchObject({ value: { rights: ['read', 'attendance'] } })
    expect(await world.accessList.access(world.user, south)).toEqual({ ok: false, error: 'not-assigned' })
    expect(await world.accessList.access(world.user, 'nowhere' as CommitteeId)).toEqual({ ok: false, error: 'unknown-committee' })
    const all = await world.accessList.committeesOf(world.user)
    expect(all.ok && [...all.value.keys()]).toEqual([north])
  })

  test("an assignment to a site is one to each of its committees; the committee's own rules where there are both", async () => {
    await using world = await makeWorld('supervisor')
    await world.assign({ site_id: world.site })
    await world.assign({ committee_id: south, taken: ['phase', 'rule'] })
    expect(await world.accessList.access(world.user, north)).toMatchObject({ value: { rights } })
    const left = rights.filter((right) => right !== 'phase' && right !== 'rule')
    expect(await world.accessList.access(world.user, south)).toMatchObject({ value: { rights: left } })
  })

  test('an assignment adds and takes single rights, and a change holds with the next question', async () => {
    await using world = await makeWorld('counter')
    await world.assign({ committee_id: north, added: ['attendance'], taken: ['figures'] })
    expect(await world.accessList.access(world.user, north)).toMatchObject({ value: { rights: ['read', 'attendance', 'count'] } })
    await world.knex('assignments').update({ added: [], taken: [] })
    expect(await world.accessList.access(world.user, north)).toMatchObject({ value: { rights: ['read', 'count', 'figures'] } })
  })

  test('where `read` is taken the committee is not in the list', async () => {
    await using world = await makeWorld('viewer')
    await world.assign({ site_id: world.site })
    await world.assign({ committee_id: north, taken: ['read'] })
    const all = await world.accessList.committeesOf(world.user)
    expect(all.ok && [...all.value.keys()]).toEqual([south])
  })

  test("a committee follows the election's phase until it has one of its own", async () => {
    await using world = await makeWorld('administrator')
    await world.knex('committees').where('id', south).update({ phase: 'closed' })
    await world.knex('elections').update({ phase: 'polling' })
    expect(await world.accessList.access(world.user, north)).toMatchObject({ value: { phase: 'polling' } })
    expect(await world.accessList.access(world.user, south)).toMatchObject({ value: { phase: 'closed' } })
  })

  test('a database that is away is `unavailable`, neither a yes nor a no', async () => {
    const world = await makeWorld('administrator')
    await world[Symbol.asyncDispose]()
    expect(await world.accessList.access(world.user, north)).toEqual({ ok: false, error: 'unavailable' })
    expect(await world.accessList.committeesOf(world.user)).toEqual({ ok: false, error: 'unavailable' })
  })

  test('an assignment is to a committee or to a site, never both or neither', async () => {
    await using world = await makeWorld('viewer')
    await expect(world.assign({ committee_id: north, site_id: world.site })).rejects.toThrow('check constraint')
    await expect(world.assign({})).rejects.toThrow('check constraint')
    await expect(world.assign({ committee_id: north, added: ['fly'] })).rejects.toThrow('check constraint')
    await world.assign({ committee_id: north, added: ['count'] })
  })
})

describe('refresh tokens', () => {
  test('a used one whose successor nobody has used gives another: an answer lost on a bad line costs no login', async () => {
    await using world = await makeWorld('viewer')
    const tokens = makeRefreshTokens(world.knex, 30)
    const token = await tokens.issue(world.user)
    const lost = await Promise.all([tokens.rotate(token), tokens.rotate(token)])
    const heard = await tokens.rotate(token)
    expect([...lost, heard].map((answer) => answer.ok)).toEqual([true, true, true])
    expect(heard.ok && (await tokens.rotate(heard.value.token)).ok).toBe(true)
  })

  test.each(['the token itself', 'a successor that was not used'])('once a successor was used, %s ends the family', async (what) => {
    await using world = await makeWorld('viewer')
    const tokens = makeRefreshTokens(world.knex, 30)
    const token = await tokens.issue(world.user)
    const [first, second] = [await tokens.rotate(token), await tokens.rotate(token)]
    if (!first.ok || !second.ok) throw new Error('both are usable')
    const next = await tokens.rotate(first.value.token)
    expect(await tokens.rotate(what === 'the token itself' ? token : second.value.token)).toEqual({
      ok: false,
      error: { reused: world.user },
    })
    expect(next.ok && (await tokens.rotate(next.value.token)).ok).toBe(false)
  })

  test('successors that nobody uses are few', async () => {
    await using world = await makeWorld('viewer')
    const tokens = makeRefreshTokens(world.knex, 30)
    const token = await tokens.issue(world.user)
    for (let lost = 0; lost < 10; lost += 1) expect((await tokens.rotate(token)).ok).toBe(true)
    expect(await world.knex('refresh_tokens').select('id')).toHaveLength(5)
  })

  test('one that has expired, or was never issued, gives nothing', async () => {
    await using world = await makeWorld('viewer')
    const tokens = makeRefreshTokens(world.knex, 30)
    const [old, fresh] = [await tokens.issue(world.user), await tokens.issue(world.user)]
    await world.knex.raw(
      `update refresh_tokens set expires_at = now() - interval '1 second' where id = (select id from refresh_tokens order by issued_at limit 1)`,
    )
    expect(await tokens.rotate(old)).toEqual({ ok: false, error: 'unauthenticated' })
    expect(await tokens.rotate('never-issued')).toEqual({ ok: false, error: 'unauthenticated' })
    expect(await tokens.rotate(fresh)).toMatchObject({ ok: true, value: { user: world.user } })
  })

  test('expired ones of a person are swept when they log in', async () => {
    await using world = await makeWorld('viewer')
    const tokens = makeRefreshTokens(world.knex, 30)
    await tokens.issue(world.user)
    await world.knex('refresh_tokens').update({ expires_at: new Date(0) })
    await tokens.issue(world.user)
    expect(await world.knex('refresh_tokens').select('id')).toHaveLength(1)
  })
})
