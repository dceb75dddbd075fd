import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { FakeClock } from '../../test/support/fake-clock.ts'
import { TokenBucket } from './token-bucket.ts'

test('a token bucket says how long the next token takes', async () => {
  const clock = new FakeClock()
  const bucket = new TokenBucket(clock, { capacity: 1, perSecond: 2 })
  bucket.take()

  const wait = bucket.waitMs
  await clock.advance(wait)

  assert.equal(wait, 500)
  assert.equal(bucket.take(), true)
  assert.equal(bucket.take(), false)
})

test('a token that is borrowed is lacking until it has come', async () => {
  const clock = new FakeClock()
  const bucket = new TokenBucket(clock, { capacity: 2, perSecond: 1 })

  assert.deepEqual([bucket.waitFor(2), bucket.waitFor(3)], [0, 1_000])
  for (let i = 0; i < 3; i++) bucket.borrow()

  assert.equal(bucket.waitMs, 2_000)
  await clock.advance(1_999)
  assert.equal(bucket.take(), false)
  await clock.advance(1)
  assert.equal(bucket.take(), true)
})

test('in no stretch of time are more tokens taken than it held and got meanwhile', async () => {
  const anyBucket = fc.record({
    capacity: fc.integer({ min: 1, max: 20 }),
    perSecond: fc.double({ min: 0.01, max: 100, noNaN: true }),
    pauses: fc.array(fc.double({ min: 0, max: 5_000, noNaN: true }), { maxLength: 60 }),
  })
  await fc.assert(
    fc.property(anyBucket, ({ capacity, perSecond, pauses }) => {
      const clock = aStillClock()
      const bucket = new TokenBucket(clock, { capacity, perSecond })
      const taken: number[] = []
      for (const pause of pauses) {
        clock.at += pause
        while (bucket.take()) taken.push(clock.at)
      }

      for (const [i, from] of taken.entries())
        for (const [j, to] of taken.slice(i).entries())
          assert.ok(j + 1 <= capacity + ((to - from) * perSecond) / 1_000 + 1e-3)
    }),
  )
})

test('whoever waits as long as it says gets a token, however late it is and whatever the rate', async () => {
  const anyTime = fc.double({ min: 0, max: 1e10, noNaN: true })
  const anyRate = fc.double({ min: 1 / 3_600, max: 1_000, noNaN: true })
  await fc.assert(
    fc.property(anyTime, anyRate, (at, perSecond) => {
      const clock = aStillClock(at)
      const bucket = new TokenBucket(clock, { capacity: 1, perSecond })
      for (let i = 0; i < 5; i++) {
        clock.at += bucket.waitMs

        assert.equal(bucket.take(), true)
        assert.equal(bucket.take(), false)
      }
    }),
  )
})

/** A clock whose time is set by hand and that has no timers. */
function aStillClock(at = 0) {
  return {
    at,
    now: () => 0,
    monotonic(): number {
      return this.at
    },
    after: () => () => {},
  }
}
