import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bucketsOf, quantile, since, sumOf } from './prometheus.ts'

const scrape = (counts: readonly number[]) => `# TYPE lag histogram
lag_bucket{le="0.001"} ${counts[0]}
lag_bucket{le="0.01"} ${counts[1]}
lag_bucket{le="+Inf"} ${counts[2]}
lag_sum 1.5
lag_count ${counts[2]}
started{reason="a"} 3
started{reason="b"} 4
plain 12
`

test('a quantile lies inside its bucket in proportion', () => {
  const late = since(
    bucketsOf(scrape([10, 10, 10]), 'lag'),
    bucketsOf(scrape([60, 110, 110]), 'lag'),
  )

  assert.equal(quantile(late, 0.5), 0.001)
  assert.ok(Math.abs(quantile(late, 0.75) - 0.0055) < 1e-9)
  assert.ok(Math.abs(quantile(late, 1) - 0.01) < 1e-9)
})

test('a quantile beyond every bound is the greatest bound', () => {
  const late = bucketsOf(scrape([0, 0, 5]), 'lag')

  assert.equal(quantile(late, 0.99), 0.01)
})

test('a quantile of nothing is not a number', () => {
  const buckets = bucketsOf(scrape([5, 5, 5]), 'lag')

  assert.ok(Number.isNaN(quantile(since(buckets, buckets), 0.5)))
  assert.ok(Number.isNaN(quantile([], 0.5)))
})

test('a series is added up over its labels', () => {
  assert.equal(sumOf(scrape([0, 0, 0]), 'started'), 7)
  assert.equal(sumOf(scrape([0, 0, 0]), 'plain'), 12)
  assert.ok(Number.isNaN(sumOf(scrape([0, 0, 0]), 'missing')))
})
