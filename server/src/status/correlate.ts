import type { EndpointState, IncidentRecord } from '../model.ts'
import { healthOf } from './health.ts'
import { isCore } from './rollup.ts'

/** What may be a page that was moved rather than a payer that is out. */
function isMinor({ reason }: EndpointState): boolean {
  return reason?.kind === 'http_4xx' || reason?.kind === 'redirect'
}

/** What makes two reports the same outage: payer, capability or type, route, and the class of failure. */
function keyOf({ payer, capability, type, via }: EndpointState): string {
  return `${payer}|${capability ?? type}|${via}`
}

/**
 * What an endpoint's state means for its incident: opened when it is down, kept while it is or nothing is known, resolved
 * when it has recovered or left. Undefined when nothing changes. Pure but for the id, which the caller makes.
 */
export function correlate(
  state: EndpointState,
  open: IncidentRecord | undefined,
  newId: () => string,
): IncidentRecord | undefined {
  const incident = open
    ? { ...open, types: [state.type] } // a reload may have given the endpoint another
    : state.status === 'down' && opened(state, newId())
  if (!incident) return undefined
  const after = advanced(state, incident)
  return JSON.stringify(after) === JSON.stringify(open) ? undefined : after
}

/** An incident whose endpoint has left the catalogue. */
export function closed(incident: IncidentRecord, at: number): IncidentRecord {
  return { ...incident, status: 'resolved', resolvedAt: iso(at) }
}

function opened(state: EndpointState, id: string): IncidentRecord {
  return {
    id,
    key: keyOf(state),
    parent: null,
    scope: 'endpoint',
    payers: [state.payer],
    endpoints: [state.endpoint],
    types: [state.type],
    status: 'investigating',
    severity: isCore(state.capability) && !isMinor(state) ? 'major' : 'minor',
    openedAt: iso(state.since),
    confirmedAt: iso(state.result?.at ?? state.since),
    resolvedAt: null,
    cause: causeOf(state),
    advice: state.advice,
    planned: false,
    acknowledgedBy: null,
    notes: [],
  }
}

function advanced(state: EndpointState, incident: IncidentRecord): IncidentRecord {
  switch (state.status) {
    case 'unknown':
      return state.reason?.kind === 'not_probeable' ? closed(incident, state.since) : incident
    case 'down':
      return isRecovering(state)
        ? { ...incident, status: 'monitoring' }
        : { ...incident, status: stageOf(state), cause: causeOf(state), advice: state.advice }
    case 'operational':
    case 'degraded':
    case 'maintenance':
      return {
        ...incident,
        status: 'resolved',
        resolvedAt: iso(state.result?.at ?? state.since),
        advice: state.advice,
      }
  }
}

/** From the first healthy answer on, until the status follows. */
function isRecovering({ result }: EndpointState): boolean {
  return result !== null && healthOf(result) === 'healthy'
}

/** `identified` once it is known whose doing it is. */
function stageOf({ attribution }: EndpointState): IncidentRecord['status'] {
  return attribution === null || attribution === 'unknown' ? 'investigating' : 'identified'
}

function causeOf({ reason, attribution }: EndpointState): IncidentRecord['cause'] {
  return {
    kind: reason?.kind ?? 'unrecognised',
    codes: [...(reason?.codes ?? [])],
    attribution: attribution ?? 'unknown',
    message: reason?.message ?? 'it does not work',
  }
}

function iso(at: number): string {
  return new Date(at).toISOString()
}
