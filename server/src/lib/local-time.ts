/** Times as a clock on the wall shows them: ms since 1970 as if local time were UTC. */
import { offsetAt } from './time-zone.ts'

export const MINUTE_MS = 60_000
export const DAY_MS = 86_400_000

/**
 * When a clock on the wall shows `local`, epoch ms. A time that comes twice is the first of the two; one that is left out is
 * read by the offset before the gap. Source: RFC 5545 section 3.3.5.
 */
export function instantOf(local: number, timeZone: string): number {
  const before = offsetAt(timeZone, local - DAY_MS)
  const first = local - before
  if (offsetAt(timeZone, first) === before) return first
  const after = offsetAt(timeZone, local + DAY_MS)
  const second = local - after
  return offsetAt(timeZone, second) === after ? second : first
}

/** What a clock on the wall shows at an instant. */
export function localOf(at: number, timeZone: string): number {
  return at + offsetAt(timeZone, at)
}

/** Days since 1970-01-01 of a local time. */
export function dayOf(local: number): number {
  return Math.floor(local / DAY_MS)
}

const LOCAL = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::(\d\d))?)?$/

/** The local time of `2026-01-04T00:00`, or of midnight for `2026-01-04`; undefined where there is no such date or time. */
export function localTime(text: string): number | undefined {
  const [, date, time = '00:00', seconds = '00'] = LOCAL.exec(text) ?? []
  if (date === undefined) return undefined
  const at = Date.parse(`${date}T${time}:${seconds}Z`)
  return Number.isNaN(at) || !new Date(at).toISOString().startsWith(date) ? undefined : at
}
