import type { Reason, Status } from '@payer-status/protocol'

/** Why an endpoint that works just now is not called operational. */
export const INTERMITTENT: Reason = {
  kind: 'intermittent',
  codes: [],
  message: 'its status changed more than three times within an hour',
}

const SLOW: Reason = {
  kind: 'slow',
  codes: ['slow'],
  message: 'more than one answer in ten takes too long',
}

/**
 * What is shown of a status that results amount to: what changes all the time, and what is slow, is degraded while it
 * works. That it is down or unknown is never covered up.
 */
export function shown(
  settled: { status: Status; reason: Reason | null },
  { intermittent, slow }: { intermittent: boolean; slow: boolean },
): { status: Status; reason: Reason | null } {
  const { status, reason } = settled
  if (status !== 'operational') return { status, reason }
  if (intermittent) return { status: 'degraded', reason: INTERMITTENT }
  return slow ? { status: 'degraded', reason: SLOW } : { status, reason }
}
