import assert from 'node:assert/strict'
import test from 'node:test'
import { loadText, problemsOf } from '../../test/corpus/load-text.ts'
import { Maintenance } from './maintenance-schema.ts'

const ONCE = { starts: '2026-02-01T22:00', ends: '2026-02-02T02:00' }
const AGAIN = { rrule: 'FREQ=WEEKLY;BYDAY=SU', start_local: '00:00', duration: '6h' }

/** What every key takes beside the rest of a window, and what it does not. */
const KEYS: Record<string, { beside: object; good: unknown[]; bad: unknown[] }> = {
  types: {
    beside: AGAIN,
    good: ['login', ['login', 'eligibility'], 'provider_portal', 'LOGIN', []],
    bad: ['claims', ['login', ''], 5, {}, 'x'.repeat(121)],
  },
  via: { beside: AGAIN, good: ['direct'], bad: ['clearinghouse-a', '', 5] },
  kind: {
    beside: AGAIN,
    good: ['routine', 'non_routine', 'unscheduled'],
    bad: ['implied', 'weekly', 5],
  },
  starts: {
    beside: { ends: '2026-02-02T02:00' },
    good: [
      '2026-02-01T22:00',
      '2026-02-01T22:00:30',
      '2026-02-01T22:00-03:00',
      '2026-02-01T22:00Z',
      '2026-02-01T22:00:00.000Z',
      '2026-02-01T22:00:00.5-03:00',
    ],
    bad: [
      '2026-02-30T22:00',
      '22:00',
      '2026-02-01',
      '1926-02-01T22:00',
      '2026-02-01T22:00+99:00',
      '2026-02-01T22:00:00.000',
      '2026-02-01T22:00.000Z',
      5,
    ],
  },
  ends: {
    beside: { starts: '2026-02-01T22:00' },
    good: ['2026-02-01T22:01', '2026-03-04T22:00'],
    bad: ['2026-02-01T22:00', '2026-02-01T21:00', '2026-03-04T22:01', '', 5],
  },
  rrule: {
    beside: { start_local: '00:00', duration: '6h' },
    good: [
      'FREQ=WEEKLY;BYDAY=SU',
      'RRULE:FREQ=MONTHLY;BYDAY=-1SU',
      'freq=daily',
      'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29',
    ],
    bad: [
      'FREQ=SECONDLY',
      'FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30',
      'every Sunday',
      '',
      `FREQ=DAILY;${'x'.repeat(600)}`,
      5,
    ],
  },
  start_local: {
    beside: { rrule: 'FREQ=WEEKLY;INTERVAL=2;BYDAY=SU', duration: '6h' },
    good: ['2026-01-04T00:00', '1999-01-03T23:59'],
    bad: ['00:00', '24:00', '2026-02-30T00:00', '1903-01-01T00:00', 'midnight', 5],
  },
  duration: {
    beside: { rrule: 'FREQ=WEEKLY;BYDAY=SU', start_local: '00:00' },
    good: ['1m', '6h', '6d'],
    bad: ['0s', '8d', 6, 'long'],
  },
  end_local: {
    beside: { rrule: 'FREQ=WEEKLY;BYDAY=SU', start_local: '22:00' },
    good: ['06:00', '23:30', '22:00'],
    bad: ['24:00', '6:00', '2026-01-04T06:00', 6],
  },
  exdates: {
    beside: AGAIN,
    good: [[], ['2026-12-27']],
    bad: [['2026-02-30'], ['27.12.2026'], '2026-12-27', Array(101).fill('2026-12-27')],
  },
  time_zone: { beside: AGAIN, good: ['America/Denver', 'UTC'], bad: ['Mars/Base', '', 5] },
  announced_at: { beside: AGAIN, good: ['2026-01-02T15:00Z'], bad: ['soon', 5] },
  source_url: {
    beside: AGAIN,
    good: ['https://payer.example/news/1.html', 'http://payer.example:8080'],
    bad: [
      'payer.example',
      'https://ops:secret@payer.example/',
      'https://payer.example/?member=1',
      'https://payer.example/#x',
      'javascript:alert(1)',
      `https://payer.example/${'x'.repeat(500)}`,
      5,
    ],
  },
}

function fileWith(window: object): string {
  return [
    'version: 1',
    'payers:',
    '  - name: Alpha',
    '    endpoints: [{ type: login, url: "https://a.example/" }, { type: eligibility, url: "https://a.example/2" }]',
    `    maintenance: [${JSON.stringify(window)}]`,
    '',
  ].join('\n')
}

test('the table names every key of a window', () => {
  assert.deepEqual(Object.keys(KEYS).sort(), Object.keys(Maintenance.shape).sort())
})

for (const [key, { beside, good, bad }] of Object.entries(KEYS)) {
  test(`the ${key} of a window takes what it should`, async () => {
    for (const value of good) {
      const { maintenance } = await loadText(fileWith({ ...beside, [key]: value }))

      assert.equal(maintenance.length, 1)
    }
  })

  test(`the ${key} of a window refuses all else, naming itself`, async () => {
    for (const value of bad) {
      const problems = await problemsOf(fileWith({ ...beside, [key]: value }))

      const shown = JSON.stringify(value).slice(0, 40)
      assert.equal(problems.length, 1, `${shown}: ${problems.join('\n')}`)
      const path = `payers[0].maintenance[0].${key}`
      assert.ok(problems[0]?.startsWith(`payers.yaml:5 ${path}`), `${shown}: ${problems[0]}`)
      assert.doesNotMatch(problems[0] ?? '', /secret|member/)
    }
  })
}

test('a window comes once or again, not both and not neither', async () => {
  const halves = [
    {},
    { ...ONCE, ...AGAIN },
    { starts: ONCE.starts },
    { rrule: AGAIN.rrule },
    { rrule: AGAIN.rrule, start_local: '00:00' },
    { ...AGAIN, end_local: '06:00' },
    { ...ONCE, exdates: ['2026-12-27'] },
  ]
  for (const half of halves) {
    const problems = await problemsOf(fileWith(half))

    assert.equal(problems.length, 1, JSON.stringify(half))
    assert.match(problems[0] ?? '', /maintenance\[0\]: expected either starts and ends, or rrule/)
  }
})

test('windows that never end together are refused', async () => {
  const always = { rrule: 'FREQ=DAILY', start_local: '00:00', duration: '1d' }

  const [problem] = await problemsOf(fileWith(always))

  assert.match(problem ?? '', /rrule: expected a rule whose windows leave some time in between/)
})

test('a window is complete: zone of the payer, instants, an id that only its scope and times decide', async () => {
  const of = async (window: object, zone = 'America/New_York') => {
    const text = fileWith(window).replace('name: Alpha', `name: Alpha\n    time_zone: ${zone}`)
    const [plan] = (await loadText(text)).maintenance
    return plan
  }

  const once = await of({ ...ONCE, kind: 'non_routine', announced_at: '2026-01-20T09:00' })
  const noted = await of({ ...ONCE, source_url: 'https://payer.example/' })
  const elsewhere = await of(ONCE, 'America/Denver')

  assert.deepEqual(once?.times, {
    startsAt: Date.parse('2026-02-02T03:00Z'),
    endsAt: Date.parse('2026-02-02T07:00Z'),
  })
  assert.equal(once?.announcedAt, Date.parse('2026-01-20T14:00Z'))
  assert.equal(once?.payer, 'alpha')
  assert.match(once?.id ?? '', /^mp_[0-9A-HJKMNP-TV-Z]{26}$/)
  assert.equal(noted?.id, once?.id)
  assert.notEqual(elsewhere?.id, once?.id)
})
