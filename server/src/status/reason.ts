import type { Advice, Reason } from '@payer-status/protocol'
import type { EndpointState, ProbeResult } from '../model.ts'

/** How long to wait before trying a payer again that answers slowly or now and then: 5 minutes. */
const RETRY_AFTER_MS = 300_000

/** Why a result is not plainly healthy; null when it is. */
export function reasonOf(result: ProbeResult): Reason | null {
  const codes = result.codes.slice(0, 8)
  if (result.verdict === 'maintenance')
    return {
      kind: 'maintenance',
      codes,
      message: 'the payer says it is in maintenance; none is announced',
    }
  if (result.failure !== null) return { ...result.failure, codes }
  if (result.verdict === 'degraded')
    return { kind: 'slow', codes, message: 'answers slower than configured' }
  return null
}

/** What a client should do with its work while things are so. */
export function adviceFor(state: Pick<EndpointState, 'verdict' | 'status'>): Advice {
  switch (state.status) {
    case 'down':
    case 'maintenance':
      return { action: 'hold' }
    case 'degraded':
      return { action: 'retry_after', retryAfterMs: RETRY_AFTER_MS }
    case 'unknown':
      return { action: state.verdict === 'probe_misconfigured' ? 'fix_request' : 'proceed' }
    case 'operational':
      return { action: 'proceed' }
  }
}
