/**
 * When an endpoint is due. Each has its own grid, `phase + k * interval`, so that ten thousand of them spread evenly over
 * the interval and stay spread; a probe leaves its grid point by a little chance, never by drift.
 */
import { spreadHash } from '../lib/ids.ts'
import type { Random } from '../ports.ts'

/** Two probes of an endpoint are an interval apart, give or take this share; each leaves its grid point by half of it. */
const JITTER = 0.1
/** The first round: 100 ms an endpoint up to 10 s, and 10 ms an endpoint beyond. */
const FIRST_ROUND = { perEndpointMs: 100, atMostMs: 10_000, extraPerEndpointMs: 10 } as const

/** Where in its interval an endpoint is due, in [0, 1); the same on every machine. */
export function phaseOf(id: string): number {
  return spreadHash(id) / 2 ** 32
}

/** Whose grid it is. */
type Gridded = { id: string; interval: number }

/** Delay of an endpoint's very first probe, ms: soon, but spread over the hosts. */
export function firstDelay({ id, interval }: Gridded, endpoints: number): number {
  const { perEndpointMs, atMostMs, extraPerEndpointMs } = FIRST_ROUND
  const round = Math.min(perEndpointMs * endpoints, atMostMs) + extraPerEndpointMs * endpoints
  return phaseOf(`${id} first`) * Math.min(interval, round)
}

/** The first grid point of an endpoint at or after `time`. */
export function gridPointAfter(time: number, { id, interval }: Gridded): number {
  const phase = phaseOf(id) * interval
  return Math.ceil((time - phase) / interval) * interval + phase
}

/**
 * The grid point of the next regular probe. One that passed while its endpoint was still being probed is made up for at
 * once; `missed` counts any before it.
 */
export function nextGridPoint(
  { gridPoint, isRegular }: { gridPoint: number; isRegular: boolean },
  interval: number,
  now: number,
): { gridPoint: number; missed: number } {
  const next = isRegular ? gridPoint + interval : gridPoint
  const missed = Math.max(0, Math.floor((now - next) / interval))
  return { gridPoint: next + missed * interval, missed }
}

/** When the probe of a grid point is due. */
export function dueAt(gridPoint: number, interval: number, random: Random): number {
  return gridPoint + (random() - 0.5) * JITTER * interval
}
