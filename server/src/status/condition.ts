import type { FailureKind, ReasonKind } from '@payer-status/protocol'
import type { EndpointState, IncidentRecord } from '../model.ts'
import { isExcused } from './cover.ts'
import { healthOf } from './health.ts'
import { isCore } from './rollup.ts'

/** What is degraded for this long is an incident. */
const POOR_AFTER_MS = 30 * 60_000
/** What flaps and then stays down for this long is simply down. */
const SETTLED_AFTER_MS = 15 * 60_000

/**
 * How an endpoint stands towards its incident. `out`: down. `flapping`: its status changes all the time. `poor`: degraded
 * for half an hour. `mending`: it is down but the latest answer was good, or it is degraded. `silent`: nothing is known, or
 * it is out as was announced. `well`: nothing is wrong, or the payer's own page says that it is in maintenance.
 */
export type Condition = 'out' | 'flapping' | 'poor' | 'mending' | 'silent' | 'well'

/** What never opens an incident, however long it degrades: what is ours, and what only wants to be looked at. */
const NO_INCIDENT: ReadonlySet<ReasonKind> = new Set<FailureKind>([
  'tls_protocol',
  'tls_client_cert',
  'auth',
  'blocked',
  'rate_limited',
  'contract_drift',
  'application_reject',
  'request_rejected',
  'transport_truncated',
  'probe_internal',
  'unrecognised',
])

/** How an endpoint stands now. */
export function conditionOf(state: EndpointState): Condition {
  const { status, reason } = state
  if (status === 'unknown') return reason?.kind === 'not_probeable' ? 'well' : 'silent'
  if (status === 'maintenance') return isExcused(state) ? 'silent' : 'well'
  if (isFlapping(state)) return 'flapping'
  if (status === 'down') return isAnswering(state) ? 'mending' : 'out'
  if (status === 'operational') return 'well'
  return isPoor(state) ? 'poor' : 'mending'
}

/** Whether something is known to be wrong. */
export function isWrong(condition: Condition): boolean {
  return condition !== 'well' && condition !== 'silent'
}

/** Whether an endpoint is down, and not just for now. */
export function isDown(state: EndpointState): boolean {
  return state.status === 'down' && !isFlapping(state)
}

/** Whether what is wrong with an endpoint takes an incident. Nothing does within announced maintenance. */
export function needsIncident(state: EndpointState): boolean {
  if (state.window !== undefined) return false
  const condition = conditionOf(state)
  return state.status === 'down' || condition === 'flapping' || condition === 'poor'
}

function isFlapping(state: EndpointState): boolean {
  if (!state.intermittent || state.status === 'unknown' || state.status === 'maintenance')
    return false
  return state.status !== 'down' || heldFor(state) < SETTLED_AFTER_MS
}

function isPoor(state: EndpointState): boolean {
  const kind = state.reason?.kind
  return heldFor(state) >= POOR_AFTER_MS && (kind === undefined || !NO_INCIDENT.has(kind))
}

function heldFor({ result, since }: EndpointState): number {
  return (result?.at ?? since) - since
}

/** From the first good answer on, until the status follows. */
function isAnswering({ result }: EndpointState): boolean {
  const health = result && healthOf(result)
  return health === 'healthy' || health === 'degraded'
}

/** What makes failures the same outage: how far one gets. */
export type Family = 'network' | 'application' | 'address' | 'overrun' | 'degraded' | 'intermittent'

const FAMILY_OF: Readonly<Partial<Record<ReasonKind, Family>>> = {
  dns: 'network',
  connect: 'network',
  tls_cert: 'network',
  tls_protocol: 'network',
  timeout: 'network',
  transport_truncated: 'network',
  http_4xx: 'address',
  redirect: 'address',
  maintenance_overrun: 'overrun',
}

/** The family of what is wrong with an endpoint. */
export function familyOf(state: EndpointState): Family {
  const condition = conditionOf(state)
  if (condition === 'flapping') return 'intermittent'
  if (state.status === 'degraded') return 'degraded'
  return FAMILY_OF[state.reason?.kind ?? 'unrecognised'] ?? 'application'
}

/**
 * How bad it is for those who need it: what is core is major, but for pages that may have been moved. What is only
 * degraded or changes all the time is minor.
 */
export function severityOf(state: EndpointState): IncidentRecord['severity'] {
  const isOutage = state.status === 'down' && !isFlapping(state)
  const isMoved = familyOf(state) === 'address'
  return isOutage && isCore(state.capability) && !isMoved ? 'major' : 'minor'
}
