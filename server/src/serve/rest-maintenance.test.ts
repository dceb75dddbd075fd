import assert from 'node:assert/strict'
import { test } from 'node:test'
import { announcing } from '../../test/support/maintenance-house.ts'
import type { Plan } from '../config/config.ts'
import { MaintenancePlan } from './api/maintenance-shapes.ts'
import { Problem } from './problem.ts'

const ONCE = { payer: 'aetna', starts: '2026-02-01T22:00-05:00', ends: '2026-02-02T02:00-05:00' }
const AGAIN = { payer: 'aetna', rrule: 'FREQ=WEEKLY;BYDAY=SU', startLocal: '00:00', duration: '6h' }
const PLANS = '/api/v1/maintenance/plans'

test('what is announced is published as a plan, told as it was understood, and listed', async (t) => {
  const { announce, get, board, log } = await announcing(t)

  const { status, json } = await announce({
    ...ONCE,
    payer: '60054',
    types: 'Eligibility',
    announcedAt: '2025-12-20T09:00-05:00',
    sourceUrl: 'https://aetna.example/maintenance',
  })

  const plan = MaintenancePlan.parse(json)
  assert.equal(status, 201)
  assert.deepEqual(
    [plan.origin, plan.payer, plan.types, plan.via, plan.kind, plan.timeZone],
    ['api', 'aetna', ['Eligibility'], null, 'routine', 'UTC'],
  )
  assert.deepEqual(
    [plan.startsAt, plan.endsAt, plan.announcedAt, plan.sourceUrl],
    [
      '2026-02-02T03:00:00.000Z',
      '2026-02-02T07:00:00.000Z',
      '2025-12-20T14:00:00.000Z',
      'https://aetna.example/maintenance',
    ],
  )
  const [published] = board.values('plan')
  assert.equal(published?.id, plan.id)
  assert.deepEqual((await get(PLANS)).json, { items: [plan], next: null })
  const [line] = log.lines.filter(({ message }) => message === 'person acted')
  assert.deepEqual(
    [line?.kind, line?.by, line?.payer, line?.plan],
    ['announceMaintenance', 'night-shift', 'aetna', plan.id],
  )
})

test('a rule is told as it was said, in the zone it was said in', async (t) => {
  const { announce } = await announcing(t)
  const tellOf = async (parts: object) => {
    const plan = MaintenancePlan.parse((await announce({ ...AGAIN, ...parts })).json)
    return [plan.rrule, plan.startLocal, plan.durationMs, plan.endLocal, plan.timeZone]
  }

  const zone = 'America/New_York'
  assert.deepEqual(await tellOf({ timeZone: zone }), [
    'FREQ=WEEKLY;BYDAY=SU',
    '00:00',
    21_600_000,
    null,
    zone,
  ])
  const counted = { rrule: 'freq=daily;interval=3', startLocal: '2026-01-02T22:30' }
  assert.deepEqual(
    await tellOf({ ...counted, duration: undefined, endLocal: '04:00', exdates: ['2026-01-05'] }),
    ['FREQ=DAILY;INTERVAL=3', '2026-01-02T22:30', null, '04:00', 'UTC'],
  )
})

test('announced twice is announced once: the same id, and nothing new in the log', async (t) => {
  const { announce, bus } = await announcing(t)
  const first = await announce(ONCE)
  const { rev } = bus

  const second = await announce({ ...ONCE, starts: '2026-02-02T03:00Z', payer: 'AETNA' })

  assert.deepEqual([first.status, second.status], [201, 200])
  assert.deepEqual(second.json, first.json)
  assert.equal(bus.rev, rev)
})

test('announced again with other words about it, the latest count, and when it was announced stays unless said', async (t) => {
  const { announce, board } = await announcing(t)
  const announcedAt = '2025-12-20T14:00:00.000Z'
  const first = MaintenancePlan.parse((await announce({ ...ONCE, announcedAt })).json)

  const again = await announce({ ...ONCE, kind: 'non_routine' })

  const plan = MaintenancePlan.parse(again.json)
  assert.deepEqual(
    [again.status, plan.id, plan.kind, plan.announcedAt],
    [200, first.id, 'non_routine', announcedAt],
  )
  assert.equal([...board.values('plan')].length, 1)
})

test('withdrawn, it is gone; withdrawn twice, it is not found', async (t) => {
  const { announce, withdraw, get, board } = await announcing(t)
  const { id } = MaintenancePlan.parse((await announce(ONCE)).json)

  const gone = await withdraw(id)

  assert.deepEqual([gone.status, gone.text], [204, ''])
  assert.equal(board.entry('plan', id)?.log.value, null)
  assert.deepEqual((await get(PLANS)).json, { items: [], next: null })
  const twice = Problem.parse((await withdraw(id)).json)
  assert.deepEqual([twice.status, twice.code], [404, 'not_found'])
})

test('what the configuration announces stays as it says it, and cannot be withdrawn here', async (t) => {
  const { announce, withdraw, bus, board } = await announcing(t)
  const { id } = MaintenancePlan.parse((await announce(ONCE)).json)
  const value = board.entry('plan', id)?.log.value as Plan
  await bus.publish({ kind: 'plan', id, value: { ...value, origin: 'file', announcedAt: null } })

  const again = await announce({ ...ONCE, kind: 'unscheduled' })
  const refused = Problem.parse((await withdraw(id)).json)

  const plan = MaintenancePlan.parse(again.json)
  assert.deepEqual(
    [again.status, plan.origin, plan.kind, plan.announcedAt],
    [200, 'file', 'routine', null],
  )
  assert.deepEqual(
    [refused.status, refused.code, refused.detail],
    [409, 'conflict', 'the configuration announces this: it is withdrawn there'],
  )
  assert.notEqual(board.entry('plan', id)?.log.value, null)
})

test('both need the scope write, before anything is read or told', async (t) => {
  const { announce, withdraw, board } = await announcing(t)
  const { id } = MaintenancePlan.parse((await announce(ONCE)).json)

  for (const body of [ONCE, { nonsense: 1 }]) {
    assert.equal((await announce(body, 'prober')).status, 403)
    assert.equal((await announce(body, 'nobody')).status, 401)
  }
  for (const one of [id, 'mp_nothing']) {
    assert.equal((await withdraw(one, 'prober')).status, 403)
    assert.equal((await withdraw(one, 'nobody')).status, 401)
  }
  assert.equal([...board.values('plan')].length, 1)
})

const EVIL = 'evil\r\n"<script>;,'

/** Bodies, and the first thing that is said of each. */
const BODIES: [body: unknown, issue: RegExp][] = [
  [undefined, /body/],
  [null, /^body: expected a mapping$/],
  [[], /^body: expected a mapping$/],
  [EVIL, /^body: expected a mapping$/],
  [{}, /^body payer: expected text$/],
  [{ ...ONCE, payer: 5 }, /^body payer: expected text$/],
  [{ ...ONCE, payer: '' }, /^body payer: expected text that is not empty$/],
  [{ ...ONCE, payer: 'x'.repeat(201) }, /^body payer: expected at most 200 characters$/],
  [{ ...ONCE, payer: EVIL }, /^body payer: nothing has one of these names$/],
  [{ ...ONCE, [EVIL]: 1 }, /^body: expected no other key$/],
  [{ ...ONCE, start_local: '00:00' }, /^body: expected no other key$/],
  [{ ...ONCE, types: [EVIL] }, /^body types: expected types or capabilities/],
  [{ ...ONCE, types: ['login', 5] }, /^body types\[1\]: expected text$/],
  [{ ...ONCE, types: Array(101).fill('login') }, /^body types: expected at most 100 entries$/],
  [{ ...ONCE, types: Array(1_001).fill('login') }, /^body types: expected at most 1000 entries$/],
  [{ ...ONCE, types: [''] }, /^body types\[0\]: expected text that is not empty$/],
  [{ ...ONCE, via: EVIL }, /^body via: expected the route of an endpoint that the payer has$/],
  [{ ...ONCE, via: null }, /^body via: expected text$/],
  [{ ...ONCE, kind: 'implied' }, /^body kind: expected "routine", "non_routine" or "unscheduled"$/],
  [{ ...ONCE, starts: EVIL }, /^body starts: expected a time such as/],
  [{ ...ONCE, starts: '2026-02-30T22:00' }, /^body starts: expected a time such as/],
  [{ ...ONCE, starts: 1_770_000_000 }, /^body starts: expected a time such as/],
  [{ ...ONCE, ends: ONCE.starts }, /^body ends: expected a time after starts/],
  [{ ...ONCE, ends: '2026-03-09T22:00' }, /^body ends: expected .* at most 31 days later$/],
  [{ ...ONCE, ends: undefined }, /^body: expected either starts and ends, or rrule/],
  [{ ...ONCE, starts: '2025-12-31T20:00Z', ends: '2026-01-01T00:00Z' }, /^body ends: .*to come$/],
  [{ ...ONCE, ...AGAIN }, /^body: expected either/],
  [{ ...AGAIN, rrule: EVIL }, /^body rrule: expected a rule of FREQ/],
  [{ ...AGAIN, rrule: 'FREQ=SECONDLY' }, /^body rrule: expected FREQ to be/],
  [{ ...AGAIN, rrule: 'FREQ=DAILY;UNTIL=20251231' }, /^body rrule: .* still to come$/],
  [{ ...AGAIN, rrule: 'FREQ=DAILY', duration: '24h' }, /^body rrule: expected .* time in between$/],
  [{ ...AGAIN, rrule: 'X'.repeat(501) }, /^body rrule: expected at most 500 characters$/],
  [{ ...AGAIN, startLocal: '25:00' }, /^body startLocal: expected a time of day/],
  [{ ...AGAIN, duration: '8d' }, /^body duration: expected a duration from 1m to 7d$/],
  [{ ...AGAIN, duration: 3_600_000 }, /^body duration: expected a duration such as/],
  [{ ...AGAIN, endLocal: '06:00' }, /^body: expected either/],
  [{ ...AGAIN, duration: undefined, endLocal: EVIL }, /^body endLocal: expected a time of day/],
  [{ ...AGAIN, exdates: ['2026-02-30'] }, /^body exdates\[0\]: expected a date such as/],
  [{ ...AGAIN, exdates: Array(101).fill('2026-02-01') }, /^body exdates: expected at most 100/],
  [{ ...AGAIN, timeZone: 'Mars/Olympus' }, /^body timeZone: expected/],
  [{ ...ONCE, announcedAt: EVIL }, /^body announcedAt: expected a time such as/],
  [{ ...ONCE, announcedAt: '2026-01-01T00:01Z' }, /^body announcedAt: .* that has come$/],
  [{ ...ONCE, sourceUrl: 'javascript:alert(1)' }, /^body sourceUrl: expected an address/],
  [{ ...ONCE, sourceUrl: 'https://u:secret@aetna.example/' }, /^body sourceUrl: expected/],
  [{ ...ONCE, sourceUrl: 'https://aetna.example/?member=1' }, /^body sourceUrl: expected/],
  [{ ...ONCE, sourceUrl: 'https://aetna.example/\r\nSTATUS:x' }, /^body sourceUrl: expected/],
]

test('what is not as expected is refused with what was expected where, quotes nothing, and changes nothing', async (t) => {
  const { announce, bus, log } = await announcing(t)
  const { rev } = bus

  for (const [body, issue] of BODIES) {
    const { status, json, text } = await announce(body)
    const problem = Problem.parse(json)
    assert.equal(status, 400, JSON.stringify(body))
    assert.match(problem.issues?.[0] ?? problem.detail, issue)
    assert.doesNotMatch(text, /evil|script|secret|member|Olympus|XXX/)
  }
  assert.equal(bus.rev, rev)
  assert.doesNotMatch(JSON.stringify(log.lines), /evil|script|secret|member/)
})
