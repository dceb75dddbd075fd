/** The incident of a certificate that is about to expire: one for each host, however many endpoints it has. */
import type { EndpointState, IncidentRecord } from '../model.ts'
import { iso, resolved, union } from './incident.ts'

const DAY_MS = 86_400_000
/** Days before a certificate expires at which people are told. */
const STEPS = [2, 7, 21] as const

/** What makes two of them the same. */
export function certificateKey(host: string): string {
  return `certificate|${host}`
}

/** How near its end the certificate is that an endpoint showed last, days; undefined when it is not, or none was seen. */
export function expiryStep({ result, skipVerify }: EndpointState): number | undefined {
  const expiresAt = result?.tls?.expiresAt
  if (!result || expiresAt == null || skipVerify) return undefined
  const left = expiresAt - result.at
  return STEPS.find((days) => left <= days * DAY_MS)
}

/** The incident of a host's certificate. */
export function openedCertificate(
  state: EndpointState,
  { id, host }: { id: string; host: string },
): IncidentRecord {
  const at = iso(state.result?.at ?? state.since)
  return {
    id,
    key: certificateKey(host),
    parent: null,
    scope: 'host',
    payers: [],
    endpoints: [],
    types: [],
    status: 'identified',
    severity: 'minor',
    openedAt: at,
    confirmedAt: at,
    resolvedAt: null,
    cause: {
      kind: 'tls_cert',
      codes: [],
      attribution: state.via === 'direct' ? 'payer' : 'intermediary',
      message: '',
    },
    advice: { action: 'proceed' },
    planned: false,
    acknowledgedBy: null,
    notes: [],
  }
}

/** Whether the latest probe shows which certificate is in use. */
function shows({ result }: EndpointState): boolean {
  return result?.tls != null
}

/** What its endpoints saw last means for it: it is over when all that saw a certificate saw one that lasts. */
export function advancedCertificate(
  incident: IncidentRecord,
  members: readonly EndpointState[],
  at: number,
): IncidentRecord {
  const steps = members.flatMap((state) => expiryStep(state) ?? [])
  const asked = members.filter(({ reason }) => reason?.kind !== 'not_probeable')
  const isRenewed = asked.every((state) => state.result === null || shows(state))
  if (asked.length === 0 || (steps.length === 0 && isRenewed && asked.some(shows)))
    return resolved(incident, at)
  if (steps.length === 0) return incident
  const message = `the certificate expires within ${Math.min(...steps)} days`
  return {
    ...incident,
    payers: union(
      incident.payers,
      members.map(({ payer }) => payer),
    ),
    endpoints: union(
      incident.endpoints,
      members.map(({ endpoint }) => endpoint),
    ),
    types: union(
      incident.types,
      members.map(({ type }) => type),
    ),
    cause: { ...incident.cause, message },
  }
}
