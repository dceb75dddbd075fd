import assert from 'node:assert/strict'
import { test } from 'node:test'
import { historySummary, pointText, stretchText } from './history-words.ts'
import type { Point } from './latency.ts'

const MINUTE = 60_000
const point = (over: Partial<Point>): Point => ({
  at: 0,
  count: 5,
  failures: 0,
  availability: 1,
  p50Ms: 400,
  p90Ms: 500,
  p95Ms: 600,
  p99Ms: 900,
  ...over,
})
const plain = (text: string) => text.replaceAll('\u00a0', ' ')

test('a history in a few sentences', () => {
  const text = historySummary(
    '24h',
    [point({}), point({ p50Ms: 460, p99Ms: 2_300, failures: 2 })],
    [
      { from: 0, to: 90 * MINUTE, status: 'operational', planned: false },
      { from: 90 * MINUTE, to: 100 * MINUTE, status: 'down', planned: false },
    ],
  )

  assert.equal(
    plain(text),
    'Last 24 hours: 10 results, 2 failed. Median 400 ms to 460 ms, the slowest percent up to 2.30 s. ' +
      'Availability 90.00 %. Not operational once, the longest for 10 min 00 s.',
  )
})

test('where there is nothing, nothing is made up', () => {
  assert.equal(
    historySummary('7d', [], []),
    'Last 7 days: no results. Not enough data for an availability.',
  )
})

test('announced downtime is told apart', () => {
  const text = historySummary(
    '30d',
    [point({ p50Ms: null, failures: 5 })],
    [
      { from: 0, to: 90, status: 'operational', planned: false },
      { from: 90, to: 100, status: 'maintenance', planned: true },
    ],
  )

  assert.match(
    plain(text),
    /5 failed\. Availability 90\.00 %, 100 % without announced maintenance\./,
  )
})

test('one moment of it', () => {
  const now = new Date(2026, 2, 3, 15, 0).getTime()
  const at = (minutesAgo: number) => now - minutesAgo * MINUTE
  const down = { from: at(30), to: at(10), status: 'down', planned: true } as const

  assert.equal(stretchText(down, now), 'down, planned, 14:30 to 14:50')
  assert.equal(stretchText({ ...down, to: now, planned: false }, now), 'down, 14:30 to now')
  assert.equal(pointText(point({})), 'median 400 ms, p90 500 ms, p99 900 ms, 5 results')
  assert.equal(
    pointText(point({ p50Ms: null, count: 1, failures: 1 })),
    'nothing answered, 1 of 1 result failed',
  )
})
