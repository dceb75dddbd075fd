import { isDeepStrictEqual } from 'node:util'
import type { Clock, Random } from '../lib/clock.ts'
import type { Cron } from '../lib/cron.ts'
import { BusyError } from '../lib/errors.ts'
import type { QuietHours } from '../lib/quiet-hours.ts'
import type { Again } from '../ports.ts'
import type { Share } from './gate.ts'
import type { Obstacle, Waiting } from './places.ts'
import type { Roster } from './roster.ts'

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
export type SchedulerDeps<Outcome, Subject> = {
  /** What is to be known of an endpoint. It is asked anew whenever that matters, so that nobody need keep it. */
  planOf: (subject: Subject) => Planned
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

/** More failures in a row than these make no difference. */
const MOST_SETBACKS = 2 ** 16 - 1

/** An endpoint as the scheduler works with it: its row of a roster, and what holds only while it waits or runs. */
export class Slot<Outcome> implements Waiting {
  plan: Planned
  shares: readonly Share[]
  isQueued = false
  /** No longer assigned; what runs may end. */
  isGone = false
  running: Promise<Outcome> | undefined
  readonly waiters: Waiter<Outcome>[] = []
  #roster: Rows
  #row: number

  constructor(roster: Rows, row: number, plan: Planned) {
    this.#roster = roster
    this.#row = row
    this.plan = plan
    this.shares = plan.shares
  }

  get row(): number {
    return this.#row
  }

  moveTo(roster: Rows, row: number): void {
    this.#roster = roster
    this.#row = row
  }

  /** When it is due; while it waits or runs, when it was. */
  get dueAt(): number {
    return this.#roster.dueAt.get(this.#row)
  }

  /** Makes it due, at that one time. */
  set dueAt(at: number) {
    this.#roster.agenda.set(this.#row, at)
  }

  /** The grid point of this probe when it is a regular one, else of the next. */
  get gridPoint(): number {
    return this.#roster.gridPoint.get(this.#row)
  }

  set gridPoint(at: number) {
    this.#roster.gridPoint.set(this.#row, at)
  }

  /** False for a first probe, a recheck, or one that was asked for. */
  get isRegular(): boolean {
    return this.#roster.isRegular.get(this.#row) === 1
  }

  set isRegular(isRegular: boolean) {
    this.#roster.isRegular.set(this.#row, Number(isRegular))
  }

  get startedAt(): number {
    return this.#roster.startedAt.get(this.#row)
  }

  set startedAt(at: number) {
    this.#roster.startedAt.set(this.#row, at)
  }

  /** Failures since it was confirmed to be down. */
  get setbacks(): number {
    return this.#roster.setbacks.get(this.#row)
  }

  set setbacks(count: number) {
    this.#roster.setbacks.set(this.#row, Math.min(count, MOST_SETBACKS))
  }
}

type Rows = Roster<{ id: string }>

/** Someone who asked for a probe. */
type Waiter<Outcome> = {
  resolve: (outcome: Promise<Outcome>) => void
  reject: (error: Error) => void
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

/** The hosts and payers whose budgets these endpoints count against. */
export function namesIn<Subject>(
  subjects: Iterable<Subject>,
  planOf: (subject: Subject) => Planned,
): { host: Set<string>; payer: Set<string> } {
  const names = { host: new Set<string>(), payer: new Set<string>() }
  for (const subject of subjects)
    for (const { of, name } of planOf(subject).shares) names[of].add(name)
  return names
}

export function noCounts(): SchedulerCounts {
  const deferred = { host: 0, payer: 0, host_rate: 0, payer_rate: 0, workers: 0, quiet_hours: 0 }
  return { due: 0, started: 0, deferred, coalesced: 0, retries: { granted: 0, refused: 0 } }
}

/** Tells those who asked for a probe that there will be none. */
export function rejectWaiters(slot: { waiters: Pick<Waiter<unknown>, 'reject'>[] }): void {
  for (const { reject } of slot.waiters.splice(0))
    reject(new BusyError('it is not probed any more', 0))
}
