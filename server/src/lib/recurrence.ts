/**
 * What comes again and again, by the rules of iCalendar on a clock on the wall.
 *
 *   rule -> periods (day, week, month, year) -> days in them -> local times -> instants
 *
 * Source: RFC 5545 section 3.3.10, without the parts that come more often than daily.
 */
import { DAY_MS, dayOf, instantOf, localOf, MINUTE_MS } from './local-time.ts'
import { dayFilter } from './recurrence-days.ts'
import { type Frequency, type Rule, readRule } from './recurrence-rule.ts'

/** Something that comes again: plain data. */
export type Recurrence = {
  /** As in RFC 5545: `FREQ=WEEKLY;BYDAY=SU`. */
  rrule: string
  /** The day from which it counts, days since 1970-01-01 in local time. */
  startDay: number
  /** When on its days it begins, minutes after midnight. */
  startMinute: number
  timeZone: string
  /** How long it takes, ms, whatever the clock on the wall does; or until which minute after midnight, that day or the next. */
  length: { ms: number } | { untilMinute: number }
  /** Days on which it does not begin, as `startDay`. */
  exceptDays: readonly number[]
}

/** From and to, epoch ms; `endsAt` is exclusive. */
export type Occurrence = { startsAt: number; endsAt: number }

/** No rule is followed further than this. */
const HORIZON_DAYS = 36_525

/**
 * Those that end after `from`, epoch ms, in order, worked out as they are asked for. What begins days after `to` is not
 * looked for.
 * @throws {RangeError} when the rule cannot be read
 */
export function* occurrences(
  recurrence: Recurrence,
  from: number,
  to = Number.POSITIVE_INFINITY,
): Generator<Occurrence> {
  const { timeZone, length, exceptDays } = recurrence
  const longest = 'ms' in length ? length.ms : DAY_MS
  const firstDay = dayOf(localOf(from - longest, timeZone)) - 1
  const lastDay = Number.isFinite(to) ? dayOf(localOf(to, timeZone)) + 1 : to
  for (const day of daysOf(recurrence, firstDay, lastDay)) {
    if (exceptDays.includes(day)) continue
    const occurrence = occurrenceOn(day, recurrence)
    if (occurrence.endsAt > from && occurrence.endsAt > occurrence.startsAt) yield occurrence
  }
}

/** At most `most` of those that end after `from` and begin before `to`, both epoch ms. */
export function occurrencesIn(
  recurrence: Recurrence,
  { from, to, most }: { from: number; to: number; most: number },
): Occurrence[] {
  const found: Occurrence[] = []
  for (const occurrence of occurrences(recurrence, from, to)) {
    if (occurrence.startsAt >= to) break
    found.push(occurrence)
    if (found.length >= most) break
  }
  return found
}

function occurrenceOn(day: number, { startMinute, timeZone, length }: Recurrence): Occurrence {
  const startsAt = instantOf(day * DAY_MS + startMinute * MINUTE_MS, timeZone)
  if ('ms' in length) return { startsAt, endsAt: startsAt + length.ms }
  const endDay = length.untilMinute <= startMinute ? day + 1 : day
  return { startsAt, endsAt: instantOf(endDay * DAY_MS + length.untilMinute * MINUTE_MS, timeZone) }
}

/** The days on which it begins, from `firstDay` on, and not many after `lastDay`. */
function* daysOf(recurrence: Recurrence, firstDay: number, lastDay: number): Generator<number> {
  const rule = readRule(recurrence.rrule)
  if ('mistake' in rule) throw new RangeError(rule.mistake)
  const { startDay } = recurrence
  const skipTo = rule.count === null ? firstDay : startDay // what is counted is counted from the beginning
  let left = rule.count ?? Number.POSITIVE_INFINITY
  const from = Math.max(startDay, skipTo)
  for (const day of matchingDays(rule, startDay, { from, to: lastDay })) {
    if (left-- <= 0 || isPastEnd(rule, day, recurrence)) return
    if (day >= firstDay) yield day
  }
}

function isPastEnd({ until }: Rule, day: number, { startMinute, timeZone }: Recurrence): boolean {
  if (until === null) return false
  const local = day * DAY_MS + startMinute * MINUTE_MS
  return (until.isUtc ? instantOf(local, timeZone) : local) > until.at
}

/** Days that are the rule's, in periods from the one with `from` to the one with `to`. */
function* matchingDays(
  rule: Rule,
  startDay: number,
  { from, to }: { from: number; to: number },
): Generator<number> {
  const fits = dayFilter(rule, startDay)
  const end = Math.min(to, from + HORIZON_DAYS)
  for (const period of periodsOf(rule, startDay, from)) {
    if (period.first > end) return
    for (const day of picked(daysIn(period, fits), rule.setPositions))
      if (day >= startDay) yield day
  }
}

type Period = { first: number; days: number }

/** Periods of the rule's frequency, every `interval` of them, counted from the one with `startDay`; those before `skipTo` left out. */
function* periodsOf(rule: Rule, startDay: number, skipTo: number): Generator<Period> {
  const { frequency, interval, weekStart } = rule
  const from = periodNumber(frequency, startDay, weekStart)
  const wanted = periodNumber(frequency, skipTo, weekStart)
  for (let n = from + Math.floor((wanted - from) / interval) * interval; ; n += interval) {
    const first = firstDayOf(frequency, n, weekStart)
    yield { first, days: firstDayOf(frequency, n + 1, weekStart) - first }
  }
}

function periodNumber(frequency: Frequency, day: number, weekStart: number): number {
  const date = new Date(day * DAY_MS)
  switch (frequency) {
    case 'DAILY':
      return day
    case 'WEEKLY':
      return Math.floor((day - firstDayOf('WEEKLY', 0, weekStart)) / 7)
    case 'MONTHLY':
      return date.getUTCFullYear() * 12 + date.getUTCMonth()
    case 'YEARLY':
      return date.getUTCFullYear()
  }
}

function firstDayOf(frequency: Frequency, n: number, weekStart: number): number {
  switch (frequency) {
    case 'DAILY':
      return n
    case 'WEEKLY':
      return n * 7 + ((weekStart + 3) % 7) - 7 // day 0 was a Thursday
    case 'MONTHLY':
      return Date.UTC(Math.floor(n / 12), n % 12) / DAY_MS
    case 'YEARLY':
      return Date.UTC(n, 0) / DAY_MS
  }
}

function daysIn({ first, days }: Period, fits: (day: number) => boolean): number[] {
  const found: number[] = []
  for (let day = first; day < first + days; day++) if (fits(day)) found.push(day)
  return found
}

/** Of the days of one period those at these places; negative ones count from the end. */
function picked(days: readonly number[], positions: readonly number[]): readonly number[] {
  if (positions.length === 0) return days
  return days.filter((_, i) => positions.includes(i + 1) || positions.includes(i - days.length))
}
