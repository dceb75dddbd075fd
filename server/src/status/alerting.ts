import type { IncidentRecord } from '../model.ts'

/** What is known around an incident. */
export type Around = {
  /** An incident by its id; undefined when it is forgotten. */
  incident: (id: string) => IncidentRecord | undefined
  /** Whether people do not want to be alerted of an endpoint now. */
  isSilenced: (endpoint: string) => boolean
}

/**
 * Whether people are to be alerted of an incident: not of what an open one of what it shares explains, of what was planned,
 * of what someone has taken over, or where all of its endpoints are silenced. It says nothing of monitoring or of when an
 * incident is over: those go on.
 */
export function isAlerting(incident: IncidentRecord, around: Around): boolean {
  const { parent, planned, acknowledgedBy, endpoints, status } = incident
  if (status === 'resolved' || planned || acknowledgedBy !== null) return false
  if (parent !== null && isOpen(around.incident(parent))) return false
  return endpoints.length === 0 || endpoints.some((endpoint) => !around.isSilenced(endpoint))
}

function isOpen(incident: IncidentRecord | undefined): boolean {
  return incident !== undefined && incident.status !== 'resolved'
}
