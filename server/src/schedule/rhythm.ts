/** When the next scheduled probe of an endpoint comes: by its grid or its cron, farther off while it is down, never in its quiet hours. */
import type { Random } from '../lib/clock.ts'
import { dueAt, firstDelay, gridPointAfter, nextGridPoint } from './cadence.ts'
import type { Calendar } from './calendar.ts'
import type { Planned, Run, Slot } from './slot.ts'

/** Most times of an expression that are counted as passed; a machine that slept for long need not count them all. */
const MOST_MISSED = 1_000
/** Quiet times in a row that a spread can fall into before it is given up. */
const MOST_SPREADS = 8

type Kept = Pick<Slot<unknown>, 'plan' | 'gridPoint' | 'isRegular' | 'startedAt' | 'setbacks'>

/** The interval of an endpoint that has failed so often since it was confirmed to be down, ms. */
function stretched({ interval, backoff }: Planned, setbacks: number): number {
  if (backoff === undefined || setbacks === 0) return interval
  return Math.min(backoff.cap, interval * backoff.factor ** setbacks)
}

/** The first point at or after `at` of an endpoint's grid, or time of its cron. */
export function pointAfter(plan: Planned, at: number, calendar: Calendar): number {
  return plan.cron === undefined
    ? gridPointAfter(at, plan)
    : calendar.firingAfter(plan.cron, at - 1)
}

/**
 * The point of the next regular probe of an endpoint whose last one has ended. One that passed meanwhile is made up for
 * at once; `missed` counts any before it.
 */
export function nextPoint(
  slot: Kept,
  now: number,
  calendar: Calendar,
): { point: number; missed: number } {
  const { plan, gridPoint, isRegular, startedAt, setbacks } = slot
  const interval = stretched(plan, setbacks)
  const next =
    isRegular || setbacks > 0 ? (isRegular ? gridPoint : startedAt) + interval : gridPoint
  if (plan.cron === undefined) {
    const { gridPoint: point, missed } = nextGridPoint(
      { gridPoint: next, isRegular: false },
      interval,
      now,
    )
    return { point, missed }
  }
  let point = next === gridPoint ? gridPoint : calendar.firingAfter(plan.cron, next - plan.interval)
  let missed = 0
  for (; point <= now && missed < MOST_MISSED; missed++) {
    const later = calendar.firingAfter(plan.cron, point)
    if (later > now) break
    point = later
  }
  return { point, missed }
}

/** When the probe of a point is due. A cron's is due exactly then. */
export function pointDueAt({ interval, cron }: Planned, point: number, random: Random): number {
  return cron === undefined ? dueAt(point, interval, random) : point
}

/** The first time at or after `at` that is not quiet. What had to wait is spread as in a first round of so many endpoints. */
export function openAt(
  plan: Planned,
  at: number,
  { calendar, endpoints }: { calendar: Calendar; endpoints: number },
): number {
  if (plan.quietHours === undefined) return at
  let open = calendar.quietEnd(plan.quietHours, at)
  if (open === at) return at
  for (let i = 0; i < MOST_SPREADS && open < Number.POSITIVE_INFINITY; i++) {
    const spread = open + firstDelay(plan, endpoints)
    const end = calendar.quietEnd(plan.quietHours, spread)
    if (end === spread) return spread
    open = end
  }
  return open
}

/** Notes whether an endpoint is down: the more often it was found so, the rarer it is asked. Once it answers it is back on its grid. */
export function noteCourse(slot: Kept, course: Run<unknown>['course'], calendar: Calendar): void {
  if (course === 'failing' && (slot.isRegular || slot.setbacks === 0)) slot.setbacks++
  if (course !== 'answering' || slot.setbacks === 0) return
  slot.setbacks = 0
  slot.gridPoint = pointAfter(slot.plan, slot.startedAt + slot.plan.interval / 2, calendar)
  slot.isRegular = false
}
