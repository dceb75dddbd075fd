/** The log as a run takes it up from the one before. */
import { Board } from '../board/board.ts'
import { BoardEntry } from '../board/entry.ts'
import type { LogEntry } from '../model.ts'
import type { Remembered } from '../ports.ts'

/** Where the log goes on from. */
export type Past = {
  epoch: string
  /** The position of the latest record that may have been seen. */
  rev: number
  /** Whoever stands before this position needs a snapshot. */
  floor: number
  /** What is still there, in `rev` order. */
  entries: readonly LogEntry[]
}

/**
 * What the run before left, or the beginning of a log. After a crash clients may have seen what was not kept, so that
 * whoever comes back needs a snapshot: a resume could not take away from him what is not there any more.
 */
export function pastOf(remembered: Remembered | null, epoch: string): Past {
  if (remembered === null) return { epoch, rev: 0, floor: 0, entries: [] }
  const { clean, entries } = remembered
  const rev = Math.max(0, remembered.rev - 1)
  const here = entries.filter(({ value }) => value !== null).sort((a, b) => a.rev - b.rev)
  const floor = clean ? Math.max(remembered.floor, floorOf(entries)) : rev
  return { epoch: remembered.epoch, rev, floor, entries: here }
}

/** A board on which the past is. */
export function boardOf({ epoch, rev, floor, entries }: Past): Board {
  const copies = entries.map((entry) => BoardEntry.after(undefined, entry))
  return Board.from({ epoch, rev, floor, catalogRev: rev, entries: copies })
}

/** A removal says nothing of what was removed, so that filters cannot find it: who was away then starts anew. */
function floorOf(entries: readonly LogEntry[]): number {
  return entries.reduce((floor, { value, rev }) => (value === null && rev > floor ? rev : floor), 0)
}
