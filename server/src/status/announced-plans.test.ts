import assert from 'node:assert/strict'
import { test } from 'node:test'
import { endpointState } from '../../test/support/board-with.ts'
import type { Plan } from '../config/config.ts'
import type { Said } from '../config/maintenance.ts'
import { announcedPlan, firstWindow, MAX_ANNOUNCED } from './announced-plans.ts'

const at = Date.UTC(2026, 0, 1)
const payer = { payer: 'aetna', name: 'Aetna', aliases: [], identifiers: [] }
const endpoints = [endpointState('aetna/login')]
const ONCE: Said = {
  types: [],
  kind: 'routine',
  starts: '2026-07-01T22:00',
  ends: '2026-07-02T02:00',
  exdates: [],
}

function planFrom(said: Partial<Said> = {}, about = {}): Plan {
  const outcome = announcedPlan({ ...ONCE, ...said }, { payer, endpoints, plans: [], at, ...about })
  assert.ok('plan' in outcome)
  return outcome.plan
}

/** So many plans, of this payer and origin. */
const many = (count: number, parts: Partial<Plan>): Plan[] =>
  Array.from({ length: count }, (_, i) => ({ ...planFrom(), id: `mp_${i}`, ...parts }))

test('times without a zone are read in the payer’s, those with one in their own', () => {
  const zoned = { payer: { ...payer, timeZone: 'America/Chicago' } }

  assert.deepEqual(planFrom({}, zoned).times, {
    startsAt: Date.UTC(2026, 6, 2, 3),
    endsAt: Date.UTC(2026, 6, 2, 7),
  })
  assert.deepEqual(planFrom({ timeZone: 'Asia/Tokyo' }, zoned).times, {
    startsAt: Date.UTC(2026, 6, 1, 13),
    endsAt: Date.UTC(2026, 6, 1, 17),
  })
})

test('a payer takes 200 plans, whoever announced them, and people 5,000 of all payers', () => {
  const refusedBeside = (plans: Plan[]) =>
    'refused' in announcedPlan(ONCE, { payer, endpoints, plans, at })

  for (const origin of ['api', 'file'] as const) {
    assert.equal(refusedBeside(many(199, { origin })), false)
    assert.equal(refusedBeside(many(200, { origin })), true)
    assert.equal(refusedBeside(many(200, { origin, payer: 'cigna' })), false)
  }
  assert.equal(refusedBeside(many(MAX_ANNOUNCED, { payer: 'cigna' })), true)
  assert.equal(refusedBeside(many(MAX_ANNOUNCED, { payer: 'cigna', origin: 'file' })), false)
})

test('what is there already is announced again however much there is', () => {
  const plans = [...many(200, {}), planFrom()]

  const outcome = announcedPlan(ONCE, { payer, endpoints, plans, at })

  assert.deepEqual(outcome, { plan: planFrom(), isNew: false })
})

test('the first window is the one under way or the next, and none when all are over', () => {
  const plan = planFrom({
    ...ONCE,
    starts: undefined,
    ends: undefined,
    rrule: 'FREQ=WEEKLY;BYDAY=SU;UNTIL=20260118',
    startLocal: '00:00',
    endLocal: '06:00',
  })
  const sunday = (day: number) => Date.UTC(2026, 0, day)

  assert.equal(firstWindow(plan, at)?.startsAt, sunday(4))
  assert.equal(firstWindow(plan, sunday(4) + 5 * 3_600_000)?.startsAt, sunday(4))
  assert.equal(firstWindow(plan, sunday(4) + 6 * 3_600_000)?.startsAt, sunday(11))
  assert.equal(firstWindow(plan, sunday(18) + 6 * 3_600_000), undefined)
  assert.equal(firstWindow(planFrom(), Date.UTC(2026, 6, 2, 2)), undefined)
})
