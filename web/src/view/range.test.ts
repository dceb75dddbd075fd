import assert from 'node:assert/strict'
import { test } from 'node:test'
import { axisOf, isRange, RANGE_NAMES, RANGES, timeTicks, xOf } from './range.ts'

const HOUR = 3_600_000

test('an axis ends with the step under way and has whole steps', () => {
  const now = Date.UTC(2026, 10, 25, 14, 3, 20)

  const axis = axisOf('24h', now)

  assert.equal(axis.to, Date.UTC(2026, 10, 25, 14, 5))
  assert.equal(axis.to - axis.from, 24 * HOUR)
  assert.deepEqual(axisOf('24h', axis.to - 1), axis)
  assert.equal(axisOf('24h', axis.to).from, axis.from + axis.stepMs)
})

test('every range has at most four hundred steps, none below five minutes', () => {
  for (const name of RANGE_NAMES) {
    const { lengthMs, stepMs } = RANGES[name]
    assert.ok(lengthMs / stepMs <= 400 && stepMs >= 300_000, name)
  }
  assert.equal(isRange('24h'), true)
  assert.equal(isRange('toString'), false)
})

test('a time has its place on an axis', () => {
  const axis = { from: 1_000, to: 2_000, stepMs: 10 }

  assert.deepEqual(
    [1_000, 1_500, 2_000].map((at) => xOf(at, axis, 300)),
    [0, 150, 300],
  )
})

test('labels stand at round times of the reader, as many as there is room for', () => {
  const day = axisOf('24h', new Date(2026, 10, 25, 14, 3).getTime())
  const month = axisOf('30d', new Date(2026, 10, 25, 14, 3).getTime())

  const wide = timeTicks(day, 14)
  const narrow = timeTicks(day, 4)

  assert.ok(wide.length >= 11 && wide.length <= 14, String(wide.length))
  assert.ok(narrow.length >= 2 && narrow.length <= 4, String(narrow.length))
  assert.deepEqual([...new Set(narrow.map((at) => new Date(at).getHours() % 6))], [0])
  assert.deepEqual([...new Set(timeTicks(month, 8).map((at) => new Date(at).getHours()))], [0])
})
