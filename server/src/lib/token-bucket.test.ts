import assert from 'node:assert/strict'
import { test } from 'node:test'
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
