/** What people write into incidents. Pure; each record is made from the latest one, so that nothing is lost beside the keeper's. */
import type { IncidentRecord } from '../model.ts'
import type { Actions, Refused } from '../ports.ts'

/** Most notes of an incident. */
export const MAX_NOTES = 1_000
/** Most text of all notes of an incident, bytes: every change of it sends all of them to every subscriber. */
const MAX_NOTE_BYTES = 65_536

type Said = { by: string; at: number }

/** An incident that a person announces: it has no endpoints of its own, so that no result opens or ends it. */
export function announced(
  { payers, types, severity, advice, text }: Actions['announce'],
  { by, at, id }: Said & { id: string },
): IncidentRecord {
  const now = new Date(at).toISOString()
  return {
    id,
    key: `manual|${id}`,
    parent: null,
    scope: 'payer',
    payers,
    endpoints: [],
    types,
    status: 'identified',
    severity,
    openedAt: now,
    confirmedAt: now,
    resolvedAt: null,
    cause: { kind: 'announced', codes: [], attribution: 'unknown', message: text },
    advice,
    planned: false,
    acknowledgedBy: by,
    notes: [],
  }
}

/** Whether a person announced it. */
export function isAnnounced({ key }: Pick<IncidentRecord, 'key'>): boolean {
  return key.startsWith('manual|')
}

/** The incident with one more note. */
export function noted(
  incident: IncidentRecord,
  { by, at, text }: Said & { text: string },
): IncidentRecord | Refused {
  const { notes } = incident
  if (notes.length >= MAX_NOTES) return 'too_many_notes'
  const bytes = notes.reduce((sum, note) => sum + Buffer.byteLength(note.text), 0)
  if (bytes + Buffer.byteLength(text) > MAX_NOTE_BYTES) return 'too_much_text'
  return { ...incident, notes: [...notes, { at: new Date(at).toISOString(), by, text }] }
}

/** The incident that somebody has taken up. */
export function acknowledged(
  incident: IncidentRecord,
  { by }: Pick<Said, 'by'>,
): IncidentRecord | Refused {
  if (incident.status === 'resolved') return 'already_resolved'
  return { ...incident, acknowledgedBy: by }
}

/** The announced incident, over. The others end by what is seen. */
export function resolved(
  incident: IncidentRecord,
  { at }: Pick<Said, 'at'>,
): IncidentRecord | Refused {
  if (!isAnnounced(incident)) return 'not_announced'
  if (incident.status === 'resolved') return 'already_resolved'
  return {
    ...incident,
    status: 'resolved',
    resolvedAt: new Date(at).toISOString(),
    advice: { action: 'proceed' },
  }
}
