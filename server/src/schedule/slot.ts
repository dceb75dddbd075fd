import type { Share } from './gate.ts'
import type { Obstacle, Waiting } from './places.ts'
import type { Timed } from './timetable.ts'

/** What the scheduler needs to know of an endpoint. */
export type Planned = {
  id: string
  /** Time between probes, ms. */
  interval: number
  /** Least time between two of its probes, ms, whatever asks for them. */
  minGap: number
  /** The budgets it counts against. */
  shares: readonly Share[]
  /** How long ago it was last probed, ms, by whoever did that before. */
  probedAgo?: number | undefined
}

/** What a run gives back: its outcome, and whether the next should come sooner than the interval says. */
export type Run<Outcome> = { outcome: Outcome; recheckIn: number | null }

/** What the scheduler counts. */
export type SchedulerCounts = {
  due: number
  started: number
  /** Due probes that had to wait, by what for. */
  deferred: Record<Obstacle, number>
  /** Grid points that passed while the endpoint was still being probed, beyond the one that was made up for. */
  coalesced: number
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
    /** No longer assigned; what runs may end. */
    isGone: boolean
    running: Promise<Outcome> | undefined
    waiters: { resolve: (outcome: Promise<Outcome>) => void; reject: (error: Error) => void }[]
  }
