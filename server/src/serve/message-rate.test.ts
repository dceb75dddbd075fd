import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FakeClock } from '../../test/support/fake-clock.ts'
import { aHub } from '../../test/support/hub-house.ts'
import { MessageRate } from './message-rate.ts'

test('a burst of 20 frames passes, and 10 a second after it', async () => {
  const clock = new FakeClock()
  const rate = new MessageRate(clock)

  const burst = Array.from({ length: 20 }, () => rate.count())
  const next = rate.count()
  await clock.advance(100)
  const later = rate.count()

  assert.ok(burst.every((verdict) => verdict === 'pass'))
  assert.deepEqual([next, later], ['refuse', 'pass'])
})

test('100 frames a minute are all, however slowly they come', async () => {
  const clock = new FakeClock()
  const rate = new MessageRate(clock)
  let passed = 0

  for (let i = 0; i < 300 && rate.count() === 'pass'; i++) {
    passed++
    await clock.advance(200)
  }

  // 100 at first, and those that came back in the time it took to use them.
  assert.ok(passed >= 100 && passed <= 151, `${passed} passed`)
})

test('a frame over the rate is answered rate_limited and not obeyed; the third closes with 4102', () => {
  const { join } = aHub()
  const { socket, say } = join()
  socket.take()

  for (let id = 1; id <= 22; id++) say({ type: 'ping', id })
  const frames = socket.take()
  assert.ok(!socket.isClosed)
  say({ type: 'ping' })

  assert.equal(frames.filter(({ type }) => type === 'pong').length, 20)
  assert.deepEqual(
    frames.filter(({ type }) => type === 'error').map(({ code }) => code),
    ['rate_limited', 'rate_limited'],
  )
  assert.equal(socket.closedWith?.code, 4102)
})

test('pings of the WebSocket count like frames', () => {
  const { join } = aHub()
  const { socket, session } = join()

  for (let i = 0; i < 23; i++) session.pinged()

  assert.equal(socket.closedWith?.code, 4102)
})

test('a v1 client over the rate hears nothing before the close', () => {
  const { join } = aHub()
  const { socket, say } = join('v1')

  for (let i = 0; i < 23; i++) say({ action: 'ping' })

  assert.deepEqual(socket.writes, [])
  assert.equal(socket.closedWith?.code, 4102)
})

test('violations are forgotten after a minute', async () => {
  const clock = new FakeClock()
  const rate = new MessageRate(clock)
  const verdicts = []

  for (let round = 0; round < 4; round++) {
    let verdict = rate.count()
    while (verdict === 'pass') verdict = rate.count()
    verdicts.push(verdict)
    await clock.advance(60_000)
  }

  assert.deepEqual(verdicts, ['refuse', 'refuse', 'refuse', 'refuse'])
})
