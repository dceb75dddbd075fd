/** Incidents as a list: open and resolved, the newest first, children folded under their root. */
import type { Incident } from '@payer-status/client'
import type { Store } from '../store.ts'
import { count } from './format.ts'
import { incidentStatus, incidentTags, incidentTitle } from './incident-words.ts'
import type { RollupStatus } from './status.ts'
import { type AdviceTag, adviceTag, reasonSentence } from './words.ts'

/** One incident as a line of the list. */
export type IncidentLine = {
  readonly id: string
  readonly incident: Incident
  /** What its endpoints are while it is open; operational once it is resolved. */
  readonly status: RollupStatus
  readonly title: string
  readonly sentence: string
  /** Epoch ms; `until` is null while it is open. */
  readonly since: number
  readonly until: number | null
  /** What to do; only while it is open. */
  readonly advice: AdviceTag | undefined
  readonly tags: readonly string[]
  /** What it is the root of. */
  readonly children: readonly Incident[]
}

/** All that is known of incidents: what was asked for and what came over the feed, of each its latest version. */
export function latestOf(store: Store, asked: Iterable<Incident>): Incident[] {
  const latest = new Map<string, Incident>()
  for (const one of [...asked, ...store.resolved.values(), ...store.incidents.values()]) {
    const known = latest.get(one.id)
    if (known === undefined || one.rev >= known.rev) latest.set(one.id, one)
  }
  return [...latest.values()]
}

/** The lines of these incidents. A child whose root is not among them stands alone. */
export function linesOf(store: Store, incidents: readonly Incident[]): IncidentLine[] {
  const ids = new Set(incidents.map(({ id }) => id))
  const isRoot = ({ parent }: Incident) => parent === null || !ids.has(parent)
  const children = Map.groupBy(incidents, ({ parent }) => parent)
  return incidents
    .filter(isRoot)
    .map((incident) => lineOf(store, incident, children.get(incident.id) ?? []))
    .sort((a, b) => b.since - a.since || (a.id < b.id ? 1 : -1))
}

function lineOf(store: Store, incident: Incident, children: readonly Incident[]): IncidentLine {
  const { id, cause, openedAt, resolvedAt } = incident
  const isOpen = incident.status !== 'resolved'
  return {
    id,
    incident,
    status: isOpen ? incidentStatus(store, incident) : 'operational',
    title: incidentTitle(store, incident),
    sentence: reasonSentence(cause),
    since: Date.parse(openedAt),
    until: isOpen ? null : Date.parse(resolvedAt ?? openedAt),
    advice: isOpen ? adviceTag(incident.advice, null) : undefined,
    tags: [
      incident.severity,
      ...incidentTags(store, incident),
      ...(incident.planned ? ['planned'] : []),
      ...scopeTag(incident),
    ],
    children,
  }
}

const SCOPES: Readonly<Record<Incident['scope'], string | null>> = {
  endpoint: null,
  payer: 'one payer',
  host: 'one host',
  platform: 'one platform',
  issuer: 'certificates of one issuer',
  intermediary: 'one intermediary',
}

/** What the endpoints of a shared incident have in common. */
function scopeTag({ scope, endpoints }: Incident): string[] {
  const common = SCOPES[scope] ?? null
  return common === null || endpoints.length < 2 ? [] : [`on ${common}`]
}

/** The size of what is folded under a root. */
export function childrenText(children: readonly Incident[]): string {
  return count(children.length, 'incident')
}
