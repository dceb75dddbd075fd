import type { EndpointState, ProbeResult } from '../model.ts'
import { healthOf } from './health.ts'

/**
 * Whether the endpoint is out beyond doubt and failed again, or gave an answer that counts; undefined when a result says
 * neither: a failure that is unconfirmed, or what is the probe's own fault.
 */
export function courseOf(
  { status }: Pick<EndpointState, 'status'>,
  result: ProbeResult,
): 'failing' | 'answering' | undefined {
  const health = healthOf(result)
  if (health === 'inconclusive') return undefined
  if (health === 'healthy' || health === 'degraded') return 'answering'
  return status === 'down' || status === 'maintenance' ? 'failing' : undefined
}
