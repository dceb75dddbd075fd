/** What may come in: anything else is refused or trimmed, and counted. */
import type { HistoryRow, TimelineRow } from '../model.ts'
import { DAY_MS } from './days.ts'

/** How far ahead of the clock a time may be. */
const MAX_AHEAD_MS = DAY_MS
const MAX_LATENCY_MS = 10 * DAY_MS
const MAX_INTERVAL_MS = 10_000 * DAY_MS
const MAX_CODES = 16
const MAX_CODE_LENGTH = 64

/** What came in and was not kept as it was, since the start. */
export type Refusals = {
  /** Results and status changes with impossible times or latencies: not kept. */
  refused: number
  /** Results of which codes or times of phases were left out. */
  trimmed: number
}

/** The result as it can be kept; null where it cannot. */
export function checkedResult(
  row: HistoryRow,
  { now, counts }: { now: number; counts: Refusals },
): HistoryRow | null {
  const { latencyMs, intervalMs } = row
  const isKept =
    isTime(row.at, now) &&
    isWithin(latencyMs, [0, MAX_LATENCY_MS]) &&
    isWithin(intervalMs, [1, MAX_INTERVAL_MS])
  if (!isKept) {
    counts.refused++
    return null
  }
  const at = Math.floor(row.at)
  const exact = { ...row, at, intervalMs: Math.round(intervalMs) }
  if (isTrim(row)) return exact
  counts.trimmed++
  return trimmed(exact)
}

/** The row as it can be kept; null where it cannot. A time from before history begins is moved to where it begins. */
export function checkedChange(
  row: TimelineRow,
  { now, historyFor, counts }: { now: number; historyFor: number; counts: Refusals },
): TimelineRow | null {
  if (isTime(row.at, now)) return { ...row, at: Math.max(Math.floor(row.at), now - historyFor) }
  counts.refused++
  return null
}

function isTime(at: number, now: number): boolean {
  return isWithin(at, [0, now + MAX_AHEAD_MS])
}

function isWithin(value: number, [min, max]: readonly [number, number]): boolean {
  return value >= min && value <= max
}

function isTrim({ codes, phases }: HistoryRow): boolean {
  return (
    codes.length <= MAX_CODES &&
    codes.every((code) => code.length <= MAX_CODE_LENGTH) &&
    Object.values(phases).every((ms) => ms === null || isPhase(ms))
  )
}

function trimmed(row: HistoryRow): HistoryRow {
  const codes = row.codes.slice(0, MAX_CODES).map((code) => code.slice(0, MAX_CODE_LENGTH))
  const phases = { ...row.phases }
  for (const phase of ['dnsMs', 'connectMs', 'tlsMs', 'firstByteMs', 'transferMs'] as const)
    if (!isPhase(phases[phase])) phases[phase] = null
  if (!isPhase(phases.tokenMs)) delete phases.tokenMs
  return { ...row, codes, phases }
}

function isPhase(ms: number | null | undefined): boolean {
  return typeof ms === 'number' && isWithin(ms, [0, MAX_LATENCY_MS])
}
