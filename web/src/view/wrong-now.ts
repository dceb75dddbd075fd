/** The cards of what is wrong now: open incidents, and endpoints in trouble that no incident speaks of. */
import type { Incident, State } from '@payer-status/client'
import type { PayerEntry, Store } from '../store.ts'
import { columnKey, columnLabel } from './columns.ts'
import { count, listed } from './format.ts'
import { maintenanceEnd, rowOf } from './row.ts'
import { isWrong, type RollupStatus, rankOf } from './status.ts'
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
  const { id, cause, payers, endpoints, openedAt, planned } = incident
  const states = endpoints.flatMap((endpoint) => stateOf(store, endpoint) ?? [])
  const worst = states.toSorted((a, b) => rankOf(a.status) - rankOf(b.status))[0]
  const size = endpoints.length > 1 ? [count(endpoints.length, 'endpoint')] : []
  const what = payers.length > 1 ? [listed(labelsOf(incident, states), 3)] : []
  return {
    key: id,
    status:
      worst !== undefined && isWrong(worst.status)
        ? worst.status
        : planned
          ? 'maintenance'
          : 'down',
    title: incidentTitle(store, incident, states),
    sentence: reasonSentence(cause),
    since: Date.parse(openedAt),
    until: null,
    advice: adviceTag(incident.advice, null),
    tags: [
      ...present(doingOf(cause.attribution)),
      ...size,
      ...what,
      ...progressOf(incident),
    ].filter(Boolean),
    payer: payers.length === 1 ? payers[0] : undefined,
  }
}

function incidentTitle(store: Store, incident: Incident, states: readonly State[]): string {
  const names = incident.payers.map(
    (id) => store.entries.get(id)?.payer?.name ?? nameIn(states, id) ?? id,
  )
  const what = names.length > 1 ? [] : labelsOf(incident, states)
  return what.length === 0 ? listed(names) : `${listed(names)} · ${listed(what, 3)}`
}

function labelsOf({ types }: Incident, states: readonly State[]): string[] {
  const columns = [...new Set(states.map(columnKey))].map(columnLabel)
  return columns.length > 0 ? columns : types
}

function progressOf({ status, acknowledgedBy }: Incident): string[] {
  return [
    ...(status === 'monitoring' ? ['recovering'] : []),
    ...(acknowledgedBy ? ['acknowledged'] : []),
  ]
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

function stateOf(store: Store, endpoint: string): State | undefined {
  return store.entries.get(endpoint.slice(0, endpoint.indexOf('/')))?.endpoints.get(endpoint)
}

function nameIn(states: readonly State[], payer: string): string | undefined {
  return states.find((state) => state.payer === payer)?.payerName
}

function present(text: string | null): string[] {
  return text === null ? [] : [text]
}
