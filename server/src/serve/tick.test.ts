import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FakeClock } from '../../test/support/fake-clock.ts'
import type { FakeSocket } from '../../test/support/fake-socket.ts'
import { aHub, subscribed } from '../../test/support/hub-house.ts'

test('sockets of the same filter and position are written the very same bytes, encoded once', async () => {
  const house = aHub()
  const clients = [subscribed(house), subscribed(house), subscribed(house)]
  const encoded = house.hub.counters.framesEncoded

  house.book.result('aetna/login')
  await house.tick()

  const writes = clients.map(({ socket }) => socket.writes[0])
  assert.ok(writes.every((bytes) => bytes !== undefined && bytes === writes[0]))
  assert.equal(house.hub.counters.framesEncoded - encoded, 1)
})

test('a tick is one write per socket, at once after a quiet one', async () => {
  const house = aHub()
  const { socket } = subscribed(house)

  house.book.result('aetna/login')
  house.hub.changed()
  house.book.result('cigna/eligibility')
  house.hub.changed()
  await house.clock.advance(0)

  assert.equal(socket.writes.length, 1)
  assert.equal(socket.take()[0]?.endpoints?.length, 2)
})

test('the longer a sweep takes the longer the next one waits, within the tick', async () => {
  const clock = new BusyClock()
  const house = aHub({ clock })
  const { socket } = subscribed(house)
  const change = () => {
    house.book.result('aetna/login')
    house.hub.changed()
  }

  const waits: number[] = []
  for (const sweep of [5, 10, 100]) {
    clock.makeBusy(socket, sweep)
    change()
    await clock.advance(0)
    socket.writes.length = 0
    change()
    await clock.advance(0)
    let waited = 0
    for (; socket.writes.length === 0; waited++) await clock.advance(1)
    waits.push(waited)
    await clock.advance(1_000)
  }

  assert.deepEqual(waits, [15, 30, 0])
})

test('a long sweep gives others a turn, and each client stands where it has been told up to', async () => {
  const clock = new BusyClock()
  const house = aHub({ clock })
  const clients = [subscribed(house), subscribed(house), subscribed(house)]
  for (const { socket } of clients) clock.makeBusy(socket, 5)
  const before = house.book.board.rev
  const after = house.book.result('aetna/login')
  house.hub.changed()

  const positions: number[][] = []
  for (let slice = 0; slice < 3; slice++) {
    await clock.turn()
    positions.push(clients.map(({ session }) => session.feed.position))
  }

  assert.deepEqual(positions, [
    [before, before, after],
    [before, after, after],
    [after, after, after],
  ])
})

test('while clients come in, the rest of a sweep stands back, but not for ever', async () => {
  const clock = new BusyClock()
  const house = aHub({ clock })
  const clients = [subscribed(house), subscribed(house)]
  for (const { socket } of clients) clock.makeBusy(socket, 5)
  house.book.result('aetna/login')
  house.hub.changed()
  await clock.turn()

  let turns = 0
  for (; clients[0]?.socket.writes.length === 0; turns++) {
    house.hub.admit('192.0.2.1')
    clock.spent += 5
    await clock.turn()
  }

  assert.equal(turns, 4)
})

/** A clock on which work takes time. */
class BusyClock extends FakeClock {
  spent = 0

  override monotonic(): number {
    return super.monotonic() + this.spent
  }

  /** From now on each write to a socket takes so long. */
  makeBusy(socket: FakeSocket, ms: number): void {
    socket.write = (bytes) => {
      this.spent += ms
      socket.writes.push(bytes)
    }
  }
}
