/** What probes of many endpoints would tell the store, by a fixed series of numbers that look like chance. */
import type { HistoryRow, TimelineRow } from '@payer-status/server/store'

const CODES: Readonly<Record<number, readonly string[]>> = { 503: ['HTTP:503'] }

/** Numbers in [0, 1), always the same ones. */
export function chance(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

/** The id of an endpoint by its index: ten of each payer. */
export function endpointId(index: number): string {
  return `payer-${Math.floor(index / 10)}/endpoint-${index % 10}`
}

/** One result as a probe of a payer's portal would give it: one in fifty fails. */
export function aResult(
  index: number,
  at: number,
  { random, intervalMs }: { random: () => number; intervalMs: number },
): HistoryRow {
  const isBad = random() < 0.02
  const statusCode = isBad ? 503 : 200
  const firstByteMs = 40 + 400 * random() ** 3
  const transferMs = 8 * random()
  return {
    endpoint: endpointId(index),
    at,
    latencyMs: firstByteMs + transferMs,
    statusCode,
    attempts: 1,
    verdict: isBad ? 'down' : 'up',
    attribution: isBad ? 'payer' : 'none',
    evidence: 'L1',
    codes: CODES[statusCode] ?? [],
    phases: { dnsMs: null, connectMs: null, tlsMs: null, firstByteMs, transferMs },
    failure: isBad ? 'http_5xx' : null,
    intervalMs,
  }
}

/** A change of an endpoint's status. */
export function aChange(index: number, at: number, status: TimelineRow['status']): TimelineRow {
  return { endpoint: endpointId(index), at, status, planned: false }
}
