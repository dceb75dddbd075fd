import type { EndpointState, IncidentRecord } from '../model.ts'
import { IncidentBook } from './book.ts'
import { Components, type Place, type Scope } from './components.ts'
import { isNews, Tally } from './tally.ts'

/** What is needed from around the keeper to keep incidents. */
export type DeskDeps = {
  stateOf: (endpoint: string) => EndpointState | undefined
  /** Where the catalogue has an endpoint. */
  whereIs: (endpoint: string) => Place | undefined
  newIncidentId: () => string
  /** Epoch ms. */
  now: () => number
}

/** What those who keep incidents work on together; what they put down is published when all are done. */
export class Desk {
  readonly deps: DeskDeps
  readonly book = new IncidentBook()
  readonly components = new Components()
  readonly tally = new Tally()
  /** Incidents whose children have changed. */
  readonly dirty = new Set<string>()
  readonly #put = new Map<string, IncidentRecord>()

  constructor(deps: DeskDeps) {
    this.deps = deps
  }

  /** Puts down the next record of an incident, unless it says nothing new. */
  put(incident: IncidentRecord): void {
    if (!isNews(this.book.get(incident.id), incident)) return
    this.book.remember(incident, this.deps.now())
    this.#put.set(incident.id, incident)
    if (incident.parent !== null) this.dirty.add(incident.parent)
  }

  /** The states of the endpoints that an incident names, of those in the catalogue. */
  membersOf({ endpoints }: IncidentRecord): EndpointState[] {
    return endpoints.flatMap((endpoint) => this.deps.stateOf(endpoint) ?? [])
  }

  /** What was put down, the widest first, so that a parent is known before its children. */
  take(): IncidentRecord[] {
    const all = [...this.#put.values()].sort((a, b) => WIDEST[a.scope] - WIDEST[b.scope])
    this.#put.clear()
    return all
  }
}

const WIDEST: Readonly<Record<Scope, number>> = {
  intermediary: 0,
  issuer: 1,
  platform: 2,
  host: 3,
  payer: 4,
  endpoint: 5,
}
