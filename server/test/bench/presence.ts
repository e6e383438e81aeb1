import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Counted, Order } from './crowd.child.ts'
import { Phone } from './phone.ts'
import type { Answer, Kind } from './presence.child.ts'

// `make bench PRESENCE=1`: what 500 people on one committee cost, who change something each 2 s, beside the same crowd at Hocuspocus
// as it comes. Each server in its own process, which says how much of a core it took; rounds alternate, medians count. Exit 1 where ours
// takes more than a third. Then, at ours, how soon others see who comes, drops, takes back and leaves.

const people = Number(process.env.PEOPLE ?? 500)
const rounds = Number(process.env.ROUNDS ?? 3)
const parts = 5
const every_ms = 2_000
const times = 5
/** Of what ours brings to everybody, so much the other has to bring. */
const told_share_min = 0.9

type Bench = { readonly kind: Kind; readonly process: ChildProcess; readonly port: number }
type Round = { readonly core_ms: number; readonly took_ms: number; readonly messages: number; readonly bytes: number }

const start = (file: string, ...args: string[]): ChildProcess => fork(join(import.meta.dirname, file), args)

async function ask<Said>(child: ChildProcess, question: Order | 'cpu'): Promise<Said> {
  const answered = once(child, 'message') as Promise<[Said]>
  child.send(question)
  return (await answered)[0]
}

async function startServer(kind: Kind): Promise<Bench> {
  const child = start('presence.child.ts', kind)
  const [{ port }] = (await once(child, 'message')) as [Answer<'port'>]
  return { kind, process: child, port }
}

const crowd = Array.from({ length: parts }, () => start('crowd.child.ts'))
const everybody = <Said>(order: Order): Promise<Said[]> => Promise.all(crowd.map((part) => ask<Said>(part, order)))

async function counted(): Promise<Counted> {
  const all = await everybody<Counted>({ do: 'count' })
  return { messages: all.reduce((sum, { messages }) => sum + messages, 0), bytes: all.reduce((sum, { bytes }) => sum + bytes, 0) }
}

/** Until nobody has heard anything for a while: whatever was said is with everybody. */
async function settled(): Promise<Counted> {
  for (let before = -1; ; ) {
    const now = await counted()
    if (now.messages === before) return now
    before = now.messages
    await wait(600)
  }
}

/** The same crowd and the same changes, spread evenly; measured until everything that was said has arrived. */
async function measure(bench: Bench): Promise<Round> {
  const count = people / parts
  for (const [index, part] of crowd.entries()) await ask(part, { do: 'enter', port: bench.port, from: 1 + index * count, count })
  await settled()
  const from = await ask<Answer<'core_ms'>>(bench.process, 'cpu')
  const from_ms = performance.now()
  await everybody({ do: 'change', every_ms, times })
  const { messages, bytes } = await settled()
  const to = await ask<Answer<'core_ms'>>(bench.process, 'cpu')
  const took_ms = performance.now() - from_ms
  await everybody({ do: 'leave' })
  await wait(1_000)
  return { core_ms: to.core_ms - from.core_ms, took_ms, messages: messages / people, bytes: bytes / people }
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN

/** How soon a watcher sees what somebody does. */
async function reportTimes(port: number): Promise<void> {
  const watcher = await new Phone(port, 1).enter()
  const taken_ms = new Map<string, number[]>()
  const time = async (what: string, seen: Promise<void>, act: () => unknown) => {
    const from_ms = performance.now()
    act()
    await seen
    taken_ms.set(what, [...(taken_ms.get(what) ?? []), performance.now() - from_ms])
  }
  for (let round = 0; round < 20; round += 1) {
    const phone = new Phone(port, 2)
    await once(phone.socket, 'open')
    await time('comes, login included', watcher.hears(2, 'ballot'), () => phone.enter())
    await time('begins to type', watcher.hears(2, 'note/7'), () => phone.show(0, { typing: 'note/7' }))
    await time('shows another ballot', watcher.hears(2, '"ballot":9'), () => phone.show(9, { typing: 'note/7' }))
    await time('takes it back: setLocalState(null)', watcher.hears(2, 'null'), () => phone.say(null))
    await time('comes again', watcher.hears(2, 'ballot'), () => phone.show(3))
    await time('drops', watcher.hears(2, 'null'), () => phone.socket.terminate())
  }
  watcher.socket.terminate()
  console.log('\nseen by others, one process, ms               median   longest of 20')
  for (const [what, all] of taken_ms) {
    console.log(
      `${what.padEnd(42)} ${median(all).toFixed(1).padStart(9)} ${Math.max(...all)
        .toFixed(1)
        .padStart(11)}`,
    )
  }
}

/** A machine that is busy with something else joins the crowd's changes before the plain server can send them: that is no round. */
async function measureBoth(): Promise<void> {
  const round = { plain: await measure(servers.plain), ours: await measure(servers.ours) }
  if (round.plain.bytes < round.ours.bytes * told_share_min) return
  for (const kind of ['plain', 'ours'] as const) results[kind].push(round[kind])
}

const servers = { plain: await startServer('plain'), ours: await startServer('ours') }
const results: Record<Kind, Round[]> = { plain: [], ours: [] }
for (let round = 0; round < rounds * 3 && results.ours.length < rounds; round += 1) await measureBoth()
if (results.ours.length < rounds) console.log(`The machine was too busy: ${results.ours.length} rounds of ${rounds}.`)
const middle = (kind: Kind, name: keyof Round) => median(results[kind].map((round) => round[name]))
console.log(`${people} people on one committee, ${times} changes each, one in ${every_ms / 1_000} s; medians of ${rounds} rounds`)
console.log('server   ms of a core   until all arrived, ms   messages a person   bytes a person')
for (const kind of ['plain', 'ours'] as const) {
  const cells = (['core_ms', 'took_ms', 'messages', 'bytes'] as const).map((name) => Math.round(middle(kind, name)).toLocaleString('en'))
  console.log(kind.padEnd(8) + cells.map((cell, index) => cell.padStart([13, 24, 20, 17][index] ?? 0)).join(''))
}
const ratio = middle('ours', 'core_ms') / middle('plain', 'core_ms')
console.log(`ours / plain: ${ratio.toFixed(2)}${ratio > 1 / 3 ? ', more than a third' : ''}`)
await reportTimes(servers.ours.port)
for (const child of [...crowd, servers.plain.process, servers.ours.process]) child.disconnect()
process.exitCode = ratio <= 1 / 3 ? 0 : 1
