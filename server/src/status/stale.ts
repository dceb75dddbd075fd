import type { Reason, Status } from '@payer-status/protocol'
import type { Endpoint } from '../config/config.ts'

/** An endpoint without a conclusive result for this long, and for three intervals, is unknown. */
const STALE_MS = 15 * 60_000

/** Why it is unknown. */
export const STALE: Reason = {
  kind: 'stale',
  codes: [],
  message: 'nothing conclusive was seen lately',
}

/** How long a conclusive result holds, ms. What is out is asked less often where it backs off. */
export function staleAfter({ interval, backoff }: Endpoint, status: Status): number {
  const isOut = status === 'down' || status === 'maintenance'
  return Math.max(3 * (isOut && backoff ? backoff.cap : interval), STALE_MS)
}
