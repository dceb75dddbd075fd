/** Times of day at which nothing is done unasked. They are read off the wall: an hour that comes twice is quiet twice. */
import { offsetAt, QUARTER_MS } from './time-zone.ts'

/** One quiet time. It ends the next day when `to` is not after `from`. */
export type QuietHours = {
  /** Minutes after midnight. */
  from: number
  to: number
  /** Days on which it begins, 0 being Sunday. */
  days: readonly number[]
  timeZone: string
}

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000
/** Quiet times that follow each other for longer than this never end: all of them come again within a week. */
const LONGEST_MS = 8 * DAY_MS

/**
 * When none of the quiet times holds any more, epoch ms: `at` itself when none does.
 * Infinity when together they never end.
 */
export function quietEnd(quiet: readonly QuietHours[], at: number): number {
  let end = at
  for (let one = holding(quiet, end); one; one = holding(quiet, end)) {
    end = endOf(one, end)
    if (end - at > LONGEST_MS) return Number.POSITIVE_INFINITY
  }
  return end
}

function holding(quiet: readonly QuietHours[], at: number): QuietHours | undefined {
  return quiet.find((one) => isQuiet(one, at))
}

function isQuiet({ from, to, days, timeZone }: QuietHours, at: number): boolean {
  const { minute, weekday } = wallAt(timeZone, at)
  if (from < to) return days.includes(weekday) && minute >= from && minute < to
  return minute >= from ? days.includes(weekday) : minute < to && days.includes((weekday + 6) % 7)
}

/** When a quiet time that holds at `at` ends for the first time. */
function endOf(quiet: QuietHours, at: number): number {
  const offset = offsetAt(quiet.timeZone, at)
  const { minute, midnight } = wallAt(quiet.timeZone, at)
  const days = quiet.to <= quiet.from && minute >= quiet.from ? 1 : 0
  const end = midnight + days * DAY_MS + quiet.to * MINUTE_MS - offset
  if (offsetAt(quiet.timeZone, end) === offset) return end
  const change = changeAfter(quiet.timeZone, at)
  return isQuiet(quiet, change) ? endOf(quiet, change) : change
}

/** When the zone's offset changes next; it does within a day. */
function changeAfter(timeZone: string, at: number): number {
  const offset = offsetAt(timeZone, at)
  let change = (Math.floor(at / QUARTER_MS) + 1) * QUARTER_MS
  while (offsetAt(timeZone, change) === offset) change += QUARTER_MS
  return change
}

/** What a clock on the wall shows; `midnight` is when its day began, as if local time were UTC. */
function wallAt(
  timeZone: string,
  at: number,
): { minute: number; weekday: number; midnight: number } {
  const local = at + offsetAt(timeZone, at)
  const day = Math.floor(local / DAY_MS)
  const minute = Math.floor((local - day * DAY_MS) / MINUTE_MS)
  return { minute, weekday: (((day + 4) % 7) + 7) % 7, midnight: day * DAY_MS } // day 0 was a Thursday
}
