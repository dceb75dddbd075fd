import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ServerFrame } from '@payer-status/protocol'
import { FakeClock } from '../../test/support/fake-clock.ts'
import { aHub, subscribed } from '../../test/support/hub-house.ts'
import { Wheel } from './liveness.ts'

test('a heartbeat comes at least every heartbeatMs, and moves rev even when nothing matched', async () => {
  const house = aHub()
  const { socket } = subscribed(house, { filter: [{ payers: ['cigna'] }] })
  house.book.result('aetna/login')
  await house.tick()

  await house.clock.advance(15_000)
  const [first, ...others] = socket.take()
  await house.clock.advance(15_000)

  assert.deepEqual(others, [])
  ServerFrame.parse(first)
  assert.equal(first?.type, 'heartbeat')
  assert.equal(first?.rev, 6)
  assert.equal(socket.take().length, 1)
})

test('a heartbeat never claims a position that the client has not been told up to', async () => {
  const house = aHub({ settings: { unacknowledged: 1_000 } })
  const { socket } = subscribed(house)
  socket.unsentBytes = 2_000
  house.book.result('aetna/login')
  await house.tick()

  await house.clock.advance(15_000)

  assert.deepEqual(
    socket.take().map(({ type, rev }) => [type, rev]),
    [['heartbeat', 5]],
  )
})

test('heartbeats of clients at the same position are the same bytes', async () => {
  const house = aHub({ settings: { heartbeat: 100 } })
  const clients = Array.from({ length: 20 }, () => house.join())
  for (const { socket } of clients) socket.writes.length = 0

  await house.clock.advance(100)

  const beats = clients.map(({ socket }) => socket.writes[0])
  assert.ok(beats.every((bytes) => bytes !== undefined))
  assert.ok(new Set(beats).size < 15, 'shared where they fall in the same turn')
})

test('a far side that answers no ping is dead within 60 s; one that answers is not', async () => {
  const house = aHub()
  const dead = house.join('v1')
  const living = house.join('v1')

  for (let second = 0; second < 60; second++) {
    if (living.socket.pings > 0) living.session.alive()
    await house.clock.advance(1_000)
  }

  assert.equal(dead.socket.terminated, true)
  assert.equal(dead.socket.pings, 2)
  assert.equal(living.socket.terminated, false)
  assert.equal(house.hub.counters.closes.get('1006:server'), 1)
})

test('any frame of a client is a sign of life', async () => {
  const house = aHub()
  const { socket, say } = house.join()

  for (let second = 0; second < 100; second++) {
    if (second % 20 === 0) say({ type: 'ping' })
    await house.clock.advance(1_000)
  }

  assert.equal(socket.terminated, false)
})

test('a v2 connection is closed with 4201 at about the maximum age, a v1 one never', async () => {
  const house = aHub({ settings: { maxAge: 60_000 } })
  const v2 = house.join('v2')
  const v1 = house.join('v1')

  for (let second = 0; second < 86; second++) {
    for (const { session } of [v1, v2]) session.alive()
    if (second === 58) assert.equal(v2.socket.closedWith, undefined)
    await house.clock.advance(1_000)
  }

  assert.equal(v2.socket.closedWith?.code, 4201)
  assert.equal(v1.socket.closedWith, undefined)
})

test('a maximum age of 0 closes nobody', async () => {
  const house = aHub({ settings: { maxAge: 0, heartbeat: 60_000 } })
  const { socket, session } = house.join('v2')

  for (let i = 0; i < 10; i++) {
    session.alive()
    await house.clock.advance(10_000)
  }

  assert.equal(socket.closedWith, undefined)
})

test('lagMs is how late the own timers were', async () => {
  const clock = new LateClock()
  const house = aHub({ clock })
  const { socket } = house.join()
  socket.take()

  await clock.advance(15_000)
  await clock.advance(14_000)
  clock.late = 70
  await clock.advance(1_000)

  assert.deepEqual(
    socket.take().map(({ lagMs }) => lagMs),
    [0, 70],
  )
})

/** A clock whose timers run late, as they do in a busy event loop. */
class LateClock extends FakeClock {
  late = 0

  override monotonic(): number {
    return super.monotonic() + this.late
  }
}

test('there is no timer while nobody is connected', async () => {
  const house = aHub()
  const { session } = house.join()
  const before = house.clock.waiting

  session.gone('1000', 'client')

  assert.equal(before, 1)
  assert.equal(house.clock.waiting, 0)
})

test('a wheel visits every member exactly once in a round, and spreads those that come together', () => {
  const wheel = new Wheel<number>(5)
  for (let i = 0; i < 12; i++) wheel.add(i)
  wheel.delete(3)

  const turns = Array.from({ length: 5 }, () => wheel.turn())

  assert.deepEqual(
    turns.flat().sort((a, b) => a - b),
    [0, 1, 2, 4, 5, 6, 7, 8, 9, 10, 11],
  )
  assert.ok(turns.every((turn) => turn.length <= 3))
  assert.deepEqual(wheel.visited(1), turns[3])
})
