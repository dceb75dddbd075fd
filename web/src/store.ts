/**
 * What the board knows: every change folded into maps, by payer. A payer's entry is replaced when something of it
 * changes and kept otherwise, so that what is derived from it can be remembered by its identity.
 */
import type { Change, Incident, Payer, State, Window } from '@payer-status/client'

/** All that is known of one payer. */
export type PayerEntry = {
  readonly id: string
  /** Its roll-up; null until it has come. */
  readonly payer: Payer | null
  readonly endpoints: ReadonlyMap<string, State>
  /** Maintenance that is under way or ahead. */
  readonly windows: ReadonlyMap<string, Window>
}

/** All that is known. */
export type Store = {
  /** Whether a snapshot has come. */
  readonly isFilled: boolean
  readonly entries: ReadonlyMap<string, PayerEntry>
  /** Open incidents only. */
  readonly incidents: ReadonlyMap<string, Incident>
  /** The latest that were resolved while this page was open. */
  readonly resolved: ReadonlyMap<string, Incident>
}

/** Most resolved incidents that are remembered. */
const MOST_RESOLVED = 200

/** What is known before anything has come. */
export const emptyStore: Store = {
  isFilled: false,
  entries: new Map(),
  incidents: new Map(),
  resolved: new Map(),
}

/** Folds one change into what was known. Pure. */
export function fold(before: Store, change: Change): Store {
  const base = change.kind === 'snapshot' ? emptyStore : before
  return {
    isFilled: true,
    entries: foldEntries(base.entries, change),
    incidents: foldIncidents(base.incidents, change.incidents),
    resolved: foldResolved(base.resolved, change.incidents),
  }
}

type Draft = { -readonly [K in keyof PayerEntry]: PayerEntry[K] } & {
  endpoints: Map<string, State>
  windows: Map<string, Window>
}

function foldEntries(before: Store['entries'], change: Change): Store['entries'] {
  const drafts = new Map<string, Draft>()
  const draft = (id: string): Draft => {
    const known = drafts.get(id) ?? draftOf(id, before.get(id))
    drafts.set(id, known)
    return known
  }
  for (const payer of change.payers) draft(payer.payer).payer = payer
  for (const state of change.endpoints) draft(state.payer).endpoints.set(state.endpoint, state)
  for (const window of change.maintenance) keepWindow(draft(window.payer).windows, window)
  for (const id of change.removed.payers) draft(id).payer = null
  for (const id of change.removed.endpoints) draft(payerOf(id)).endpoints.delete(id)
  return drafts.size === 0 ? before : merged(before, drafts)
}

function draftOf(id: string, entry: PayerEntry | undefined): Draft {
  return {
    id,
    payer: entry?.payer ?? null,
    endpoints: new Map(entry?.endpoints),
    windows: new Map(entry?.windows),
  }
}

function merged(before: Store['entries'], drafts: ReadonlyMap<string, Draft>): Store['entries'] {
  const entries = new Map(before)
  for (const [id, draft] of drafts) {
    if (draft.payer === null && draft.endpoints.size === 0) entries.delete(id)
    else entries.set(id, draft)
  }
  return entries
}

function keepWindow(windows: Map<string, Window>, window: Window): void {
  if (window.state === 'completed') windows.delete(window.id)
  else windows.set(window.id, window)
}

function foldIncidents(
  before: Store['incidents'],
  changed: readonly Incident[],
): Store['incidents'] {
  if (changed.length === 0) return before
  const incidents = new Map(before)
  for (const incident of changed) {
    if (incident.status === 'resolved') incidents.delete(incident.id)
    else incidents.set(incident.id, incident)
  }
  return incidents
}

function foldResolved(before: Store['resolved'], changed: readonly Incident[]): Store['resolved'] {
  if (changed.length === 0) return before
  const resolved = new Map(before)
  for (const incident of changed) {
    resolved.delete(incident.id)
    if (incident.status === 'resolved') resolved.set(incident.id, incident)
  }
  return new Map([...resolved].slice(-MOST_RESOLVED))
}

/** An endpoint's id is `payer/name`. */
function payerOf(endpoint: string): string {
  return endpoint.slice(0, Math.max(0, endpoint.indexOf('/')))
}
