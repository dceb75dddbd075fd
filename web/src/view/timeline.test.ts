import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { StatusChange } from '../history/shapes.ts'
import { STATUSES } from './status.ts'
import { availabilityOf, runsOf, type Stretch, stretchAt, stretchesOf } from './timeline.ts'

const axis = { from: 1_000, to: 2_000, stepMs: 100 }
const change = (at: number, status: StatusChange['status'], planned = false): StatusChange => ({
  at: new Date(at).toISOString(),
  status,
  planned,
})
const stretch = (from: number, to: number, status: Stretch['status']): Stretch => ({
  from,
  to,
  status,
  planned: false,
})
const planned = (one: Stretch): Stretch => ({ ...one, planned: true })

test('each status holds until the next, the last one until now', () => {
  const rows = [
    change(500, 'operational'),
    change(1_200, 'down', true),
    change(1_400, 'operational'),
  ]

  const stretches = stretchesOf(rows, undefined, { axis, now: 1_900 })

  assert.deepEqual(stretches, [
    stretch(1_000, 1_200, 'operational'),
    planned(stretch(1_200, 1_400, 'down')),
    stretch(1_400, 1_900, 'operational'),
  ])
  assert.equal(stretchAt(stretches, 1_399)?.status, 'down')
  assert.equal(stretchAt(stretches, 1_900), undefined)
})

test('what the feed says of the present goes before an older answer', () => {
  const live = { status: 'down', since: new Date(1_700).toISOString() } as const
  const shown = { axis, now: 1_800 }

  const stretches = stretchesOf([change(500, 'operational')], live, shown)
  const same = stretchesOf([change(1_700, 'down')], live, shown)

  assert.deepEqual(stretches.at(-1), stretch(1_700, 1_800, 'down'))
  assert.deepEqual(same, [stretch(1_700, 1_800, 'down')])
})

test('before the history begins there is nothing', () => {
  const live = { status: 'operational', since: new Date(0).toISOString() } as const

  const [first] = stretchesOf([change(1_500, 'operational')], live, { axis, now: 1_800 })

  assert.equal(first?.from, 1_500)
  assert.deepEqual(stretchesOf([], live, { axis, now: 1_800 }), [])
})

test('what is short is still seen, and the worst is on top', () => {
  const runs = runsOf(
    [
      stretch(1_000, 1_500, 'operational'),
      stretch(1_500, 1_501, 'down'),
      stretch(1_501, 2_000, 'operational'),
    ],
    axis,
    100,
  )

  assert.deepEqual(runs, [
    { x: 0, width: 50, status: 'operational' },
    { x: 50, width: 2, status: 'down' },
    { x: 52, width: 48, status: 'operational' },
  ])
})

test('however often a status changes, there are no more runs than pixels, side by side', () => {
  const anyStretches = fc
    .array(fc.tuple(fc.integer({ min: 1_000, max: 1_999 }), fc.constantFrom(...STATUSES)))
    .map((changes) => {
      const rows = changes.map(([at, status]) => change(at, status))
      return stretchesOf(rows, undefined, { axis, now: 2_000 })
    })

  fc.assert(
    fc.property(anyStretches, fc.integer({ min: 1, max: 40 }), (stretches, width) => {
      const runs = runsOf(stretches, axis, width)

      assert.ok(runs.length <= width)
      let end = 0
      for (const run of runs) {
        assert.ok(run.x >= end)
        end = run.x + run.width
      }
      assert.ok(end <= width)
    }),
  )
})

test('the availability is of the observed time, without planned downtime apart', () => {
  const share = availabilityOf([
    stretch(0, 800, 'operational'),
    stretch(800, 900, 'down'),
    planned(stretch(900, 1_000, 'maintenance')),
  ])

  assert.equal(share?.all, 0.8)
  assert.equal(share?.net, 1 - 100 / 900)
})

test('too little that was observed is no availability', () => {
  const mostly = [stretch(0, 900, 'operational'), stretch(900, 1_000, 'unknown')]
  const hardly = [stretch(0, 890, 'operational'), stretch(890, 1_000, 'unknown')]

  assert.equal(availabilityOf(mostly)?.all, 1)
  assert.equal(availabilityOf(hardly), null)
  assert.equal(availabilityOf([]), null)
  assert.equal(availabilityOf([planned(stretch(0, 9, 'maintenance'))])?.net, null)
})
