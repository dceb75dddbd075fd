import assert from 'node:assert/strict'
import { test } from 'node:test'
import { takeLag } from './event-loop-lag.ts'

test('lag is what the measuring took beyond its own interval, and is forgotten when taken', () => {
  let resets = 0
  const histogram = {
    percentile: (percent: number) => (percent === 50 ? 9_900_000 : 12_000_000),
    max: 260_000_000,
    reset: () => {
      resets++
    },
  }

  assert.deepEqual(takeLag(histogram), { p50: 0, p99: 0.002, max: 0.25 })
  assert.equal(resets, 1)
})
