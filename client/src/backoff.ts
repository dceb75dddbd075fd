import type { Timing } from './timing.ts'

/** Widest range of the first wait, ms. */
const FIRST_MS = 500
/** No wait is longer, ms. */
export const CAP_MS = 20_000
/** Shortest wait after a close that asks for a backoff, ms. */
export const FLOOR_MS = 1_000

/** What a client does after a close: nothing, come back soon, or back off. */
export type Reconnect = 'never' | 'soon' | 'backoff'

/** Reads a close code as docs/protocol.md says. Codes outside 4000-4299 are treated like 4100. */
export function reconnectAfter(code: number): Reconnect {
  if (code >= 4000 && code < 4100) return 'never'
  return code >= 4200 && code < 4300 ? 'soon' : 'backoff'
}

/**
 * How long to wait before the next attempt, ms: full jitter over a range that doubles from `FIRST_MS`.
 * The jitter comes after the cap, so that clients stay spread when the cap is reached (AWS: exponential backoff and jitter).
 */
export function waitMs(reconnect: Reconnect, attempt: number, timing: Timing): number {
  const floor = reconnect === 'backoff' ? FLOOR_MS : 0
  return floor + timing.random() * Math.min(CAP_MS - floor, FIRST_MS * 2 ** attempt)
}
