import assert from 'node:assert/strict'
import { test } from 'node:test'
import { shown, withUnit } from './numbers.ts'
import { median, spread } from './statistics.ts'

test('the median is the middle one, or the mean of the two middle ones', () => {
  assert.equal(median([3, 1, 2]), 2)
  assert.equal(median([4, 1, 3, 2]), 2.5)
  assert.equal(median([7]), 7)
  assert.ok(Number.isNaN(median([])))
})

test('rounds without a value do not count, and none at all gives nothing', () => {
  assert.deepEqual(spread([2, undefined, Number.NaN, 4]), {
    median: 3,
    min: 2,
    max: 4,
    rounds: [2, 4],
  })
  assert.equal(spread([undefined]), undefined)
})

test('numbers are shown with the digits that count', () => {
  assert.equal(shown(1234567.8), '1,234,568')
  assert.equal(shown(123.456), '123')
  assert.equal(shown(12.345), '12.3')
  assert.equal(shown(1.2345), '1.23')
  assert.equal(shown(7), '7')
  assert.equal(shown(-25.94), '-25.9')
  assert.equal(shown(Number.NaN), '-')
  assert.equal(withUnit(1.3, '×'), '1.30×')
  assert.equal(withUnit(9, 'kB'), '9 kB')
  assert.equal(withUnit(9, ''), '9')
})
