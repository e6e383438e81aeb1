import { expect, test } from 'vitest'
import { Lobby } from './lobby.ts'

function makeLobby(unauthenticated_connections_max: number, unauthenticated_address_max: number, step_ms = 1_000) {
  const lobby = new Lobby(
    { unauthenticated_connections_max, unauthenticated_address_max, unauthenticated_ms: 4_000 },
    { now_ms: () => now_ms },
  )
  let now_ms = 0
  const closed: string[] = []
  const arrive = (name: string, address: string, isKnocking = false) => {
    const hasRoom = lobby.makeRoom(address)
    const stranger = { isKnocking, since_ms: now_ms, refuse: (code: string) => closed.push(`${name} ${code}`) }
    if (hasRoom) lobby.arrive(stranger, address)
    now_ms += step_ms
    return { hasRoom, stranger }
  }
  return { lobby, arrive, closed }
}

test('[S11] over the bound of an address its oldest silent one goes, and nobody of another address', () => {
  const { lobby, arrive, closed } = makeLobby(100, 2)
  arrive('elder', 'other')
  for (const name of ['one', 'two', 'three', 'four']) expect(arrive(name, 'here').hasRoom).toBe(true)
  expect(closed).toEqual(['one too-many-connections', 'two too-many-connections'])
  expect(lobby.size).toBe(3)
})

test('[S11] over the bound of all the oldest silent one goes, wherever it is', () => {
  const { arrive, closed } = makeLobby(3, 100)
  for (const [index, address] of ['a', 'b', 'c', 'd', 'e'].entries()) arrive(String(index), address)
  expect(closed).toEqual(['0 too-many-connections', '1 too-many-connections'])
})

test('[S11] one whose login is being checked stays; where all are, the newcomer is refused; who has logged in makes room', () => {
  const { lobby, arrive, closed } = makeLobby(100, 2)
  const first = arrive('first', 'here', true)
  arrive('silent', 'here')
  arrive('second', 'here', true)
  expect(closed).toEqual(['silent too-many-connections'])
  expect(arrive('third', 'here').hasRoom).toBe(false)
  expect(arrive('elsewhere', 'there').hasRoom).toBe(true)
  lobby.leave(first.stranger)
  lobby.leave(first.stranger)
  expect([arrive('third', 'here').hasRoom, lobby.size]).toEqual([true, 3])
})

test('[S11] nobody is sent away in the first quarter of their time: the newcomer is refused, and let in a moment later', () => {
  const { arrive, closed } = makeLobby(100, 2, 400)
  arrive('one', 'here')
  arrive('two', 'here')
  expect([arrive('three', 'here').hasRoom, closed]).toEqual([false, []])
  expect([arrive('three', 'here').hasRoom, closed]).toEqual([true, ['one too-many-connections']])
})
