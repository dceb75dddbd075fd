import assert from 'node:assert/strict'
import { test } from 'node:test'
import { availabilityOf, type StatusMinutes, shareOf, sumOf } from './availability.ts'

const none: StatusMinutes = { operational: 0, degraded: 0, down: 0, maintenance: 0, planned: 0 }

test('a share is cut after four digits, never rounded up', () => {
  const cases: [number, number, number][] = [
    [99_996, 100_000, 0.9999],
    [0.999999999, 1, 0.9999],
    [1_439.999, 1_440, 0.9999],
    [57, 100, 0.57],
    [1, 3, 0.3333],
    [2, 3, 0.6666],
    [1_440, 1_440, 1],
    [1_441, 1_440, 1],
    [0, 0, 0],
    [5, 0, 0],
    [-1, 5, 0],
  ]

  for (const [part, whole, share] of cases) assert.equal(shareOf(part, whole), share)
})

test('every share that has four digits is itself', () => {
  for (let n = 0; n <= 10_000; n++) assert.equal(shareOf(n, 10_000), n / 10_000)
})

test('less than a year with one bad millisecond is never 1', () => {
  const year = 400 * 1_440

  assert.equal(shareOf(year - 1 / 60_000, year), 0.9999)
})

test('degraded counts as usable, down and maintenance as not', () => {
  const minutes = { operational: 700, degraded: 20, down: 360, maintenance: 360, planned: 0 }

  assert.deepEqual(availabilityOf(minutes, 1_440), {
    coverage: 1,
    availability: 0.5,
    netAvailability: 0.5,
  })
})

test('announced maintenance is taken out of the net availability only', () => {
  const minutes = { ...none, operational: 1_080, down: 60, maintenance: 300, planned: 360 }

  const { availability, netAvailability } = availabilityOf(minutes, 1_440)

  assert.deepEqual([availability, netAvailability], [0.75, 1])
})

test('below nine tenths observed nothing is told but the coverage', () => {
  const at = (operational: number) => availabilityOf({ ...none, operational }, 1_440)

  assert.deepEqual(at(1_295), { coverage: 0.8993, availability: null, netAvailability: null })
  assert.deepEqual(at(1_296), { coverage: 0.9, availability: 1, netAvailability: 1 })
  assert.deepEqual(at(0), { coverage: 0, availability: null, netAvailability: null })
  assert.deepEqual(availabilityOf(none, 0), {
    coverage: 0,
    availability: null,
    netAvailability: null,
  })
})

test('a day of nothing but announced maintenance has no net availability', () => {
  const minutes = { ...none, maintenance: 1_440, planned: 1_440 }

  assert.deepEqual(availabilityOf(minutes, 1_440), {
    coverage: 1,
    availability: 0,
    netAvailability: null,
  })
})

test('days add up', () => {
  const day = { operational: 1, degraded: 2, down: 3, maintenance: 4, planned: 5 }

  assert.deepEqual(sumOf([day, day]), {
    operational: 2,
    degraded: 4,
    down: 6,
    maintenance: 8,
    planned: 10,
  })
  assert.deepEqual(sumOf([]), none)
})
