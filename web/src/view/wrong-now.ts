/** The cards of what is wrong now: open incidents, and endpoints in trouble that no incident speaks of. */
import type { Incident, State } from '@payer-status/client'
import type { PayerEntry, Store } from '../store.ts'
import { columnKey, columnLabel } from './columns.ts'
import { count, listed } from './format.ts'
import { incidentStatus, incidentTags, incidentTitle, present } from './incident-words.ts'
import { rowOf } from './row.ts'
import { isWrong, type RollupStatus, rankOf } from './status.ts'
import { maintenanceEnd } from './windows.ts'
import { type AdviceTag, adviceTag, doingOf, reasonSentence } from './words.ts'

/** One thing that is wrong. */
export type Card = {
  readonly key: string
  readonly status: RollupStatus
  readonly title: string
  readonly sentence: string
  /** Epoch ms. */
  readonly since: number
  /** When announced maintenance ends, epoch ms. */
  readonly until: number | null
  readonly advice: AdviceTag | undefined
  /** Whose doing, and what else there is to say. */
  readonly tags: readonly string[]
  /** Whom a click opens. */
  readonly payer: string | undefined
  /** The incident that it is. */
  readonly incident?: string
}

/** The cards, the worst first, among equals the newest. */
export function cardsOf(store: Store): Card[] {
  const incidents = [...store.incidents.values()]
  const covered = new Set(incidents.flatMap(({ endpoints }) => endpoints))
  const tops = incidents.filter(({ parent }) => parent === null || !store.incidents.has(parent))
  const others = [...store.entries.values()].flatMap((entry) => entryCards(entry, covered))
  return [...tops.map((incident) => incidentCard(store, incident)), ...others].sort(
    (a, b) =>
      rankOf(a.status) - rankOf(b.status) || b.since - a.since || a.key.localeCompare(b.key),
  )
}

function incidentCard(store: Store, incident: Incident): Card {
  const { id, cause, payers, openedAt } = incident
  return {
    key: id,
    status: incidentStatus(store, incident),
    title: incidentTitle(store, incident),
    sentence: reasonSentence(cause),
    since: Date.parse(openedAt),
    until: null,
    advice: adviceTag(incident.advice, null),
    tags: incidentTags(store, incident),
    payer: payers.length === 1 ? payers[0] : undefined,
    incident: id,
  }
}

/** Endpoints of one payer with the same trouble share a card. */
function entryCards(entry: PayerEntry, covered: ReadonlySet<string>): Card[] {
  const { endpoints, wrong } = rowOf(entry)
  if (wrong === 0) return []
  const loose = endpoints.filter(
    ({ status, endpoint }) => isWrong(status) && !covered.has(endpoint),
  )
  const groups = Map.groupBy(loose, ({ status, reason }) => `${status} ${reason?.kind ?? ''}`)
  return [...groups].map(([key, states]) => groupCard(entry, key, states))
}

function groupCard(entry: PayerEntry, key: string, states: readonly State[]): Card {
  const { name, windows } = rowOf(entry)
  const [first] = states as [State]
  const until = maintenanceEnd(first, windows)
  const columns = [...new Set(states.map(columnKey))].map(columnLabel)
  const size = states.length > 1 ? [count(states.length, 'endpoint')] : []
  const route = states.length === 1 && first.via !== 'direct' ? [`via ${first.via}`] : []
  return {
    key: `${entry.id} ${key}`,
    status: first.status,
    title: `${name} · ${listed(columns, 3)}`,
    sentence: first.reason === null ? fallback(first.status) : reasonSentence(first.reason),
    since: Math.min(...states.map(({ since }) => Date.parse(since))),
    until,
    advice: adviceTag(first.advice, until),
    tags: [...present(doingOf(first.attribution)), ...size, ...route],
    payer: entry.id,
  }
}

function fallback(status: RollupStatus): string {
  if (status === 'maintenance') return 'The far side says that it is under maintenance.'
  return status === 'degraded'
    ? 'It answers, but not as it should.'
    : 'It does not answer as it should.'
}
