import assert from 'node:assert/strict'
import { test } from 'node:test'
import ICAL from 'ical.js'
import type { Plan } from '../config/config.ts'
import { instantOf } from '../lib/local-time.ts'
import { type Announced, calendarOf, MOST_EVENTS } from './calendar.ts'

const HOUR = 3_600_000
const now = Date.UTC(2026, 0, 1, 12)

function plan(parts: Partial<Plan> = {}): Plan {
  return {
    id: `mp_${'A'.repeat(26)}`,
    origin: 'api',
    payer: 'aetna',
    types: [],
    via: null,
    kind: 'routine',
    announcedAt: null,
    sourceUrl: null,
    timeZone: 'America/New_York',
    times: { startsAt: now, endsAt: now + HOUR },
    ...parts,
  }
}

const announced = (of: Plan, parts: Partial<Announced> = {}): Announced => ({
  plan: of,
  at: now,
  isWithdrawn: false,
  ...parts,
})

/** Sundays from midnight to six on the clocks of New York. */
const sundays: Plan['times'] = {
  rrule: 'FREQ=WEEKLY;BYDAY=SU',
  startDay: 0,
  startMinute: 0,
  timeZone: 'America/New_York',
  length: { untilMinute: 360 },
  exceptDays: [],
}

/** What another program reads of it. */
function read(text: string) {
  const calendar = new ICAL.Component(ICAL.parse(text))
  const events = calendar.getAllSubcomponents('vevent').map((one) => new ICAL.Event(one))
  return {
    name: calendar.getFirstPropertyValue('x-wr-calname'),
    events: events.map((event) => ({
      uid: event.uid,
      startsAt: event.startDate.toJSDate().getTime(),
      endsAt: event.endDate.toJSDate().getTime(),
      summary: event.summary,
      description: event.description,
      sequence: event.sequence,
      status: event.component.getFirstPropertyValue('status'),
      url: event.component.getFirstPropertyValue('url'),
    })),
  }
}

test('another program reads the windows of a rule as the clock on the wall has them, over three changes of it', () => {
  const { events } = read(calendarOf('Aetna', [announced(plan({ times: sundays }))], now))

  const year = events.filter(({ startsAt }) => startsAt > now && startsAt < now + 366 * 24 * HOUR)
  const wall = new Intl.DateTimeFormat('en-GB', {
    timeZone: 'America/New_York',
    weekday: 'short',
    timeStyle: undefined,
    hour: '2-digit',
    minute: '2-digit',
  })
  assert.equal(year.length, 52)
  for (const { startsAt, endsAt } of events)
    assert.deepEqual([wall.format(startsAt), wall.format(endsAt)], ['Sun 00:00', 'Sun 06:00'])
  const hours = new Set(year.map(({ startsAt, endsAt }) => (endsAt - startsAt) / HOUR))
  assert.deepEqual([...hours].sort(), [5, 6, 7])
  const zone = 'America/New_York'
  for (const day of [Date.UTC(2026, 2, 8), Date.UTC(2026, 10, 1)])
    assert.ok(year.some(({ startsAt }) => startsAt === instantOf(day, zone)))
})

test('every window has an id of its own, which stays the same from day to day', () => {
  const uids = (at: number) =>
    read(calendarOf('Aetna', [announced(plan({ times: sundays }))], at)).events.map(
      ({ uid }) => uid,
    )

  const today = uids(now)
  assert.equal(new Set(today).size, today.length)
  const later = uids(now + 14 * 24 * HOUR)
  assert.deepEqual(later.slice(0, -2), today.slice(2))
})

test('what is withdrawn is cancelled under the same id and a higher number', () => {
  const one = plan({ sourceUrl: 'https://aetna.example/maintenance' })
  const [before] = read(calendarOf('Aetna', [announced(one)], now)).events

  const changed = announced(one, { at: now + 60_000, isWithdrawn: true })
  const [after] = read(calendarOf('Aetna', [changed], now)).events

  assert.deepEqual([before?.status, after?.status], ['CONFIRMED', 'CANCELLED'])
  assert.equal(before?.uid, after?.uid)
  assert.ok((after?.sequence ?? 0) > (before?.sequence ?? 0))
  assert.ok((after?.sequence ?? 0) < 2 ** 31)
  assert.equal(after?.url, 'https://aetna.example/maintenance')
})

test('what was over when it was forgotten is not cancelled', () => {
  const over = plan({ times: { startsAt: now - 2 * HOUR, endsAt: now - HOUR } })

  const [event] = read(calendarOf('Aetna', [announced(over, { isWithdrawn: true })], now)).events

  assert.equal(event?.status, 'CONFIRMED')
})

const NAMES = [
  'Aetna; "Better", Health\\Inc: 50%',
  'Two\r\nBEGIN:VEVENT\r\nlines\nof\rname',
  'Žluťoučký 医療保険 🏥'.repeat(12),
  '\u0000\u001b[31mred\u007f\ud800 and\u2028more\u0085',
  'END:VCALENDAR',
  ' ',
]

test('whatever a payer is called, lines are 75 octets at most, and another program reads its name', () => {
  for (const name of NAMES) {
    const of = plan({ types: [name.slice(0, 120)], via: name.slice(0, 120), times: sundays })
    const text = calendarOf(name, [announced(of)], now)

    const lines = text.split('\r\n')
    assert.equal(lines.pop(), '')
    for (const line of lines) {
      assert.ok(Buffer.byteLength(line) <= 75, line)
      assert.doesNotMatch(line, /\p{Cc}/u)
      assert.match(line, /^(?: |[A-Z-]+[:;])/)
    }
    assert.equal(lines.filter((line) => line === 'BEGIN:VCALENDAR').length, 1)
    const { events } = read(text)
    const shown = name
      .replaceAll('\ud800', '')
      .replace(/\r\n?|[\u0085\u2028]/g, '\n')
      .replace(/(?!\n)\p{Cc}/gu, '')
    assert.ok(events.length > 52)
    for (const { summary } of events)
      assert.ok(summary.replaceAll('\ufffd', '').startsWith(`${shown}: maintenance (`), summary)
  }
})

test('there are never too many events, and each plan has its next ones', () => {
  const daily = { ...sundays, rrule: 'FREQ=DAILY', length: { ms: HOUR } }
  const many = Array.from({ length: 200 }, (_, i) =>
    announced(plan({ id: `mp_${i}`, times: daily })),
  )

  const uids = calendarOf('Aetna', many, now).match(/(?<=^UID:)mp_\d+/gm) ?? []

  assert.equal(uids.length, MOST_EVENTS)
  assert.equal(new Set(uids).size, 200)
})

test('a calendar without windows is one that can be read', () => {
  const over = plan({ times: { startsAt: 0, endsAt: HOUR } })
  for (const all of [[], [announced(over)]])
    assert.deepEqual(read(calendarOf('Aetna', all, now)), {
      name: 'Aetna: maintenance',
      events: [],
    })
})

test('the same announcements are the same text all day', () => {
  const all = [announced(plan({ times: sundays })), announced(plan({ id: 'mp_2' }))]

  const midnight = Date.UTC(2026, 0, 1)
  assert.equal(calendarOf('Aetna', all, midnight), calendarOf('Aetna', all, midnight + 23 * HOUR))
  assert.notEqual(
    calendarOf('Aetna', all, midnight),
    calendarOf('Aetna', all, midnight + 240 * HOUR),
  )
})
