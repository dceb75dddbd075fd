/** Results of one endpoint on their way from the tail into what is kept: chunks and figures. */
import type { HistoryRow } from '../model.ts'
import { DAY_MS } from './days.ts'
import type { Chunk, Rollup } from './driver.ts'
import { figuresAt, type Periods, packPeriods, periodOf } from './figures.ts'
import { packChunk } from './rows.ts'
import type { Shapes } from './shapes.ts'

const MINUTE_MS = 60_000
export const FIVE_MINUTES_MS = 5 * MINUTE_MS
export const HOUR_MS = 60 * MINUTE_MS
/** What is packed together begins within this time, so that whoever looks for a time knows how far back to look. */
export const GROUP_MS = { chunk: 2 * HOUR_MS, fiveMinutes: 2 * HOUR_MS, hours: DAY_MS } as const
/** Results in a chunk at most. */
const MAX_ROWS = 20_000

/** Results of one endpoint as chunks: none begins `GROUP_MS.chunk` or more before its last result. */
export function chunksOf(endpoint: number, rows: readonly HistoryRow[], shapes: Shapes): Chunk[] {
  const sorted = rows.toSorted((a, b) => a.at - b.at)
  return cutUp(sorted, GROUP_MS.chunk, ({ at }) => at).map((group) => ({
    endpoint,
    at: group[0]?.at ?? 0,
    rows: group.length,
    packed: packChunk(group, shapes),
  }))
}

/** The figures of results for every five minutes. */
export function fiveMinutesOf(rows: readonly HistoryRow[]): Periods {
  const periods: Periods = new Map()
  for (const row of rows) figuresAt(periods, periodOf(row.at, FIVE_MINUTES_MS)).add(row)
  return periods
}

/** Five-minute figures of one endpoint as rows. */
export function fiveMinuteRollups(endpoint: number, periods: Periods): Rollup[] {
  const sorted = [...periods].sort(([a], [b]) => a - b)
  return cutUp(sorted, GROUP_MS.fiveMinutes, ([at]) => at).map((group) =>
    packPeriods(endpoint, { periods: new Map(group), resolution: FIVE_MINUTES_MS }),
  )
}

/** Hourly figures of one endpoint as rows, one for each day. */
export function hourlyRollups(endpoint: number, fiveMinutes: Periods): Rollup[] {
  const days = new Map<number, Periods>()
  for (const [at, figures] of fiveMinutes) {
    const day = periodOf(at, DAY_MS)
    const hours = days.get(day) ?? new Map()
    days.set(day, hours)
    figuresAt(hours, periodOf(at, HOUR_MS)).merge(figures)
  }
  return [...days.values()].map((periods) =>
    packPeriods(endpoint, { periods, resolution: HOUR_MS }),
  )
}

/** Cuts a sorted list where an item is `longest` or more after the first of its piece, or the piece is full. */
function cutUp<T>(sorted: readonly T[], longest: number, at: (item: T) => number): T[][] {
  const pieces: T[][] = []
  let first = Number.NEGATIVE_INFINITY
  for (const item of sorted) {
    const piece = pieces.at(-1)
    if (piece !== undefined && at(item) - first < longest && piece.length < MAX_ROWS)
      piece.push(item)
    else {
      pieces.push([item])
      first = at(item)
    }
  }
  return pieces
}
