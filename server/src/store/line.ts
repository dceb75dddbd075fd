/**
 * The timeline of one endpoint, worked out from what was told of its status and when results came. A stretch without
 * results longer than three intervals is a gap: from the last result on until the next, nothing is known.
 */
import type { Status } from '@payer-status/protocol'
import type { TimelineRow } from '../model.ts'

/** From `at` on this status was told; in a gap it counts as unknown. */
export type Told = { at: number; status: Status; planned: boolean; gap: boolean }

/** What is in memory of an endpoint's timeline. Never changed; every step makes a new one. */
export type Line = {
  /** Oldest first. All there are from `from` on, with the last before it. */
  rows: readonly Told[]
  from: number
  /** The latest result, and how often the endpoint was asked by then. */
  last: number | null
  intervalMs: number
}

/** Nothing known yet. */
export const EMPTY_LINE: Line = { rows: [], from: 0, last: null, intervalMs: 0 }

/** Longer than this many intervals without a result is a gap. */
const GAP_INTERVALS = 3

/** A status was told: it holds from `at` on, whatever was told of later times before. */
export function tell(line: Line, told: Omit<Told, 'gap'>): Line {
  const { at, status, planned } = told
  const gap = inForce(line.rows, at)?.gap ?? false
  const rows = line.rows
    .filter((row) => row.at !== at)
    .map((row) => (row.at < at ? row : changed(row, { status, planned })))
  return { ...line, rows: insert(rows, { at, status, planned, gap }) }
}

/** A result came. */
export function see(line: Line, at: number, intervalMs: number): Line {
  const { last } = line
  if (last === null) return { ...line, last: at, intervalMs }
  if (at === last) return { ...line, intervalMs }
  if (at < last) return seeLate(line, at, intervalMs)
  const isGap = at - last > GAP_INTERVALS * Math.max(intervalMs, line.intervalMs)
  const rows = isGap ? bounded(line.rows, last, at) : line.rows
  const isSettled = !isGap && !hasGapFrom(rows, last)
  return {
    ...line,
    rows: isSettled ? rows : rows.map((row) => marked(row, { isGap, from: last, to: at })),
    last: at,
    intervalMs,
  }
}

/** A result came that is older than the latest: after the clock was set back, or out of order. */
function seeLate(line: Line, at: number, intervalMs: number): Line {
  const before = inForce(line.rows, at)
  if (before === undefined || !before.gap) return line
  const end = line.rows.find((row) => row.at > at)?.at ?? Number.POSITIVE_INFINITY
  const longest = GAP_INTERVALS * intervalMs
  const rows = insert(
    line.rows.filter((row) => row.at !== at),
    { ...before, at },
  ).map((row) => {
    if (row.at < before.at || row.at >= end) return row
    return changed(row, { gap: row.at < at ? at - row.at > longest : end - at > longest })
  })
  return { ...line, rows }
}

/** With the silence from the latest result until `now`, where it is a gap already. */
export function settled(line: Line, now: number): Line {
  const { last, intervalMs, rows } = line
  if (last === null || now - last <= GAP_INTERVALS * intervalMs) return line
  const isGap = rows.every((row) => row.at < last || row.gap) && (inForce(rows, last)?.gap ?? true)
  if (isGap) return line
  const withRow = insertMissing(rows, last)
  return {
    ...line,
    rows: withRow.map((row) => (row.at < last ? row : changed(row, { gap: true }))),
  }
}

/** The row that holds at a time. */
export function inForce(rows: readonly Told[], at: number): Told | undefined {
  return rows.findLast((row) => row.at <= at)
}

/** What came about: rows that are in `after` and were not in `before`. */
export function newRows(before: Line, after: Line): Told[] {
  if (before.rows === after.rows) return []
  const known = new Set(before.rows)
  return after.rows.filter((row) => !known.has(row))
}

/** Without what nobody needs for times from `from` on. */
export function cut(line: Line, from: number): Line {
  if (from <= line.from) return line
  const first = line.rows.findLastIndex((row) => row.at <= from)
  return { ...line, from, rows: first > 0 ? line.rows.slice(first) : line.rows }
}

/** What the rows say to a reader: a gap is unknown, and only changes are rows. */
export function shown(endpoint: string, rows: readonly Told[]): TimelineRow[] {
  const result: TimelineRow[] = []
  for (const { at, gap, ...told } of rows) {
    const status = gap ? 'unknown' : told.status
    const planned = !gap && told.planned
    const before = result.at(-1)
    if (before?.status === status && before.planned === planned) continue
    result.push({ endpoint, at, status, planned })
  }
  return result
}

function insert(rows: readonly Told[], row: Told): Told[] {
  const place = rows.findLastIndex(({ at }) => at <= row.at) + 1
  return rows.toSpliced(place, 0, row)
}

/** With a row at exactly this time, which says what held already. */
function insertMissing(rows: readonly Told[], at: number): readonly Told[] {
  const before = inForce(rows, at)
  if (before?.at === at) return rows
  const told = before ?? { status: 'unknown' as const, planned: false, gap: false }
  return insert(rows, { ...told, at })
}

function bounded(rows: readonly Told[], from: number, to: number): readonly Told[] {
  return insertMissing(insertMissing(rows, from), to)
}

function hasGapFrom(rows: readonly Told[], from: number): boolean {
  return rows.some((row, i) => row.gap && (rows[i + 1]?.at ?? Number.POSITIVE_INFINITY) > from)
}

/** Rows of the stretch are a gap or not; what comes after the latest result is none yet. */
function marked(row: Told, stretch: { isGap: boolean; from: number; to: number }): Told {
  if (row.at < stretch.from) return row
  return changed(row, { gap: stretch.isGap && row.at < stretch.to })
}

function changed(row: Told, to: Partial<Told>): Told {
  const same = Object.entries(to).every(([key, value]) => row[key as keyof Told] === value)
  return same ? row : { ...row, ...to }
}
