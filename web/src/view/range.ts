/** How far back a chart looks, and how its time is divided. */

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** How far back. */
export type Range = '24h' | '7d' | '30d' | '90d'

/** A range in words, its length and the step of its points. */
export type RangeView = {
  readonly label: string
  readonly words: string
  readonly lengthMs: number
  readonly stepMs: number
  /** The step as the REST API reads it. */
  readonly step: string
}

/** Every range; each has about as many steps as a chart has room for. */
export const RANGES: Readonly<Record<Range, RangeView>> = {
  '24h': { label: '24 h', words: '24 hours', lengthMs: DAY, stepMs: 5 * MINUTE, step: '5m' },
  '7d': { label: '7 d', words: '7 days', lengthMs: 7 * DAY, stepMs: 30 * MINUTE, step: '30m' },
  '30d': { label: '30 d', words: '30 days', lengthMs: 30 * DAY, stepMs: 2 * HOUR, step: '2h' },
  '90d': { label: '90 d', words: '90 days', lengthMs: 90 * DAY, stepMs: 6 * HOUR, step: '6h' },
}

/** Every range, the shortest first. */
export const RANGE_NAMES = Object.keys(RANGES) as readonly Range[]

/** Whether a text names a range. */
export function isRange(text: string): text is Range {
  return Object.hasOwn(RANGES, text)
}

/** The time that a chart shows, epoch ms; it ends with the step that is under way. */
export type Axis = { readonly from: number; readonly to: number; readonly stepMs: number }

/** The axis of a range at this moment. It moves on by whole steps. */
export function axisOf(range: Range, now: number): Axis {
  const { lengthMs, stepMs } = RANGES[range]
  const to = (Math.floor(now / stepMs) + 1) * stepMs
  return { from: to - lengthMs, to, stepMs }
}

/** Where a time lies on an axis that is `width` wide. */
export function xOf(at: number, { from, to }: Axis, width: number): number {
  return ((at - from) / (to - from)) * width
}

/** Hours between two labels, the densest first. */
const TICK_HOURS = [1, 2, 3, 6, 12, 24, 48, 120, 168, 360, 720]

/** The times that get a label: round ones in the reader's zone, at most `most`. */
export function timeTicks(axis: Axis, most: number): number[] {
  const { from, to } = axis
  const span = (to - from) / HOUR
  const hours = TICK_HOURS.find((each) => span / each <= Math.max(1, most)) ?? span
  const at = new Date(from)
  at.setHours(0, 0, 0, 0)
  const ticks: number[] = []
  while (at.getTime() <= to) {
    if (at.getTime() >= from) ticks.push(at.getTime())
    // Wall-clock hours, so that midnight stays midnight when the clocks change.
    at.setHours(at.getHours() + hours)
  }
  return ticks
}
