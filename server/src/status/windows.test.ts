import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aPlan, DAY, HOUR, onePlan } from '../../test/support/window-house.ts'
import { dueOf, noticeOf, type Phase, phaseAt, windowOf } from './windows.ts'

const START = Date.UTC(2026, 0, 1)

test('notice of non-routine maintenance is a week ahead, of unscheduled an hour after the start', () => {
  const ok = (kind: 'non_routine' | 'unscheduled', before: number) =>
    noticeOf({ kind, announcedAt: START - before, sourceUrl: null }, START)

  assert.deepEqual([ok('non_routine', 7 * DAY), ok('non_routine', 7 * DAY - 1)], [true, false])
  assert.deepEqual([ok('unscheduled', -HOUR), ok('unscheduled', -HOUR - 1)], [true, false])
})

test('notice of routine maintenance is a schedule that was published before, or that is known where', () => {
  const sourceUrl = 'https://aetna.example/maintenance'
  const ok = (announcedAt: number | null, url: string | null) =>
    noticeOf({ kind: 'routine', announcedAt, sourceUrl: url }, START)

  assert.deepEqual(
    [ok(START, null), ok(START + 1, sourceUrl), ok(null, sourceUrl), ok(null, null)],
    [true, false, true, null],
  )
  assert.equal(noticeOf({ kind: 'non_routine', announcedAt: null, sourceUrl }, START), null)
})

test('a window goes from phase to phase by the clock, and waits after its end for what is out', () => {
  const window = { startsAt: START, endsAt: START + HOUR }
  const phase = (now: number, before: Phase, isHeld: boolean) =>
    phaseAt(START + now, window, { before, isHeld: () => isHeld })

  assert.equal(phase(-1, 'ahead', false), 'ahead')
  assert.equal(phase(0, 'ahead', false), 'in')
  assert.equal(phase(HOUR, 'in', false), 'over')
  assert.equal(phase(HOUR, 'in', true), 'grace')
  assert.equal(phase(HOUR * 1.25 - 1, 'grace', true), 'grace')
  assert.equal(phase(HOUR * 1.25, 'grace', true), 'overrun')
  assert.equal(phase(HOUR * 1.25, 'grace', false), 'over')
  assert.equal(phase(HOUR * 2, 'over', true), 'over')
  assert.equal(phase(HOUR * 0.5, 'over', true), 'in')
})

test('the same plan and start give the same window, and later windows sort later', () => {
  const daily = aPlan({ rrule: 'FREQ=DAILY', startLocal: '01:00', duration: HOUR })
  const [first, second] = [START, START + DAY].map((startsAt) =>
    windowOf(daily, { startsAt, endsAt: startsAt + HOUR }, 'scheduled'),
  )

  assert.ok(first && second && first.id < second.id)
  assert.equal(
    windowOf(daily, { startsAt: START, endsAt: START + HOUR }, 'completed').id,
    first?.id,
  )
})

test('what is due of a plan holds until there is something else', () => {
  const once = onePlan(START + 40 * DAY, START + 40 * DAY + HOUR)
  const yearly = aPlan({
    rrule: 'FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=1',
    startLocal: '00:00',
    duration: HOUR,
  })
  const march = Date.UTC(2026, 2, 1)
  const due = (plan: typeof once, at: number) => {
    const { windows, until } = dueOf(plan, at)
    return [windows.length, until]
  }

  assert.deepEqual(due(once, START), [0, START + 9 * DAY])
  assert.deepEqual(due(once, START + 9 * DAY), [1, START + 40 * DAY])
  assert.deepEqual(due(once, START + 40 * DAY), [1, START + 40 * DAY + HOUR])
  assert.deepEqual(due(once, START + 40 * DAY + HOUR), [0, Number.POSITIVE_INFINITY])
  assert.deepEqual(due(yearly, march), [1, march + HOUR])
  assert.deepEqual(due(yearly, march + HOUR), [0, Date.UTC(2027, 2, 1) - 31 * DAY])
})
