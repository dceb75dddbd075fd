import assert from 'node:assert/strict'
import test from 'node:test'
import { DAY_MS, instantOf, localTime } from './local-time.ts'
import { occurrences, occurrencesIn, type Recurrence } from './recurrence.ts'
import { needsStart, readRule } from './recurrence-rule.ts'

const HOUR_MS = 3_600_000
const NEW_YORK = 'America/New_York'

function dayOf(date: string): number {
  return (localTime(date) ?? Number.NaN) / DAY_MS
}

function weekly(over: Partial<Recurrence> = {}): Recurrence {
  return {
    rrule: 'FREQ=WEEKLY;BYDAY=SU',
    startDay: dayOf('2026-01-01'),
    startMinute: 0,
    timeZone: NEW_YORK,
    length: { ms: 6 * HOUR_MS },
    exceptDays: [],
    ...over,
  }
}

/** The first `count` after `from`, as `start/end` in UTC. */
function first(count: number, recurrence: Recurrence, from: string): string[] {
  const shown = (at: number) => new Date(at).toISOString().slice(0, 16)
  const asked = { from: Date.parse(from), to: Number.POSITIVE_INFINITY, most: count }
  return occurrencesIn(recurrence, asked).map(
    ({ startsAt, endsAt }) => `${shown(startsAt)}/${shown(endsAt)}`,
  )
}

test('Sundays from midnight for six hours in New York keep to the wall, and last six hours, when clocks go forward', () => {
  const sundays = first(3, weekly(), '2026-03-01T12:00Z')

  assert.deepEqual(sundays, [
    '2026-03-08T05:00/2026-03-08T11:00', // until 07:00 on the wall, since one hour is left out
    '2026-03-15T04:00/2026-03-15T10:00',
    '2026-03-22T04:00/2026-03-22T10:00',
  ])
})

test('and when clocks go back', () => {
  const sundays = first(2, weekly(), '2026-10-26T00:00Z')

  assert.deepEqual(sundays, [
    '2026-11-01T04:00/2026-11-01T10:00', // until 05:00 on the wall, since one hour comes twice
    '2026-11-08T05:00/2026-11-08T11:00',
  ])
})

test('what ends at a time on the wall takes an hour less, or an hour more', () => {
  const untilSix = weekly({ length: { untilMinute: 360 } })

  assert.deepEqual(first(1, untilSix, '2026-03-07T00:00Z'), ['2026-03-08T05:00/2026-03-08T10:00'])
  assert.deepEqual(first(1, untilSix, '2026-10-31T00:00Z'), ['2026-11-01T04:00/2026-11-01T11:00'])
})

test('what begins in the hour that does not exist begins by the offset before it', () => {
  const atHalfPastTwo = weekly({ startMinute: 150, length: { ms: HOUR_MS } })

  const [spring] = first(1, atHalfPastTwo, '2026-03-07T00:00Z')

  assert.equal(spring, '2026-03-08T07:30/2026-03-08T08:30')
})

test('what begins in the hour that comes twice begins in the first one', () => {
  const atHalfPastOne = weekly({ startMinute: 90, length: { ms: HOUR_MS } })

  const [autumn] = first(1, atHalfPastOne, '2026-10-31T00:00Z')

  assert.equal(autumn, '2026-11-01T05:30/2026-11-01T06:30')
})

test('a window on the wall that a change of clocks leaves nothing of does not come that day', () => {
  const inTheGap = weekly({ startMinute: 150, length: { untilMinute: 180 } })

  assert.deepEqual(first(1, inTheGap, '2026-03-07T00:00Z'), ['2026-03-15T06:30/2026-03-15T07:00'])
})

test('it may pass midnight', () => {
  const saturdayNight = weekly({
    rrule: 'FREQ=WEEKLY;BYDAY=SA',
    startMinute: 1_320,
    length: { untilMinute: 120 },
    timeZone: 'UTC',
  })

  assert.deepEqual(first(1, saturdayNight, '2026-01-01T00:00Z'), [
    '2026-01-03T22:00/2026-01-04T02:00',
  ])
})

test('one that is under way is still told, one that has just ended is not', () => {
  assert.deepEqual(first(1, weekly(), '2026-01-04T10:59Z'), ['2026-01-04T05:00/2026-01-04T11:00'])
  assert.deepEqual(first(1, weekly(), '2026-01-04T11:00Z'), ['2026-01-11T05:00/2026-01-11T11:00'])
})

test('days that are left out do not come', () => {
  const exceptDays = [dayOf('2026-01-11')]

  const [next] = first(1, weekly({ exceptDays }), '2026-01-05T00:00Z')

  assert.equal(next, '2026-01-18T05:00/2026-01-18T11:00')
})

test('a rule that never fires ends', () => {
  const never = weekly({ rrule: 'FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30' })

  assert.deepEqual(first(1, never, '2026-01-01T00:00Z'), [])
})

test('a rule begun long ago is not followed from its beginning', () => {
  const old = weekly({ startDay: dayOf('1970-01-01'), rrule: 'FREQ=DAILY' })

  assert.equal(first(1, old, '2199-06-01T12:00Z')[0], '2199-06-02T04:00/2199-06-02T10:00')
})

test('the last one is the one UNTIL names, in UTC or on the wall', () => {
  const counted = (until: string) =>
    [...occurrences(weekly({ rrule: `FREQ=WEEKLY;BYDAY=SU;UNTIL=${until}` }), 0)].length

  assert.equal(counted('20260111T050000Z'), 2)
  assert.equal(counted('20260111T045959Z'), 1)
  assert.equal(counted('20260111'), 2)
  assert.equal(counted('20260110'), 1)
  assert.equal(counted('20260111T000000'), 2)
})

test('local times are read by the offset that holds there', () => {
  const at = (text: string, zone: string) =>
    new Date(instantOf(localTime(text) ?? Number.NaN, zone)).toISOString()

  assert.equal(at('2026-07-01T12:00', NEW_YORK), '2026-07-01T16:00:00.000Z')
  assert.equal(at('2026-07-01T12:00', 'Asia/Kathmandu'), '2026-07-01T06:15:00.000Z')
  assert.equal(at('2026-10-04T02:15', 'Australia/Lord_Howe'), '2026-10-03T15:45:00.000Z')
  assert.equal(at('2026-07-01T12:00', 'UTC'), '2026-07-01T12:00:00.000Z')
  assert.equal(localTime('2026-02-30'), undefined)
  assert.equal(localTime('2026-01-01T24:30'), undefined)
})

const REFUSED = [
  ['', /a rule of FREQ/],
  ['FREQ=SECONDLY', /FREQ to be DAILY/],
  ['FREQ=HOURLY;BYDAY=SU', /FREQ to be DAILY/],
  ['BYDAY=SU', /FREQ to be DAILY/],
  ['FREQ=WEEKLY;BYHOUR=1', /a rule of FREQ/],
  ['FREQ=WEEKLY;BYDAY=XX', /BYDAY to be days/],
  ['FREQ=WEEKLY;BYDAY=0SU', /BYDAY to be days/],
  ['FREQ=WEEKLY;BYDAY=', /a rule of FREQ/],
  ['FREQ=WEEKLY;BYDAY=2SU', /BYDAY without numbers/],
  ['FREQ=MONTHLY;BYMONTHDAY=32', /BYMONTHDAY to be 1 to 31/],
  ['FREQ=YEARLY;BYMONTH=-1', /BYMONTH to be 1 to 12/],
  ['FREQ=WEEKLY;BYMONTHDAY=1', /no BYMONTHDAY with WEEKLY/],
  ['FREQ=DAILY;INTERVAL=0', /INTERVAL to be a whole number/],
  ['FREQ=DAILY;INTERVAL=99999', /INTERVAL to be a whole number/],
  ['FREQ=DAILY;COUNT=10001', /COUNT to be a whole number/],
  ['FREQ=DAILY;COUNT=1;UNTIL=20270101', /either COUNT or UNTIL/],
  ['FREQ=DAILY;UNTIL=20260230', /UNTIL to be such as/],
  ['FREQ=MONTHLY;BYSETPOS=1', /BYSETPOS together/],
  ['FREQ=DAILY;FREQ=DAILY', /FREQ only once/],
  [`FREQ=DAILY;BYMONTH=${'1,'.repeat(300)}1`, /at most 500/],
  [`FREQ=DAILY;BYMONTH=${Array(65).fill('1').join(',')}`, /BYMONTH to be/],
] as const

test('what is no rule that we follow is told in a sentence that does not quote it', () => {
  for (const [rrule, expected] of REFUSED) {
    const read = readRule(rrule)

    assert.ok('mistake' in read, rrule)
    assert.match(read.mistake, expected)
    assert.throws(() => [...occurrences(weekly({ rrule }), 0)], RangeError)
  }
})

test('only rules that say their days themselves need no day to count from', () => {
  const needs = (rrule: string) => {
    const rule = readRule(rrule)
    return 'mistake' in rule ? undefined : needsStart(rule)
  }

  assert.deepEqual(
    ['FREQ=DAILY', 'FREQ=WEEKLY;BYDAY=SU', 'rrule:freq=monthly;byday=2tu'].map(needs),
    [false, false, false],
  )
  assert.deepEqual(
    ['FREQ=WEEKLY', 'FREQ=DAILY;INTERVAL=2', 'FREQ=DAILY;COUNT=5', 'FREQ=YEARLY;BYMONTH=3'].map(
      needs,
    ),
    [true, true, true, true],
  )
})

test('nothing is looked for long after what is asked for, so that rules which come seldom cost little', () => {
  const [from, to] = [Date.parse('2026-01-01T00:00Z'), Date.parse('2027-01-01T00:00Z')]

  const days = [...occurrences(weekly({ rrule: 'FREQ=DAILY' }), from, to)].length

  assert.ok(days >= 365 && days <= 367, `${days}`)
})
