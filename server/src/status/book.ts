/** The incidents of the log that matter now: open ones, and those that may be opened again; found by what asks for them. */
import type { IncidentRecord } from '../model.ts'

/** What comes back this soon is not over yet, ms. */
const REOPEN_WITHIN_MS = 30 * 60_000
/** What is degraded becomes an incident half an hour after it began, and may still belong to one that was resolved before. */
const KEPT_MS = 2 * REOPEN_WITHIN_MS
/** Most resolved incidents that can be opened again; the oldest go first. */
const MAX_RESOLVED = 10_000

const SHARED = /^(?:host|platform|issuer|intermediary|payer)\|/
const OWN = /\|(?:network|application|address|overrun|degraded|intermittent)$/

/** What an incident is about, by its key; undefined for what people announce, which the keeper leaves alone. */
export function aboutOf({
  key,
  scope,
}: Pick<IncidentRecord, 'key' | 'scope'>): 'endpoint' | 'shared' | 'certificate' | undefined {
  if (scope === 'endpoint') return OWN.test(key) ? 'endpoint' : undefined
  if (key.startsWith('certificate|')) return 'certificate'
  return SHARED.test(key) ? 'shared' : undefined
}

export class IncidentBook {
  readonly #incidents = new Map<string, IncidentRecord>()
  /** Open incidents by endpoint: of what is wrong with it, not of its certificate. */
  readonly #byEndpoint = new Map<string, string>()
  /** The incident that an endpoint had last, while it may be opened again. */
  readonly #lastOf = new Map<string, string>()
  readonly #byKey = new Map<string, Set<string>>()
  readonly #children = new Map<string, Set<string>>()
  /** Resolved ones, the first to be forgotten first. */
  readonly #resolved = new Map<string, number>()

  /** How many are open. */
  get open(): number {
    return this.#incidents.size - this.#resolved.size
  }

  get(id: string): IncidentRecord | undefined {
    return this.#incidents.get(id)
  }

  /** The open incident of what is wrong with an endpoint. */
  ofEndpoint(endpoint: string): IncidentRecord | undefined {
    return this.#found(this.#byEndpoint.get(endpoint))
  }

  /** The incident that an endpoint had last, if it was resolved a moment before `at`. */
  lastOf(endpoint: string, at: number): IncidentRecord | undefined {
    const incident = this.#found(this.#lastOf.get(endpoint))
    return incident && isRecent(incident, at) ? incident : undefined
  }

  /** Open incidents with this key. */
  openWith(key: string): IncidentRecord[] {
    return this.#with(key).filter(isOpen)
  }

  /** The latest incident with this key that was resolved a moment before `at`. */
  reopenable(key: string, at: number): IncidentRecord | undefined {
    return this.#with(key).findLast((incident) => isRecent(incident, at))
  }

  /** Its open children. */
  children(id: string): IncidentRecord[] {
    return Array.from(this.#children.get(id) ?? []).flatMap((child) => this.get(child) ?? [])
  }

  childCount(id: string): number {
    return this.#children.get(id)?.size ?? 0
  }

  /** The widest open incident that an incident is part of; itself, when it is part of none. */
  topOf(incident: IncidentRecord): IncidentRecord {
    const parent = this.#found(incident.parent ?? undefined)
    return parent && isOpen(parent) && parent !== incident ? this.topOf(parent) : incident
  }

  /** Takes a record of the log; `at`: now, epoch ms. */
  remember(incident: IncidentRecord, at: number): void {
    this.#forget(incident.id)
    if (!isOpen(incident) && !isRecent(incident, at, KEPT_MS)) return
    const { id } = incident
    this.#incidents.set(id, incident)
    const about = aboutOf(incident)
    if (about !== undefined) add(this.#byKey, incident.key, id)
    if (!isOpen(incident)) this.#resolved.set(id, Date.parse(incident.resolvedAt ?? ''))
    else if (incident.parent !== null) add(this.#children, incident.parent, id)
    if (about !== 'endpoint') return
    const byEndpoint = isOpen(incident) ? this.#byEndpoint : this.#lastOf
    for (const endpoint of incident.endpoints) byEndpoint.set(endpoint, id)
  }

  /** Drops a record that the log no longer has. */
  drop(id: string): void {
    this.#forget(id)
  }

  /** Forgets what can no longer be opened again; `told` hears of each. */
  expire(at: number, told: (id: string) => void): void {
    for (const [id, resolvedAt] of this.#resolved) {
      if (at - resolvedAt <= KEPT_MS && this.#resolved.size <= MAX_RESOLVED) return
      this.#forget(id)
      told(id)
    }
  }

  #found(id: string | undefined): IncidentRecord | undefined {
    return id === undefined ? undefined : this.#incidents.get(id)
  }

  #with(key: string): IncidentRecord[] {
    return Array.from(this.#byKey.get(key) ?? []).flatMap((id) => this.get(id) ?? [])
  }

  #forget(id: string): void {
    const before = this.#incidents.get(id)
    if (before === undefined) return
    this.#incidents.delete(id)
    this.#resolved.delete(id)
    remove(this.#byKey, before.key, id)
    if (before.parent !== null) remove(this.#children, before.parent, id)
    if (aboutOf(before) !== 'endpoint') return
    for (const endpoint of before.endpoints)
      for (const known of [this.#byEndpoint, this.#lastOf])
        if (known.get(endpoint) === id) known.delete(endpoint)
  }
}

/** Whether an incident is not resolved. */
export function isOpen({ status }: IncidentRecord): boolean {
  return status !== 'resolved'
}

function isRecent({ resolvedAt }: IncidentRecord, at: number, within = REOPEN_WITHIN_MS): boolean {
  return resolvedAt !== null && at - Date.parse(resolvedAt) <= within
}

function add(index: Map<string, Set<string>>, key: string, id: string): void {
  index.set(key, (index.get(key) ?? new Set()).add(id))
}

function remove(index: Map<string, Set<string>>, key: string, id: string): void {
  const ids = index.get(key)
  ids?.delete(id)
  if (ids?.size === 0) index.delete(key)
}
