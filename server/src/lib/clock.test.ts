import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FakeClock } from '../../test/support/fake-clock.ts'
import { deadline, every, systemClock } from './clock.ts'

test('a deadline aborts with a timeout when its time is over', async () => {
  const clock = new FakeClock()
  using limit = deadline(clock, 1_000, new AbortController().signal)

  await clock.advance(1_000)

  assert.equal(limit.signal.aborted, true)
  assert.equal((limit.signal.reason as Error).name, 'TimeoutError')
})

test('a deadline follows its parent and then leaves it alone', () => {
  const parent = new AbortController()
  const clock = new FakeClock()
  const limit = deadline(clock, 1_000, parent.signal)

  parent.abort('stop')
  limit[Symbol.dispose]()

  assert.equal(limit.signal.reason, 'stop')
  assert.equal(clock.waiting, 0)
  assert.equal(deadline(clock, 1, parent.signal).signal.aborted, true)
})

test('something that is done every so often ends when it is told to', async () => {
  const clock = new FakeClock()
  let times = 0
  const stop = every(clock, 100, () => times++)
  await clock.advance(350)

  stop()
  await clock.advance(1_000)

  assert.equal(times, 3)
  assert.equal(clock.waiting, 0)
})

test('the system’s clock waits, and can be told not to', async () => {
  let cancelled = false
  const cancel = systemClock.after(1, () => {
    cancelled = true
  })
  cancel()

  await new Promise<void>((resolve) => systemClock.after(5, resolve))

  assert.equal(cancelled, false)
})
