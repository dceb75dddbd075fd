/**
 * Announced maintenance as a calendar. Every window is an event of its own, in UTC: so no program that reads it has to know
 * our rules or time zones, and clocks that change cannot be read in two ways. Source: RFC 5545, RFC 7986.
 */
import type { Plan } from '../config/config.ts'
import { DAY_MS } from '../lib/local-time.ts'
import { type Occurrence, occurrencesIn } from '../lib/recurrence.ts'

/** One announcement: when it was last changed, epoch ms, and whether it was withdrawn then, or was over and forgotten. */
export type Announced = { plan: Plan; at: number; isWithdrawn: boolean }

/** How far windows are told back and ahead, and at most how many. */
const BACK_MS = 30 * DAY_MS
const AHEAD_MS = 400 * DAY_MS
export const MOST_EVENTS = 2_000

/** The calendar of the payer of this name. `now` is epoch ms; within one UTC day the same is written of the same. */
export function calendarOf(name: string, announced: readonly Announced[], now: number): string {
  const midnight = Math.floor(now / DAY_MS) * DAY_MS
  const most = Math.max(1, Math.floor(MOST_EVENTS / Math.max(1, announced.length)))
  const events = announced
    .slice(0, MOST_EVENTS)
    .flatMap((one) => windowsOf(one.plan, midnight, most).map((window) => ({ ...one, window })))
    .sort((a, b) => a.window.startsAt - b.window.startsAt || (a.plan.id < b.plan.id ? -1 : 1))
  const title = `${name}: maintenance`
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Payer Status//Maintenance//EN',
    'CALSCALE:GREGORIAN',
    `NAME:${escaped(title)}`,
    `X-WR-CALNAME:${escaped(title)}`,
    'REFRESH-INTERVAL;VALUE=DURATION:PT1H',
    'X-PUBLISHED-TTL:PT1H',
    ...(events.length === 0 ? NOTHING : events.flatMap((event) => eventOf(event, title))),
    'END:VCALENDAR',
  ]
  return lines.map((line) => `${folded(line)}\r\n`).join('')
}

/** RFC 5545 section 3.6 wants one component at least: without events, UTC as it is. */
const NOTHING = [
  'BEGIN:VTIMEZONE',
  'TZID:Etc/UTC',
  'BEGIN:STANDARD',
  'DTSTART:19700101T000000',
  'TZOFFSETFROM:+0000',
  'TZOFFSETTO:+0000',
  'TZNAME:UTC',
  'END:STANDARD',
  'END:VTIMEZONE',
]

/** Plans are plain data that is never changed, so what follows from one on one day is worked out once. */
const known = new WeakMap<Plan, { midnight: number; most: number; windows: Occurrence[] }>()

function windowsOf(plan: Plan, midnight: number, most: number): Occurrence[] {
  const before = known.get(plan)
  if (before?.midnight === midnight && before.most === most) return before.windows
  const [from, to] = [midnight - BACK_MS, midnight + AHEAD_MS]
  const { times } = plan
  const once = 'endsAt' in times ? [times] : undefined
  const windows =
    once?.filter(({ startsAt, endsAt }) => endsAt > from && startsAt < to) ??
    occurrencesIn(times as Exclude<typeof times, Occurrence>, { from, to, most })
  known.set(plan, { midnight, most, windows })
  return windows
}

/** Seconds from here count changes, so that numbers grow, fit 31 bits until 2088, and need no memory. */
const SEQUENCE_FROM_MS = Date.UTC(2020, 0, 1)

function eventOf(
  { plan, at, isWithdrawn, window }: Announced & { window: Occurrence },
  title: string,
): string[] {
  const { id, types, sourceUrl } = plan
  const start = stamp(window.startsAt)
  const concerned = types.length === 0 ? '' : ` (${types.join(', ')})`
  return [
    'BEGIN:VEVENT',
    `UID:${id}-${start}@payer-status`,
    `DTSTAMP:${stamp(at)}`,
    `LAST-MODIFIED:${stamp(at)}`,
    `SEQUENCE:${Math.max(0, Math.floor((at - SEQUENCE_FROM_MS) / 1_000))}`,
    `DTSTART:${start}`,
    `DTEND:${stamp(window.endsAt)}`,
    `SUMMARY:${escaped(`${title}${concerned}`)}`,
    `DESCRIPTION:${escaped(descriptionOf(plan))}`,
    ...(sourceUrl === null ? [] : [`URL:${sourceUrl}`]),
    `STATUS:${isWithdrawn && window.endsAt > at ? 'CANCELLED' : 'CONFIRMED'}`,
    'TRANSP:TRANSPARENT',
    'END:VEVENT',
  ]
}

const KINDS = {
  routine: 'Routine maintenance.',
  non_routine: 'Maintenance beside the usual schedule.',
  unscheduled: 'Maintenance announced when it had begun.',
} as const satisfies Record<Plan['kind'], string>

function descriptionOf({ kind, via, times, timeZone }: Plan): string {
  return [
    KINDS[kind],
    ...(via === null ? [] : [`Route: ${via}.`]),
    ...('rrule' in times ? [`Rule: ${times.rrule} (${timeZone}).`] : []),
  ].join('\n')
}

/** `20260104T050000Z`. */
function stamp(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`
}

/** Section 3.3.11. What no line may hold is left out. */
function escaped(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?|[\u0085\u2028\u2029]/g, '\n')
    .replace(/[\p{Cc}--\n]/gv, '')
    .replace(/[\\;,]/g, '\\$&')
    .replaceAll('\n', '\\n')
}

/** Section 3.1. */
const MOST_OCTETS = 75

/** Lines of at most so many octets, and no character cut in two. */
function folded(line: string): string {
  if (Buffer.byteLength(line) <= MOST_OCTETS) return line
  let text = ''
  let room = MOST_OCTETS
  for (const character of line) {
    const octets = Buffer.byteLength(character)
    if (octets > room) {
      text += '\r\n '
      room = MOST_OCTETS - 1
    }
    text += character
    room -= octets
  }
  return text
}
