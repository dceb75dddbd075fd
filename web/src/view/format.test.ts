import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  count,
  elapsed,
  latency,
  listed,
  moment,
  percent,
  preciseTime,
  roughly,
  time,
  zoneName,
} from './format.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

test('a latency has three digits at the most where it matters', () => {
  const written = [0, 0.4, 812.4, 999.4, 999.6, 1_240, 9_994, 9_996, 21_400].map(latency)

  assert.deepEqual(written, [
    '0 ms',
    '0 ms',
    '812 ms',
    '999 ms',
    '1.00 s',
    '1.24 s',
    '9.99 s',
    '10.0 s',
    '21.4 s',
  ])
})

test('a duration is written to the second while seconds matter', () => {
  const written = [-5, 41 * SECOND, 12 * MINUTE + 4 * SECOND, 3 * HOUR + 5 * MINUTE, 52 * HOUR]

  assert.deepEqual(written.map(elapsed), ['0 s', '41 s', '12 min 04 s', '3 h 05 min', '2 d 4 h'])
  assert.deepEqual(written.map(roughly), ['0 s', '41 s', '12 min', '3 h', '2 d'])
})

test('a percentage is never rounded up', () => {
  const written = [1, 0.99999, 0.99996, 0.9998, 0.999, 0.9941, 0.57, 0.29, 0].map(percent)

  assert.deepEqual(
    written.map((text) => text.replace('\u00a0', ' ')),
    [
      '100 %',
      '99.99 %',
      '99.99 %',
      '99.98 %',
      '99.90 %',
      '99.41 %',
      '57.00 %',
      '29.00 %',
      '0.00 %',
    ],
  )
})

test('a moment of another day says the day', () => {
  const now = new Date(2026, 2, 3, 15, 0).getTime()
  const today = new Date(2026, 2, 3, 14, 2, 11).getTime()
  const before = new Date(2026, 2, 1, 14, 2).getTime()

  assert.equal(time(today), '14:02')
  assert.equal(preciseTime(today), '14:02:11')
  assert.equal(moment(today, now), '14:02')
  assert.equal(moment(before, now), '1 Mar, 14:02')
  assert.match(zoneName(now), /^UTC/)
})

test('counts and lists read as sentences', () => {
  assert.equal(count(1, 'payer'), '1 payer')
  assert.equal(count(10_000, 'endpoint'), '10,000 endpoints')
  assert.equal(listed([]), '')
  assert.equal(listed(['Aetna']), 'Aetna')
  assert.equal(listed(['Aetna', 'Cigna']), 'Aetna and Cigna')
  assert.equal(listed(['Aetna', 'Cigna', 'GEHA', 'Unum']), 'Aetna, Cigna and 2 more')
})
