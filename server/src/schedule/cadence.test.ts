import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { dueAt, firstDelay, gridPointAfter, nextGridPoint, phaseOf } from './cadence.ts'

const ids = (count: number) =>
  Array.from({ length: count }, (_, i) => `payer-${i % 300}/endpoint-${i}`)

test('a first probe comes within the interval and within 10 s plus 10 ms an endpoint', async () => {
  const anyPlan = fc.record({
    id: fc.string(),
    interval: fc.integer({ min: 1_000, max: 3_600_000 }),
    endpoints: fc.integer({ min: 1, max: 10_000 }),
  })
  await fc.assert(
    fc.property(anyPlan, ({ id, interval, endpoints }) => {
      const delay = firstDelay({ id, interval }, endpoints)

      assert.ok(delay >= 0)
      assert.ok(delay <= Math.min(interval, 10_000 + 10 * endpoints))
    }),
  )
})

test('a few endpoints are all probed within half a second', () => {
  for (const id of ids(3)) assert.ok(firstDelay({ id, interval: 300_000 }, 3) <= 330)
})

test('ten thousand endpoints at 60 s stay within 30 % of the even rate in 99.9 % of seconds', () => {
  const interval = 60_000
  const perSecond = new Map<number, number>()
  let seed = 1
  const random = () => {
    seed = (seed * 48_271) % 2_147_483_647
    return seed / 2_147_483_647
  }
  for (const id of ids(10_000))
    for (let round = 1; round <= 60; round++) {
      const at = dueAt(gridPointAfter(round * interval, { id, interval }), interval, random)
      const second = Math.floor(at / 1_000)
      perSecond.set(second, (perSecond.get(second) ?? 0) + 1)
    }

  const even = 10_000 / 60
  const full = [...perSecond].filter(([second]) => second > 70 && second < 3_590)
  const over = full.filter(([, count]) => count > even * 1.3)

  assert.ok(full.length > 3_500)
  assert.ok(over.length <= full.length / 1_000, `${over.length} of ${full.length} seconds`)
})

test('phases of similar names are spread evenly', () => {
  const tenths = Array.from({ length: 10 }, () => 0)
  for (const id of ids(10_000)) tenths[Math.floor(phaseOf(id) * 10)]! += 1

  for (const count of tenths) assert.ok(count > 900 && count < 1_100, String(tenths))
})

test('a grid point is the first at or after a time and belongs to the same grid', async () => {
  const anyTime = fc.double({ min: 0, max: 1e9, noNaN: true })
  await fc.assert(
    fc.property(
      anyTime,
      fc.string(),
      fc.integer({ min: 1_000, max: 1e7 }),
      (time, id, interval) => {
        const point = gridPointAfter(time, { id, interval })

        assert.ok(point >= time - 1e-3 && point < time + interval + 1e-3)
        const steps = (point - phaseOf(id) * interval) / interval
        assert.ok(Math.abs(steps - Math.round(steps)) < 1e-6)
      },
    ),
  )
})

test('two regular probes are an interval apart, give or take a tenth', async () => {
  const anyChance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
  await fc.assert(
    fc.property(anyChance, anyChance, (a, b) => {
      const gap = dueAt(120_000, 60_000, () => b) - dueAt(60_000, 60_000, () => a)

      assert.ok(gap >= 54_000 && gap <= 66_000)
    }),
  )
})

test('a regular probe that ended in time is followed by the next grid point', () => {
  assert.deepEqual(nextGridPoint({ gridPoint: 1_000, isRegular: true }, 1_000, 1_200), {
    gridPoint: 2_000,
    missed: 0,
  })
})

test('a probe in between leaves the grid alone', () => {
  assert.deepEqual(nextGridPoint({ gridPoint: 5_000, isRegular: false }, 1_000, 4_200), {
    gridPoint: 5_000,
    missed: 0,
  })
})

test('of the grid points that passed while it ran the last is made up for and the others are counted', () => {
  assert.deepEqual(nextGridPoint({ gridPoint: 1_000, isRegular: true }, 1_000, 4_500), {
    gridPoint: 4_000,
    missed: 2,
  })
})
