import assert from 'node:assert/strict'
import { EventEmitter } from 'node:events'
import { test } from 'node:test'
import { FakeClock } from '../../test/support/fake-clock.ts'
import { type EndSignal, firstSignal } from './signals.ts'

function someSignals() {
  const source = new EventEmitter()
  const clock = new FakeClock()
  const again: EndSignal[] = []
  const signals = firstSignal(source, { clock, again: (signal) => again.push(signal) })
  return { source, clock, again, signals }
}

test('the first signal is the one that counts', async () => {
  const { source, signals } = someSignals()

  source.emit('SIGINT')
  source.emit('SIGTERM')

  assert.equal(await signals.signal, 'SIGINT')
})

test('the same signal sent twice by a terminal and a parent is one', async () => {
  const { source, clock, again } = someSignals()
  source.emit('SIGINT')

  await clock.advance(1_000)
  source.emit('SIGINT')

  assert.deepEqual(again, [])
})

test('a second signal more than a second later is meant', async () => {
  const { source, clock, again } = someSignals()
  source.emit('SIGTERM')

  await clock.advance(1_001)
  source.emit('SIGINT')

  assert.deepEqual(again, ['SIGINT'])
})

test('nobody listens any more afterwards', () => {
  const { source, signals } = someSignals()

  signals[Symbol.dispose]()

  assert.equal(source.listenerCount('SIGTERM') + source.listenerCount('SIGINT'), 0)
})
