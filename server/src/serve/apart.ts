import type { Batch } from './batch.ts'

/** The seat of one who does not stand in step. */
export const APART = -1

/** What is kept of a feed that is not in step. */
export type Apart = {
  /** The position in the log up to which the client has been told. */
  cursor: number
  /** What is on its way, part by part, and which part comes next. */
  sending: Batch | undefined
  next: number
  /** True while it is owed something that it does not take. */
  isLate: boolean
  /** How much had passed by its group when it fell behind. */
  missedFrom: number
  /** When it last took something, and what was unacknowledged then. */
  progressAt: number
  unsent: number
}

/** One who has been told everything up to `cursor`, and is owed nothing yet. */
export function standingAt(cursor: number): Apart {
  return {
    cursor,
    sending: undefined,
    next: 0,
    isLate: false,
    missedFrom: 0,
    progressAt: 0,
    unsent: 0,
  }
}
