/** An incident in words: who, what, whose doing, how far. */
import type { Incident, State } from '@payer-status/client'
import type { Store } from '../store.ts'
import { payerOf } from './address.ts'
import { columnKey, columnLabel } from './columns.ts'
import { count, listed } from './format.ts'
import { isWrong, type RollupStatus, rankOf } from './status.ts'
import { doingOf } from './words.ts'

/** The worst that its endpoints are now. */
export function incidentStatus(store: Store, { endpoints, planned }: Incident): RollupStatus {
  const worst = statesOf(store, endpoints).toSorted(
    (a, b) => rankOf(a.status) - rankOf(b.status),
  )[0]
  if (worst !== undefined && isWrong(worst.status)) return worst.status
  return planned ? 'maintenance' : 'down'
}

/** Whom it is about and, for a single payer, with what. */
export function incidentTitle(store: Store, incident: Incident): string {
  const states = statesOf(store, incident.endpoints)
  const names = incident.payers.map((id) => payerName(store, id, states))
  const what = names.length > 1 ? [] : labelsOf(incident, states)
  return what.length === 0 ? listed(names) : `${listed(names)} · ${listed(what, 3)}`
}

/** Whose doing it is, how much it touches, and how far it is. */
export function incidentTags(store: Store, incident: Incident): string[] {
  const { cause, endpoints, payers, status, acknowledgedBy } = incident
  const what = labelsOf(incident, statesOf(store, endpoints))
  return [
    ...present(doingOf(cause.attribution)),
    ...(endpoints.length > 1 ? [count(endpoints.length, 'endpoint')] : []),
    ...(payers.length > 1 ? [listed(what, 3)] : []),
    ...(status === 'monitoring' ? ['recovering'] : []),
    ...(acknowledgedBy ? ['acknowledged'] : []),
  ].filter(Boolean)
}

/** What people call a payer. */
export function payerName(store: Store, id: string, states: readonly State[] = []): string {
  const entry = store.entries.get(id)
  const state = states.find(({ payer }) => payer === id) ?? entry?.endpoints.values().next().value
  return entry?.payer?.name ?? state?.payerName ?? id
}

/** What people call an endpoint: its payer and what it is for. */
export function endpointTitle(store: Store, id: string): string {
  const [state] = statesOf(store, [id])
  if (state === undefined) return id
  return `${payerName(store, state.payer, [state])} · ${columnLabel(columnKey(state))}`
}

/** What is known of endpoints, as far as anything is. */
export function statesOf({ entries }: Store, endpoints: readonly string[]): State[] {
  return endpoints.flatMap((id) => entries.get(payerOf(id))?.endpoints.get(id) ?? [])
}

/** A list of what there is. */
export function present(text: string | null): string[] {
  return text === null ? [] : [text]
}

function labelsOf({ types }: Incident, states: readonly State[]): string[] {
  const columns = [...new Set(states.map(columnKey))].map(columnLabel)
  return columns.length > 0 ? columns : types
}
