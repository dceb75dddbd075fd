/** How long something could be used, out of how long it was watched. Source of the formulas: docs/protocol.md, "Availability". */

/** Minutes per status. `planned`: of `down` and `maintenance`, what lay within an announced window. */
export type StatusMinutes = {
  operational: number
  degraded: number
  down: number
  maintenance: number
  planned: number
}

/** Shares from 0 to 1; null where too little was observed to say. */
export type Availability = {
  coverage: number
  availability: number | null
  netAvailability: number | null
}

/** Below this share of observed time no availability is told. */
const ENOUGH = 0.9
/** Four decimals: 99.99 %. */
const DIGITS = 10_000
/** Less than one millisecond within a year makes of a share, so that only noise of binary fractions is lifted. */
const NOISE = 1e-9

/** A share that is never rounded up: 0.99996 is 0.9999. Zero of nothing is 0. */
export function shareOf(part: number, whole: number): number {
  if (whole <= 0 || part <= 0) return 0
  if (part >= whole) return 1
  return Math.floor((part / whole) * DIGITS + NOISE) / DIGITS
}

/** The availability over `window` minutes, of which `minutes` were observed; the rest is unknown. */
export function availabilityOf(minutes: StatusMinutes, window: number): Availability {
  const { operational, degraded, down, maintenance, planned } = minutes
  const usable = operational + degraded
  const observed = usable + down + maintenance
  const coverage = shareOf(observed, window)
  if (observed <= 0 || observed < ENOUGH * window)
    return { coverage, availability: null, netAvailability: null }
  const owed = observed - planned
  return {
    coverage,
    availability: shareOf(usable, observed),
    netAvailability: owed > 0 ? shareOf(usable, owed) : null,
  }
}

/** The minutes of several days together. */
export function sumOf(days: Iterable<StatusMinutes>): StatusMinutes {
  const sum = { operational: 0, degraded: 0, down: 0, maintenance: 0, planned: 0 }
  for (const day of days) {
    sum.operational += day.operational
    sum.degraded += day.degraded
    sum.down += day.down
    sum.maintenance += day.maintenance
    sum.planned += day.planned
  }
  return sum
}
