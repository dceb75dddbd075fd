import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FakeClock } from '../../test/support/fake-clock.ts'
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
    socket.write = (bytes) => {
      clock.spent += sweep
      socket.writes.push(bytes)
    }
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

/** A clock on which work takes time. */
class BusyClock extends FakeClock {
  spent = 0

  override monotonic(): number {
    return super.monotonic() + this.spent
  }
}
