import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { LatencyStep } from '../history/shapes.ts'
import { curvesOf, pointsOf, scaleOf } from './latency.ts'

const axis = { from: 0, to: 1_000, stepMs: 100 }
const box = { axis, width: 100, height: 50 }

function step(at: number, p50Ms: number | null, over: Partial<LatencyStep> = {}): LatencyStep {
  const rest = { p90Ms: p50Ms, p95Ms: p50Ms, p99Ms: p50Ms }
  return {
    at: new Date(at).toISOString(),
    count: 1,
    failures: 0,
    availability: 1,
    p50Ms,
    ...rest,
    ...over,
  }
}

const curves = (...steps: LatencyStep[]) => curvesOf(pointsOf(steps, axis), 100, box)

test('points outside the axis are left out, the rest comes in order', () => {
  const points = pointsOf([step(300, 2), step(100, 1), step(1_000, 3), step(-100, 4)], axis)

  assert.deepEqual(
    points.map(({ at }) => at),
    [100, 300],
  )
})

test('the median is a line through the middle of each step', () => {
  assert.equal(curves(step(0, 100), step(100, 50)).line, 'M5 0L15 25')
})

test('the line has a gap where a step is missing or nothing answered, and a single step is a dot', () => {
  const missing = curves(step(0, 100), step(300, 50))
  const silent = curves(step(0, 100), step(100, null, { failures: 1 }), step(200, 50))

  assert.equal(missing.line, 'M5 0L5 0M35 25L35 25')
  assert.equal(silent.line, 'M5 0L5 0M25 25L25 25')
  assert.match(silent.failures, /^M15 50/)
})

test('the band goes from the 99th percentile back along the 90th', () => {
  const { band } = curves(
    step(0, 10, { p90Ms: 40, p99Ms: 80 }),
    step(100, 10, { p90Ms: 20, p99Ms: 100 }),
  )

  assert.equal(band, 'M5 10L15 0L15 40L5 30Z')
})

test('a scale is round, holds every point and has at most five labels', () => {
  const most = fc.double({ min: 0, max: 1e6, noNaN: true })

  fc.assert(
    fc.property(most, (p99Ms) => {
      const { top, ticks } = scaleOf(pointsOf([step(0, 0, { p99Ms })], axis))

      assert.ok(top >= p99Ms && ticks.length <= 5 && ticks.length >= 2)
      assert.equal(ticks.at(-1), top)
      assert.equal(ticks[0], 0)
    }),
  )
  assert.deepEqual(scaleOf(pointsOf([step(0, 670)], axis)).ticks, [0, 200, 400, 600, 800])
  assert.equal(scaleOf([]).top, 10)
})
