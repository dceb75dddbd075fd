import type { Verdict } from '@payer-status/protocol'
import type { Health, ProbeResult } from '../model.ts'

/**
 * What each verdict says of the payer. `edge_up` proves the edge only: for an endpoint whose application is what
 * users need, it is inconclusive.
 */
const HEALTH_OF: Readonly<Record<Verdict, Health>> = {
  up: 'healthy',
  application_reject_expected: 'healthy',
  edge_up: 'inconclusive',
  degraded: 'degraded',
  down: 'unhealthy',
  content_mismatch: 'unhealthy',
  maintenance: 'maintenance',
  probe_misconfigured: 'inconclusive',
  unknown: 'inconclusive',
}

/** What a result says of the payer's health. What is the probe's own fault never lowers it. */
export function healthOf({ verdict, attribution, progress }: ProbeResult): Health {
  const health = HEALTH_OF[verdict]
  if (health === 'healthy') return health
  const oursAlone =
    attribution === 'probe' || attribution === 'trading_partner' || progress === 'unsent'
  return oursAlone ? 'inconclusive' : health
}
