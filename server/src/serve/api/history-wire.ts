/** What history keeps, as clients see it. */
import { shareOf } from '../../lib/availability.ts'
import type { HistoryRow, LatencyStep, TimelineRow } from '../../model.ts'
import type { Span } from '../../ports.ts'
import type { PastLatency, PastResult, PastStep, StatusChange } from './history-shapes.ts'

/** A result of the past. */
export function pastResult(row: HistoryRow): PastResult {
  const { latencyMs, statusCode, attempts, verdict, attribution, evidence, codes, phases } = row
  return {
    at: iso(row.at),
    latencyMs: round(latencyMs),
    statusCode,
    attempts,
    verdict,
    attribution,
    evidence,
    codes: [...codes],
    phases: {
      dnsMs: roundOrNull(phases.dnsMs),
      connectMs: roundOrNull(phases.connectMs),
      tlsMs: roundOrNull(phases.tlsMs),
      firstByteMs: roundOrNull(phases.firstByteMs),
      transferMs: roundOrNull(phases.transferMs),
      ...(phases.tokenMs === undefined ? {} : { tokenMs: round(phases.tokenMs) }),
    },
    failure: row.failure === null ? null : { kind: row.failure },
  }
}

/** Latencies over a stretch of time. */
export function pastLatency(
  asked: Span & { endpoint: string; stepMs: number },
  steps: readonly LatencyStep[],
): PastLatency {
  const { endpoint, from, to, stepMs } = asked
  return { endpoint, from: iso(from), to: iso(to), stepMs, steps: steps.map(pastStep) }
}

/** A change of status. */
export function statusChange({ at, status, planned }: TimelineRow): StatusChange {
  return { at: iso(at), status, planned }
}

function pastStep({ at, count, failures, ...percentiles }: LatencyStep): PastStep {
  return {
    at: iso(at),
    count,
    failures,
    availability: shareOf(count - failures, count),
    p50Ms: roundOrNull(percentiles.p50Ms),
    p90Ms: roundOrNull(percentiles.p90Ms),
    p95Ms: roundOrNull(percentiles.p95Ms),
    p99Ms: roundOrNull(percentiles.p99Ms),
  }
}

function iso(at: number): string {
  return new Date(at).toISOString()
}

function round(ms: number): number {
  return Math.round(ms * 10) / 10
}

function roundOrNull(ms: number | null): number | null {
  return ms === null ? null : round(ms)
}
