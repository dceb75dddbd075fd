import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { type QuietHours, quietEnd } from './quiet-hours.ts'

const MINUTE = 60_000
const ALL_DAYS = [0, 1, 2, 3, 4, 5, 6]
const NAMES = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const NEW_YORK = 'America/New_York'

const aNight = (parts: Partial<QuietHours> = {}): QuietHours => ({
  from: 22 * 60,
  to: 6 * 60,
  days: ALL_DAYS,
  timeZone: NEW_YORK,
  ...parts,
})

const at = (iso: string) => Date.parse(iso)
const endsAt = (quiet: QuietHours[], iso: string) =>
  new Date(quietEnd(quiet, at(iso))).toISOString()

const CASES: [string, QuietHours[], string, string][] = [
  ['before a night', [aNight()], '2026-01-07T21:59:00-05:00', '2026-01-08T02:59:00.000Z'],
  ['at its beginning', [aNight()], '2026-01-07T22:00:00-05:00', '2026-01-08T11:00:00.000Z'],
  ['after midnight', [aNight()], '2026-01-08T03:00:00-05:00', '2026-01-08T11:00:00.000Z'],
  ['at its end', [aNight()], '2026-01-08T06:00:00-05:00', '2026-01-08T11:00:00.000Z'],
  [
    'over a change to summer time',
    [aNight()],
    '2026-03-07T23:00:00-05:00',
    '2026-03-08T10:00:00.000Z',
  ],
  [
    'over a change to winter time',
    [aNight()],
    '2026-10-31T23:00:00-04:00',
    '2026-11-01T11:00:00.000Z',
  ],
  [
    'where its end is left out',
    [aNight({ to: 150 })],
    '2026-03-08T01:00:00-05:00',
    '2026-03-08T07:00:00.000Z',
  ],
  [
    'where its end comes twice',
    [aNight({ to: 90 })],
    '2026-11-01T00:30:00-04:00',
    '2026-11-01T05:30:00.000Z',
  ],
  [
    'in the hour that comes again',
    [aNight({ to: 90 })],
    '2026-11-01T01:10:00-05:00',
    '2026-11-01T06:30:00.000Z',
  ],
  [
    'on a day that is not named',
    [aNight({ days: [6] })],
    '2026-01-07T23:00:00-05:00',
    '2026-01-08T04:00:00.000Z',
  ],
  [
    'the morning after a day that is',
    [aNight({ days: [6] })],
    '2026-01-11T05:00:00-05:00',
    '2026-01-11T11:00:00.000Z',
  ],
  [
    'over two that follow each other',
    [aNight(), aNight({ from: 360, to: 480 })],
    '2026-01-08T03:00:00-05:00',
    '2026-01-08T13:00:00.000Z',
  ],
  [
    'over a whole weekend',
    [aNight({ from: 0, to: 1_440, days: [0, 6] })],
    '2026-01-10T12:00:00-05:00',
    '2026-01-12T05:00:00.000Z',
  ],
]

for (const [when, quiet, iso, end] of CASES)
  test(`${when} it is quiet until ${end}`, () => {
    assert.equal(endsAt(quiet, iso), end)
  })

test('what is quiet day and night never ends', () => {
  const halves = [aNight({ from: 0, to: 720 }), aNight({ from: 720, to: 1_440 })]

  assert.equal(quietEnd(halves, at('2026-01-08T03:00:00Z')), Number.POSITIVE_INFINITY)
  assert.equal(quietEnd([], 5), 5)
})

/** Whether a clock on the wall shows a quiet time, read off what the runtime prints. */
function showsQuiet({ from, to, days, timeZone }: QuietHours, time: number): boolean {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(time)
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? ''
  const [day, minute] = [
    NAMES.indexOf(part('weekday')),
    Number(part('hour')) * 60 + Number(part('minute')),
  ]
  const isToday = days.includes(day)
  if (from < to) return isToday && minute >= from && minute < to
  return (isToday && minute >= from) || (days.includes((day + 6) % 7) && minute < to)
}

/** Weeks in which the zone's clocks are changed, and one in which they are not. */
const WEEKS: [string, string][] = [
  [NEW_YORK, '2026-03-05T00:00:00Z'],
  [NEW_YORK, '2026-10-29T00:00:00Z'],
  ['Europe/London', '2026-03-26T00:00:00Z'],
  ['Australia/Lord_Howe', '2026-04-02T00:00:00Z'],
  ['Australia/Lord_Howe', '2026-10-01T00:00:00Z'],
  ['Asia/Kolkata', '2026-06-01T00:00:00Z'],
  ['America/St_Johns', '2026-10-29T00:00:00Z'],
]

for (const [timeZone, week] of WEEKS)
  test(`in ${timeZone} in the week of ${week.slice(0, 10)} the end is the first minute whose reading is not quiet`, async () => {
    const anyQuiet = fc
      .record({
        from: fc.nat(1_439),
        to: fc.integer({ min: 1, max: 1_440 }),
        days: fc.uniqueArray(fc.constantFrom(...ALL_DAYS), { minLength: 1 }),
      })
      .filter(({ from, to }) => from !== to)
    const anyMinute = fc.nat(7 * 1_440)
    await fc.assert(
      fc.property(
        fc.array(anyQuiet, { minLength: 1, maxLength: 2 }),
        anyMinute,
        (parts, minute) => {
          const quiet = parts.map((part) => ({ ...part, timeZone }))
          const start = at(week) + minute * MINUTE
          const shows = (time: number) => quiet.some((one) => showsQuiet(one, time))
          const end = quietEnd(quiet, start)

          if (end === Number.POSITIVE_INFINITY) return
          assert.equal(shows(end), false)
          const steps = Math.min((end - start) / MINUTE, 40)
          for (let i = 0; i < steps; i++)
            assert.equal(
              shows(start + Math.floor(((end - start) / MINUTE / steps) * i) * MINUTE),
              true,
            )
          if (end > start) assert.equal(shows(end - MINUTE), true)
        },
      ),
      { numRuns: 150 },
    )
  })
