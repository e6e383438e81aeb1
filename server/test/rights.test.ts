import { describe, expect, it } from 'vitest'
import { ballotsIn, documentOf, marksIn } from '#load/driver/oracle.ts'
import type { Person } from '#load/driver/person.ts'
import type { ServerProcess } from '#load/driver/server.ts'
import { demoUser } from './demo-users.ts'
import { until } from './until.ts'
import { startWorld, type World } from './world.ts'

const at_s = 1_763_856_000
/** The promise is 2 s; a machine that is busy with other tests gets longer. What is asserted is the order. */
const limit_ms = 10_000

type Rights = { readonly rights: readonly string[]; readonly phase: string }

/** Everything a person was told of rights, in order; the first is what they came in with. */
function rightsTold(person: Person): Rights[] {
  const told: Rights[] = []
  person.provider.on('stateless', ({ payload }: { payload: string }) => {
    const message = JSON.parse(payload) as { type: string } & Rights
    if (message.type === 'rights') told.push({ rights: message.rights, phase: message.phase })
  })
  return told
}

async function come(world: World, login: string, at?: ServerProcess, committee = 'u01') {
  const user = (await demoUser(world.sql))(login)
  const role = login.replace(/\d+$/, '')
  const person = world.person(committee, user, role, at === undefined ? {} : { at })
  const told = rightsTold(person)
  await person.synced()
  await until('what they may do', () => told.length > 0, limit_ms)
  return { person, told, user }
}

/** Each once: a struct refused is refused again with the next. */
const codes = (person: Person) => [...new Set(person.refused.flatMap(({ reasons }) => reasons.map(({ code }) => code)))]

async function assign(world: World, user: number, change: { added?: string[]; taken?: string[] }) {
  await world.sql.query("update assignments set added = $2, taken = $3 where user_id = $1 and committee_id = 'u01'", [
    user,
    change.added ?? [],
    change.taken ?? [],
  ])
}

const marks = async (world: World) => marksIn(documentOf((await world.rows('u01')).map((row) => row.update)))

describe('rights change in place, on the other of two processes', () => {
  it('five times: who loses a right is told, then refused; a twin of the same role works on; given back, it works again', async () => {
    await using world = await startWorld({ instances: 2, demo: true })
    const [, second] = world.instances
    const demoted = await come(world, 'coordinator1', second)
    const twin = await come(world, 'coordinator2', second)
    let kept = 0
    for (let time = 1; time <= 5; time += 1) {
      const before = demoted.told.length
      await assign(world, demoted.user, { taken: ['attendance'] })
      await until('the right is gone', () => demoted.told.length > before, limit_ms)
      expect(demoted.told.at(-1)).toEqual({ rights: ['read', 'guarantees', 'count', 'figures', 'contacts'], phase: 'counting' })

      // A new page of the same person each time: what was refused stays in the document of the old one.
      const trial = world.person('u01', demoted.user, 'coordinator', { ...(second === undefined ? {} : { at: second }) })
      await trial.synced()
      trial.mark(time, at_s)
      await until('the refusal', () => trial.refused.length > 0, limit_ms)
      expect(codes(trial)).toEqual(['late'])
      trial.leave()
      twin.person.mark(time, at_s)
      await twin.person.book.downTo(0)
      kept += 1
      expect(await marks(world)).toHaveLength(kept)

      await assign(world, demoted.user, {})
      await until('the right is back', () => demoted.told.length > before + 1, limit_ms)
      expect(demoted.told.at(-1)?.rights).toContain('attendance')
      demoted.person.mark(100 + time, at_s)
      await demoted.person.book.downTo(0)
      kept += 1
    }
    expect(demoted.person.refused).toEqual([])
    expect(twin.person.refused).toEqual([])
    expect(twin.told).toHaveLength(1)
    expect(demoted.person.connects).toBe(1)
  })

  it('the open page itself is refused, by what it may do when the edit arrives', async () => {
    await using world = await startWorld({ instances: 2, demo: true })
    const demoted = await come(world, 'counter1', world.instances[1])
    demoted.person.call('A', 1, [1], at_s)
    await demoted.person.book.downTo(0)
    await assign(world, demoted.user, { taken: ['count'] })
    await until('the right is gone', () => demoted.told.length > 1, limit_ms)
    demoted.person.call('A', 2, [2], at_s)
    await until('the refusal', () => demoted.person.refused.length > 0, limit_ms)
    expect(codes(demoted.person)).toEqual(['late'])
    // What was made under a right that ended is for a supervisor to decide on.
    expect((await world.sql.query('select kind from aside')).rows).toEqual([{ kind: 'late' }])
    expect(ballotsIn(documentOf((await world.rows('u01')).map((row) => row.update)), 'A')).toHaveLength(1)
  })

  it('where `read` ends the document is closed, `forbidden`, and only theirs; the socket stays', async () => {
    await using world = await startWorld({ instances: 2, demo: true })
    const [, second] = world.instances
    const gone = await come(world, 'viewer1', second)
    const twin = await come(world, 'counter1', second)
    await assign(world, gone.user, { taken: ['read'] })
    await until('the document is closed', () => gone.person.sentAway.length > 0, limit_ms)
    expect(gone.person.sentAway).toEqual(['forbidden'])
    expect(gone.person.refused).toMatchObject([{ client: null, reasons: [{ code: 'forbidden', path: '', key: '' }] }])
    expect(gone.person.socket.status).toBe('connected')
    twin.person.call('A', 1, [1], at_s)
    await twin.person.book.downTo(0)
    expect(ballotsIn(gone.person.doc, 'A')).toEqual([])

    const later = world.person('u01', gone.user, 'viewer', second === undefined ? {} : { at: second })
    await until('the door is closed as well', () => later.sentAway.length > 0, limit_ms)
    expect(later.sentAway).toEqual(['forbidden'])
    await assign(world, gone.user, {})
    const back = await world.person('u01', gone.user, 'viewer', second === undefined ? {} : { at: second }).synced()
    expect(ballotsIn(back.doc, 'A')).toHaveLength(1)
  })

  it('an assignment that is deleted closes the document too', async () => {
    await using world = await startWorld({ instances: 2, demo: true })
    const gone = await come(world, 'marker1', world.instances[1])
    await world.sql.query("delete from assignments where user_id = $1 and committee_id = 'u01'", [gone.user])
    await until('the document is closed', () => gone.person.sentAway.length > 0, limit_ms)
    expect(gone.person.sentAway).toEqual(['forbidden'])
  })
})

describe('the phase', () => {
  it('of an election holds at once for everybody in it, but for a committee that has its own; edits after it are `late`', async () => {
    await using world = await startWorld({ instances: 2, demo: true })
    const [first, second] = world.instances
    await world.sql.query("update committees set phase = 'counting' where id = 'u02'")
    const here = await come(world, 'counter1', first)
    const there = await come(world, 'counter2', second)
    const own = await come(world, 'coordinator1', second, 'u02')
    await world.sql.query("update elections set phase = 'closed'")
    for (const { told } of [here, there]) {
      await until('the phase', () => told.length > 1, limit_ms)
      expect(told.at(-1)).toEqual({ rights: ['read'], phase: 'closed' })
    }
    there.person.call('A', 1, [1], at_s)
    await until('the refusal', () => there.person.refused.length > 0, limit_ms)
    expect(codes(there.person)).toEqual(['late'])
    own.person.mark(1, at_s)
    await own.person.book.downTo(0)
    expect(own.told).toHaveLength(1)

    await world.sql.query("update elections set phase = 'counting'")
    await until('open again', () => here.told.length > 2, limit_ms)
    here.person.call('A', 1, [1], at_s)
    await here.person.book.downTo(0)
  })

  it('of one committee is told to those who are in it, and to nobody else', async () => {
    await using world = await startWorld({ instances: 2, demo: true })
    const [, second] = world.instances
    const inIt = await come(world, 'coordinator1', second)
    const beside = await come(world, 'coordinator2', second, 'u02')
    await world.sql.query("update committees set phase = 'polling' where id = 'u01'")
    await until('the phase', () => inIt.told.length > 1, limit_ms)
    expect(inIt.told.at(-1)).toEqual({ rights: ['read', 'guarantees', 'attendance', 'contacts'], phase: 'polling' })
    await world.sql.query("update committees set phase = 'counting' where id = 'u02'")
    await world.sql.query("update committees set phase = null where id = 'u01'")
    await until('the election’s own again', () => inIt.told.length > 2, limit_ms)
    expect(beside.told).toHaveLength(1)
  })
})

describe('who somebody is', () => {
  it('a disabled person is put out of every committee, and not let in again with the token that is still good', async () => {
    await using world = await startWorld({ instances: 2, demo: true })
    const [, second] = world.instances
    const gone = await come(world, 'coordinator1', second)
    const other = await come(world, 'coordinator1', second, 'u02')
    const twin = await come(world, 'coordinator2', second)
    await world.sql.query('update users set disabled_at = now() where id = $1', [gone.user])
    for (const { person } of [gone, other]) {
      await until('they are put out', () => person.sentAway.length > 0, limit_ms)
      await until('and not let in', () => person.sentAway.length > 1, limit_ms)
      expect(new Set(person.sentAway)).toEqual(new Set(['unauthenticated']))
      person.leave()
    }
    twin.person.mark(1, at_s)
    await twin.person.book.downTo(0)
    await world.sql.query('update users set disabled_at = null where id = $1', [gone.user])
    await world.person('u01', gone.user, 'coordinator').synced()
  })

  it("the role is the database's, not the token's: for what is open, and for who comes with a token of before", async () => {
    await using world = await startWorld({ instances: 2, demo: true })
    const [, second] = world.instances
    const demoted = await come(world, 'coordinator1', second)
    const twin = await come(world, 'coordinator2', second)
    await world.sql.query("update users set role = 'collector' where id = $1", [demoted.user])
    await until('the rights of the new role', () => demoted.told.length > 1, limit_ms)
    expect(demoted.told.at(-1)?.rights).toEqual(['read', 'guarantees', 'contacts'])
    // A collector writes under their own key only; the token still says coordinator.
    const stale = await world.person('u01', demoted.user, 'coordinator', second === undefined ? {} : { at: second }).synced()
    for (const person of [demoted.person, stale]) {
      person.doc.getMap('guarantees').set(`7/${twin.user}/strength`, 'strong')
      await until('the refusal', () => person.refused.length > 0, limit_ms)
      expect(codes(person)).toEqual(['bad-key'])
    }
    twin.person.doc.getMap('guarantees').set(`7/${demoted.user}/strength`, 'strong')
    await until('the twin’s is merged', async () => (await world.rows('u01')).length === 1, limit_ms)
    expect(twin.person.refused).toEqual([])
  })
})

describe('the floor', () => {
  it('without a notice the poll finds the change; nothing is told twice', async () => {
    await using world = await startWorld({ instances: 2, demo: true })
    const [, second] = world.instances
    const demoted = await come(world, 'marker1', second)
    const twin = await come(world, 'coordinator1', second)
    // Sessions that no longer listen and do not break: half open, as far as the processes can tell.
    await deafen(world)
    await assign(world, demoted.user, { taken: ['attendance'] })
    await until('the right is gone', () => demoted.told.length > 1, limit_ms)
    demoted.person.mark(1, at_s)
    await until('the refusal', () => demoted.person.refused.length > 0, limit_ms)
    expect(codes(demoted.person)).toEqual(['late'])
    twin.person.mark(1, at_s)
    await twin.person.book.downTo(0)
    expect(twin.told).toHaveLength(1)
  })

  it('a feed that breaks and comes back misses nothing', async () => {
    await using world = await startWorld({ instances: 2, demo: true })
    const demoted = await come(world, 'marker1', world.instances[1])
    for (let time = 1; time <= 3; time += 1) {
      await world.sql.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'lajna feed' and datname = current_database()`,
      )
      await assign(world, demoted.user, time % 2 === 1 ? { taken: ['attendance'] } : {})
      await until('what they may do now', () => demoted.told.length > time, limit_ms)
      expect(demoted.told.at(-1)?.rights).toEqual(time % 2 === 1 ? ['read'] : ['read', 'attendance'])
    }
  })
})

/** From here on nothing is notified: to the processes it is as if their listening line were half open. */
async function deafen(world: World): Promise<void> {
  await world.sql.query(`
    create function silent_notify(text, text) returns void language sql as 'select';
    do $$ begin
      execute replace(pg_get_functiondef('access_changed'::regproc), 'pg_notify', 'silent_notify');
    end $$;
  `)
}
