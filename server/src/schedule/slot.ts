import { isDeepStrictEqual } from 'node:util'
import type { Clock, Random } from '../lib/clock.ts'
import type { Cron } from '../lib/cron.ts'
import { BusyError } from '../lib/errors.ts'
import type { QuietHours } from '../lib/quiet-hours.ts'
import type { Again } from '../ports.ts'
import type { Share } from './gate.ts'
import type { Obstacle, Waiting } from './places.ts'
import type { Timed } from './timetable.ts'

/** What the scheduler needs to know of an endpoint. */
export type Planned = {
  id: string
  /** Time between probes, ms. */
  interval: number
  /** Times of the wall clock, instead of a grid. */
  cron?: Cron | undefined
  quietHours?: readonly QuietHours[] | undefined
  /** How the interval grows while it is down. */
  backoff?: { factor: number; cap: number } | undefined
  /** Least time between two of its probes, ms, whatever asks for them. */
  minGap: number
  /** The budgets it counts against. */
  shares: readonly Share[]
  /** How long ago it was last probed, ms, by whoever did that before. */
  probedAgo?: number | undefined
}

/** What a run gives back: its outcome, and what it means for the next. */
export type Run<Outcome> = {
  outcome: Outcome
  /** How soon the next should come, ms, when that is sooner than the interval says. */
  recheckIn: number | null
  /** Whether the endpoint is down beyond doubt and failed again, or gave an answer; else it says nothing of that. */
  course?: 'failing' | 'answering' | undefined
}

/** What the scheduler works with. */
export type SchedulerDeps<Outcome> = {
  clock: Clock
  random: Random
  /** Probes at once, all in all. */
  concurrency: number
  /** Probes one endpoint. It must not throw. The scheduler waits for it, so an endpoint never overlaps itself. */
  onDue: (id: string, signal: AbortSignal, again: Again) => Promise<Run<Outcome>>
  /** How late a probe started, ms. */
  onLag: (ms: number) => void
}

/** What the scheduler counts. */
export type SchedulerCounts = {
  due: number
  started: number
  /** Due probes that had to wait, by what for. */
  deferred: Record<Obstacle | 'quiet_hours', number>
  /** Grid points that passed while the endpoint was still being probed, beyond the one that was made up for. */
  coalesced: number
  /** Further attempts of a probe, by whether there were tokens for them. */
  retries: Record<'granted' | 'refused', number>
}

/** An endpoint as the scheduler keeps it. */
export type Slot<Outcome> = Waiting &
  Timed & {
    plan: Planned
    /** The grid point of this probe when it is a regular one, else of the next. */
    gridPoint: number
    /** False for a first probe, a recheck, or one that was asked for. */
    isRegular: boolean
    startedAt: number
    /** Failures since it was confirmed to be down. */
    setbacks: number
    /** No longer assigned; what runs may end. */
    isGone: boolean
    running: Promise<Outcome> | undefined
    waiters: { resolve: (outcome: Promise<Outcome>) => void; reject: (error: Error) => void }[]
  }

/** An endpoint as it is first kept. */
export function newSlot<Outcome>(
  plan: Planned,
  when: Pick<Slot<Outcome>, 'gridPoint' | 'startedAt'>,
): Slot<Outcome> {
  return {
    plan,
    shares: plan.shares,
    ...when,
    isRegular: false,
    dueAt: 0,
    row: -1,
    setbacks: 0,
    running: undefined,
    isQueued: false,
    isGone: false,
    waiters: [],
  }
}

/** Whether two plans mean the same times. */
export function isSameRhythm(a: Planned, b: Planned): boolean {
  const timesOf = ({ interval, cron, quietHours, backoff }: Planned) => [
    interval,
    cron,
    quietHours,
    backoff,
  ]
  return isDeepStrictEqual(timesOf(a), timesOf(b))
}

/** The hosts and payers whose budgets the plans count against. */
export function namesIn(plans: readonly Planned[]): { host: Set<string>; payer: Set<string> } {
  const names = { host: new Set<string>(), payer: new Set<string>() }
  for (const { of, name } of plans.flatMap(({ shares }) => shares)) names[of].add(name)
  return names
}

export function noCounts(): SchedulerCounts {
  const deferred = { host: 0, payer: 0, host_rate: 0, payer_rate: 0, workers: 0, quiet_hours: 0 }
  return { due: 0, started: 0, deferred, coalesced: 0, retries: { granted: 0, refused: 0 } }
}

/** Tells those who asked for a probe that there will be none. */
export function rejectWaiters(slot: { waiters: { reject: (error: Error) => void }[] }): void {
  for (const { reject } of slot.waiters.splice(0))
    reject(new BusyError('it is not probed any more', 0))
}
