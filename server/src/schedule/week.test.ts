import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BEGAN, DAY, MINUTE, planOf, WEEK, type Week, weekOf } from '../../test/support/a-week.ts'
import { cronFirings } from '../lib/cron.ts'
import { quietEnd } from '../lib/quiet-hours.ts'
import { gridPointAfter } from './cadence.ts'
import { burstOf } from './gate.ts'
import type { Planned } from './slot.ts'

const plans = Array.from({ length: 2_000 }, (_, i) => planOf(i))
const week = weekOf(plans.length)

function isQuiet({ quietHours = [] }: Planned, at: number): boolean {
  const wall = Math.round(BEGAN + at)
  return quietEnd(quietHours, wall) !== wall
}

/** The first point after a quiet time may be left to the probe that was moved to its end. */
function isServed(plan: Planned, at: number): boolean {
  return isQuiet(plan, at) || isQuiet(plan, at - 0.9 * plan.interval - MINUTE)
}

const calendars = new Map<string, (after: number) => number>()

/** The grid or the cron of an endpoint, on its own. */
function pointsOf(plan: Planned): (after: number) => number {
  if (plan.cron === undefined) return (after) => gridPointAfter(after + 1, plan)
  const key = JSON.stringify(plan.cron)
  const firings = calendars.get(key) ?? remembered(cronFirings(plan.cron))
  calendars.set(key, firings)
  return (after) => firings(BEGAN + after) - BEGAN
}

function remembered(next: (after: number) => number): (after: number) => number {
  const known = new Map<number, number>()
  return (after) => {
    const answer = known.get(after) ?? next(after)
    known.set(after, answer)
    return answer
  }
}

/** When an endpoint that never falls ill is to be probed, by its grid or its cron alone. */
function* expected(plan: Planned): Iterable<number> {
  const after = pointsOf(plan)
  for (let at = after(2 * plan.interval); at < WEEK - MINUTE; at = after(at))
    if (!isServed(plan, at)) yield at
}

/** How late each expected probe was, ms; Infinity where there was none within half the interval. */
function lateness({ starts }: Week, plan: Planned): number[] {
  const own = starts.get(plan.id) ?? []
  let i = 0
  return Array.from(expected(plan), (at) => {
    while (own[i] !== undefined && (own[i] ?? 0) < at - 1) i++
    const late = (own[i] ?? Number.POSITIVE_INFINITY) - at
    return late < plan.interval / 2 ? Math.max(0, late) : Number.POSITIVE_INFINITY
  })
}

const quantile = (numbers: readonly number[], share: number) =>
  numbers.toSorted((a, b) => a - b)[Math.floor(share * numbers.length)] ?? Number.NaN

test('over a week 99.9 % of what grids and crons ask for is probed, 99 % of it within 5 ms', async () => {
  const healthy = plans.filter(({ backoff }) => backoff === undefined)
  const done = await week

  const late = healthy.flatMap((plan) => lateness(done, plan))
  const missing = late.filter((ms) => ms === Number.POSITIVE_INFINITY)

  assert.ok(late.length > 200_000, String(late.length))
  assert.ok(missing.length <= late.length / 1_000, `${missing.length} of ${late.length}`)
  assert.ok(quantile(late, 0.99) < 5, String(quantile(late, 0.99)))
})

test('over a week what became due was started, 99 % of it within 5 ms, whatever had to wait', async () => {
  const { counts, lags } = await week

  assert.ok(counts.started >= 0.999 * (counts.due + counts.coalesced))
  for (const obstacle of ['host', 'payer', 'host_rate', 'quiet_hours'] as const)
    assert.ok(counts.deferred[obstacle] > 0, obstacle)
  assert.ok(quantile(lags, 0.99) < 5, String(quantile(lags, 0.99)))
})

test('over a week no endpoint is probed twice at once or within its least gap', async () => {
  const { overlaps, starts } = await week

  const tooSoon = plans.filter(({ id, minGap }) => {
    const own = starts.get(id) ?? []
    return own.some((at, i) => at - (own[i - 1] ?? Number.NEGATIVE_INFINITY) < minGap - 1e-3)
  })
  assert.equal(overlaps, 0)
  assert.deepEqual(tooSoon, [])
})

test('over a week nothing that was due is probed twice', async () => {
  const { starts, rechecks } = await week

  const twice = plans
    .filter(({ backoff }) => backoff === undefined)
    .filter(({ id, interval }) => {
      const again = new Set(rechecks.get(id))
      const own = (starts.get(id) ?? []).filter((at) => !again.has(at))
      return own.some((at, i) => at - (own[i - 1] ?? Number.NEGATIVE_INFINITY) < interval / 2)
    })
  assert.ok([...rechecks.values()].some(({ length }) => length > 0))
  assert.deepEqual(twice, [])
})

test('over a week no budget sees more attempts in a minute than a burst and a minute of it', async () => {
  const { attempts, counts } = await week

  const most = [...attempts].map(([{ of, name, perMinute }, at]) => {
    let first = 0
    const inMinute = at.map((time, i) => {
      while ((at[first] ?? time) <= time - MINUTE) first++
      return i - first + 1
    })
    return { of, name, most: Math.max(0, ...inMinute), allowed: perMinute + burstOf(perMinute) }
  })
  assert.ok(counts.retries.granted > 1_000 && counts.retries.refused > 0)
  assert.ok(most.some(({ most }) => most > 1))
  assert.deepEqual(
    most.filter(({ most, allowed }) => most > allowed),
    [],
  )
})

test('over a week no one is probed in quiet hours', async () => {
  const { starts } = await week

  const quiet = plans.flatMap((plan) =>
    (starts.get(plan.id) ?? [])
      .filter((at) => isQuiet(plan, at))
      .map((at) => `${plan.id} at ${at}`),
  )
  assert.deepEqual(quiet, [])
})

test('who is down for a day is asked a few times, and at the interval again once it answers', async () => {
  const { starts } = await week
  const ill = plans.filter(({ backoff, interval }) => backoff && interval <= 60 * MINUTE)

  for (const { id, interval } of ill) {
    const own = starts.get(id) ?? []
    const whileDown = own.filter((at) => at > 2 * DAY + 2 * interval && at < 3 * DAY)
    const after = own.filter((at) => at > 4 * DAY)
    assert.ok(whileDown.length >= 4 && whileDown.length <= 12, `${id}: ${whileDown.length}`)
    assert.ok(after.length >= (3 * DAY) / interval - 2, `${id}: ${after.length}`)
  }
})
