import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FakeClock } from '../../test/support/fake-clock.ts'
import { aHub } from '../../test/support/hub-house.ts'
import { closeAtRandom } from './drain.ts'

test('drain is announced to v2 clients, who are then closed with 4200 within the time', async () => {
  const house = aHub()
  const clients = [house.join(), house.join()]
  for (const { socket } of clients) socket.take()

  const drained = house.hub.drain(2_000)
  const announced = clients.map(({ socket }) => socket.take())
  await house.clock.advance(2_100)
  await drained

  for (const frames of announced)
    assert.deepEqual(frames, [{ type: 'drain', reconnectAfterMs: [500, 8_000] }])
  for (const { socket } of clients) assert.equal(socket.closedWith?.code, 4200)
  assert.equal(house.hub.size, 0)
})

test('drain ends early when all have gone by themselves', async () => {
  const house = aHub()
  const { session } = house.join()

  const drained = house.hub.drain(60_000)
  session.gone('1000', 'client')
  await drained

  assert.equal(house.clock.waiting, 0)
})

test('drain without clients ends at once, and nobody is let in after it', async () => {
  const { hub } = aHub()

  await hub.drain(60_000)

  const refused = hub.admit('192.0.2.1')
  assert.equal('status' in refused && refused.status, 503)
})

test('closings are spread over the time', async () => {
  const clock = new FakeClock()
  const moments = [0.9, 0.1, 0.5]
  const closed: string[] = []
  const random = () => moments.shift() ?? 0

  closeAtRandom(['late', 'early', 'middle'], {
    clock,
    random,
    withinMs: 1_000,
    close: (name) => closed.push(`${name} ${clock.monotonic()}`),
  })
  await clock.advance(1_000)

  assert.deepEqual(closed, ['early 100', 'middle 500', 'late 900'])
})

test('closeAll and disposing close everybody at once and leave no timer', async () => {
  const house = aHub()
  const v2 = house.join('v2')
  v2.say({ type: 'subscribe' })
  house.book.result('aetna/login')
  house.hub.changed()

  await house.hub[Symbol.asyncDispose]()

  assert.equal(v2.socket.closedWith?.code, 4200)
  assert.equal(house.clock.waiting, 0)
})
