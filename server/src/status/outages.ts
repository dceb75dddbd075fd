import type { EndpointState, IncidentRecord, ProbeResult } from '../model.ts'
import { isOpen } from './book.ts'
import type { Place } from './components.ts'
import { familyOf, isDown, needsIncident } from './condition.ts'
import type { Desk } from './desk.ts'
import { healthOf } from './health.ts'
import { advanced, joined, keyOf, opened, reopened } from './incident.ts'

/** Keeps the incidents of single endpoints. */
export class Outages {
  readonly #desk: Desk

  constructor(desk: Desk) {
    this.#desk = desk
  }

  /** Counts the codes of a bad result of an endpoint that has an incident. */
  count(endpoint: string, result: ProbeResult): void {
    const incident = this.#desk.book.ofEndpoint(endpoint)
    const health = healthOf(result)
    if (incident && health !== 'healthy' && health !== 'inconclusive')
      this.#desk.tally.add(incident, result.codes)
  }

  /** Looks at an endpoint that may have changed. True when it is down and was not before. */
  look(endpoint: string): boolean {
    const { book, components, deps } = this.#desk
    const state = deps.stateOf(endpoint)
    const isProbed = state !== undefined && state.reason?.kind !== 'not_probeable'
    const place = isProbed ? this.#placeOf(state) : undefined
    components.place(endpoint, endpoint.slice(0, endpoint.indexOf('/')), place)
    const incident = book.ofEndpoint(endpoint)
    const at = state?.result?.at ?? deps.now()
    if (incident) this.#advance(incident, at)
    else if (state && needsIncident(state)) this.#open(state, at)
    if (state?.paused) components.note(endpoint, undefined)
    if (state === undefined || state.status === 'unknown') return false
    const isCertificate = state.reason?.kind === 'tls_cert'
    return components.note(endpoint, isDown(state) ? state.since : undefined, isCertificate)
  }

  /** Where it is, with the issuer of the certificate that it showed last, in whichever answer that was. */
  #placeOf({ endpoint, result }: EndpointState): Place | undefined {
    const { components, deps } = this.#desk
    const place = deps.whereIs(endpoint)
    const issuer = result?.tls ? result.tls.issuer : components.issuerOf(endpoint)
    return place && { host: place.host, via: place.via, issuer }
  }

  #advance(incident: IncidentRecord, at: number): void {
    const next = advanced(incident, this.#desk.membersOf(incident), at)
    this.#desk.put(this.#desk.tally.told(next))
  }

  #open(state: EndpointState, at: number): void {
    const { tally, deps } = this.#desk
    const known = this.#same(state)
    const incident = known ?? opened(state, deps.newIncidentId())
    for (const sample of state.memory.recent)
      if (sample.health !== 'healthy' && sample.at >= state.since)
        tally.add(incident, sample.reason?.codes ?? [])
    if (known) this.#advance(joined(known, state), at)
    else this.#desk.put(tally.told(incident))
  }

  /** The incident that this trouble belongs to: an open one of the same key, or one that was over too soon. */
  #same(state: EndpointState): IncidentRecord | undefined {
    const { book } = this.#desk
    const key = keyOf(state)
    const open = book.openWith(key).find((incident) => this.#fits(incident, state.endpoint))
    if (open) return open
    const ofKey = book.reopenable(key, state.since)
    const last =
      familyOf(state) === 'intermittent' ? book.lastOf(state.endpoint, state.since) : undefined
    const again = ofKey ?? last
    return again && this.#again(again)
  }

  /** It is opened for what has no other incident by now. */
  #again(incident: IncidentRecord): IncidentRecord {
    const free = (endpoint: string) => this.#desk.book.ofEndpoint(endpoint) === undefined
    return { ...reopened(incident), endpoints: incident.endpoints.filter(free) }
  }

  /** Whether what an incident is part of would explain this endpoint too. */
  #fits({ parent }: IncidentRecord, endpoint: string): boolean {
    const root = parent === null ? undefined : this.#desk.book.get(parent)
    if (root === undefined || !isOpen(root) || root.scope === 'payer') return true
    return this.#desk.components.of(endpoint).includes(root.key)
  }
}
