import type { PayerEntry } from '../config/config.ts'
import type { EndpointState, IncidentRecord, LogEntry, LogRecord } from '../model.ts'
import { closed, correlate } from './correlate.ts'
import { rollUp } from './rollup.ts'

type KeeperDeps = {
  /** The payers of the catalogue, by id. */
  payer: (id: string) => PayerEntry | undefined
  endpointsOf: (payer: string) => Iterable<EndpointState>
  stateOf: (endpoint: string) => EndpointState | undefined
  publish: (record: LogRecord) => void
  newIncidentId: () => string
  now: () => number
  /** Runs `flush` once whatever runs now has ended: a burst of changes, or the log told from its beginning. */
  defer: (flush: () => void) => void
}

/** Keeps what is true across endpoints: roll-ups of payers and incidents. Once per deployment; all it knows comes from the log. */
export class Keeper {
  readonly #deps: KeeperDeps
  /** Open incidents by endpoint. */
  readonly #open = new Map<string, IncidentRecord>()
  readonly #rollups = new Map<string, string>()
  readonly #dirty = new Set<string>()
  readonly #changed = new Set<string>()

  constructor(deps: KeeperDeps) {
    this.#deps = deps
  }

  /** Open incidents now. */
  get openIncidents(): number {
    return this.#open.size
  }

  /** Follows the log; publishes what follows from it. */
  onEntry(entry: LogEntry): void {
    if (entry.kind === 'incident') this.#remember(entry.value)
    if (entry.kind === 'payer' && entry.value !== null)
      this.#rollups.set(entry.id, JSON.stringify(entry.value)) // also one of the run before
    if (entry.kind !== 'endpoint') return
    this.#later()
    this.#changed.add(entry.id)
    if (entry.statusRev === entry.rev) this.markDirty(entry.id.split('/')[0] ?? '')
  }

  /** Makes a payer's roll-up be worked out again, as after its names changed. */
  markDirty(payer: string): void {
    this.#later()
    this.#dirty.add(payer)
  }

  #later(): void {
    if (this.#dirty.size === 0 && this.#changed.size === 0) this.#deps.defer(() => this.#flush())
  }

  #correlate(endpoint: string): void {
    const state = this.#deps.stateOf(endpoint)
    if (state === undefined) this.#onRemoved(endpoint)
    else this.#onState(state)
  }

  #onState(state: EndpointState): void {
    const incident = correlate(state, this.#open.get(state.endpoint), this.#deps.newIncidentId)
    if (incident) this.#deps.publish({ kind: 'incident', id: incident.id, value: incident })
  }

  #onRemoved(endpoint: string): void {
    const incident = this.#open.get(endpoint)
    if (incident === undefined) return
    const value = closed(incident, this.#deps.now())
    this.#deps.publish({ kind: 'incident', id: incident.id, value })
  }

  #remember(incident: IncidentRecord | null): void {
    for (const endpoint of incident?.endpoints ?? []) {
      if (incident === null || incident.status === 'resolved') this.#open.delete(endpoint)
      else this.#open.set(endpoint, incident)
    }
  }

  #flush(): void {
    const [changed, dirty] = [[...this.#changed], [...this.#dirty]]
    this.#changed.clear()
    this.#dirty.clear()
    for (const id of changed) this.#correlate(id)
    for (const id of dirty) this.#rollUp(id)
  }

  #rollUp(id: string): void {
    const entry = this.#deps.payer(id)
    if (entry === undefined) {
      if (this.#rollups.delete(id)) this.#deps.publish({ kind: 'payer', id, value: null })
      return
    }
    const value = rollUp(entry, this.#deps.endpointsOf(id))
    const text = JSON.stringify(value)
    if (this.#rollups.get(id) === text) return
    this.#rollups.set(id, text)
    this.#deps.publish({ kind: 'payer', id, value })
  }
}
