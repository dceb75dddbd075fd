import type { EndpointState, IncidentRecord } from '../model.ts'
import {
  advancedCertificate,
  certificateKey,
  expiryStep,
  openedCertificate,
} from './certificate.ts'
import type { Desk } from './desk.ts'
import { reopened, union } from './incident.ts'

/** Keeps the incidents of certificates that are about to expire. */
export class Certificates {
  readonly #desk: Desk
  /** Hosts whose certificate has an open incident, by each endpoint that it names. */
  readonly #open = new Map<string, string>()
  /** What each endpoint that it names showed last: only what is new is looked at, since a host may have thousands. */
  readonly #shown = new Map<string, string>()

  constructor(desk: Desk) {
    this.#desk = desk
  }

  /** Takes a record of the log. */
  remember({ id, endpoints, status }: IncidentRecord): void {
    for (const endpoint of endpoints)
      if (status !== 'resolved') this.#open.set(endpoint, id)
      else if (this.#open.get(endpoint) === id) {
        this.#open.delete(endpoint)
        this.#shown.delete(endpoint)
      }
  }

  /** Looks at what an endpoint showed last. */
  look(endpoint: string): void {
    const { book, components, deps } = this.#desk
    const state = deps.stateOf(endpoint)
    const step = state && expiryStep(state)
    const known = book.get(this.#open.get(endpoint) ?? '')
    if (known) {
      if (this.#isNew(endpoint, state)) this.#advance(known, state)
    } else if (state && step !== undefined) {
      const host = components.hostOf(endpoint)
      const key = certificateKey(host)
      const at = state.result?.at ?? deps.now()
      const again = book.reopenable(key, at)
      const incident =
        book.openWith(key)[0] ??
        (again && { ...reopened(again), status: 'identified' }) ??
        openedCertificate(state, { id: deps.newIncidentId(), host })
      this.#isNew(endpoint, state)
      this.#advance({ ...incident, endpoints: union(incident.endpoints, [endpoint]) }, state)
    }
  }

  /** Notes what an endpoint shows. */
  #isNew(endpoint: string, state: EndpointState | undefined): boolean {
    if (state === undefined) return this.#shown.delete(endpoint) || true
    const { result, reason } = state
    const now = `${expiryStep(state)} ${result?.tls != null} ${reason?.kind === 'not_probeable'}`
    if (this.#shown.get(endpoint) === now) return false
    this.#shown.set(endpoint, now)
    return true
  }

  #advance(incident: IncidentRecord, state: EndpointState | undefined): void {
    const at = state?.result?.at ?? this.#desk.deps.now()
    const next = advancedCertificate(incident, this.#desk.membersOf(incident), at)
    this.#desk.put(next)
    this.remember(next)
  }
}
