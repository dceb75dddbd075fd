import type { EndpointState, IncidentRecord } from '../model.ts'
import {
  advancedCertificate,
  certificateKey,
  expiryStep,
  openedCertificate,
} from './certificate.ts'
import type { Desk } from './desk.ts'

/** Keeps the incidents of certificates that are about to expire. */
export class Certificates {
  readonly #desk: Desk
  /** Hosts whose certificate has an open incident, by each endpoint that it names. */
  readonly #open = new Map<string, string>()

  constructor(desk: Desk) {
    this.#desk = desk
  }

  /** Takes a record of the log. */
  remember({ id, endpoints, status }: IncidentRecord): void {
    for (const endpoint of endpoints)
      if (status !== 'resolved') this.#open.set(endpoint, id)
      else if (this.#open.get(endpoint) === id) this.#open.delete(endpoint)
  }

  /** Looks at what an endpoint showed last. */
  look(endpoint: string): void {
    const { book, components, deps } = this.#desk
    const state = deps.stateOf(endpoint)
    const step = state && expiryStep(state)
    const known = book.get(this.#open.get(endpoint) ?? '')
    if (known) this.#advance(known, state)
    else if (state && step !== undefined) {
      const host = components.hostOf(endpoint)
      const [open] = book.openWith(certificateKey(host))
      const incident = open ?? openedCertificate(state, { id: deps.newIncidentId(), host })
      this.#advance({ ...incident, endpoints: [...incident.endpoints, endpoint] }, state)
    }
  }

  #advance(incident: IncidentRecord, state: EndpointState | undefined): void {
    const at = state?.result?.at ?? this.#desk.deps.now()
    const next = advancedCertificate(incident, this.#desk.membersOf(incident), at)
    this.#desk.put(next)
    this.remember(next)
  }
}
