import type { EndpointState, IncidentRecord } from '../model.ts'
import { isOpen } from './book.ts'
import {
  advancedCertificate,
  certificateKey,
  expiryStep,
  openedCertificate,
} from './certificate.ts'
import type { Desk } from './desk.ts'
import { reopened, resolved, union } from './incident.ts'
import type { Unhurried } from './unhurried.ts'

/** What has come of an incident's endpoints since it was looked at: those that are new to it, and when the last of it came. */
type Due = { joined: Set<string>; at: number }

/** Keeps the incidents of certificates that are about to expire. */
export class Certificates {
  readonly #desk: Desk
  readonly #hurry: Unhurried
  /** Open incidents, by each endpoint that they name. */
  readonly #open = new Map<string, string>()
  /** What each endpoint that it names showed last: only what is new is looked at, since a host may have thousands. */
  readonly #shown = new Map<string, string>()
  readonly #due = new Map<string, Due>()

  constructor(desk: Desk, hurry: Unhurried) {
    this.#desk = desk
    this.#hurry = hurry
  }

  /** Takes a record of the log. */
  remember({ id, endpoints, status }: IncidentRecord): void {
    for (const endpoint of endpoints)
      if (status !== 'resolved') this.#open.set(endpoint, id)
      else if (this.#open.get(endpoint) === id) this.#forget(endpoint)
  }

  /** Looks at what an endpoint showed last. */
  look(endpoint: string): void {
    const { book, deps } = this.#desk
    const state = deps.stateOf(endpoint)
    const at = state?.result?.at ?? deps.now()
    const found = book.get(this.#open.get(endpoint) ?? '')
    const known = found && isOpen(found) ? found : undefined
    if (known && this.#hasMoved(endpoint, known)) {
      this.#forget(endpoint)
      this.#dueOf(known.id, at)
    } else if (known) {
      if (this.#isNew(endpoint, state)) this.#dueOf(known.id, at)
      return
    }
    if (state === undefined || expiryStep(state) === undefined) return
    const { id } = this.#incidentFor(state, at)
    this.#isNew(endpoint, state)
    this.#open.set(endpoint, id)
    this.#dueOf(id, at).joined.add(endpoint)
  }

  /** Works out what has changed by its endpoints; of what has many, a second later. */
  refresh(): void {
    for (const [id, due] of this.#due) {
      const incident = this.#desk.book.get(id)
      const size = (incident?.endpoints.length ?? 0) + due.joined.size
      if (incident && !this.#hurry.isTurnOf(id, size)) continue
      this.#due.delete(id)
      if (incident && isOpen(incident)) this.#advance(incident, due)
    }
    this.#hurry.over()
  }

  #forget(endpoint: string): void {
    this.#open.delete(endpoint)
    this.#shown.delete(endpoint)
  }

  #dueOf(id: string, at: number): Due {
    const due = this.#due.get(id) ?? { joined: new Set(), at }
    due.at = Math.max(due.at, at)
    this.#due.set(id, due)
    return due
  }

  /** Whether an endpoint stands on another host by now; one that is not asked stands nowhere. */
  #hasMoved(endpoint: string, { key }: IncidentRecord): boolean {
    const host = this.#desk.components.hostOf(endpoint)
    return host !== '' && certificateKey(host) !== key
  }

  /** The incident of the host's certificate: the open one, one that was over too soon, or a new one. */
  #incidentFor(state: EndpointState, at: number): IncidentRecord {
    const { book, components, deps } = this.#desk
    const host = components.hostOf(state.endpoint)
    const [open] = book.openWith(certificateKey(host))
    if (open) return open
    const again = book.reopenable(certificateKey(host), at)
    const incident: IncidentRecord = again
      ? { ...reopened(again), status: 'identified' }
      : openedCertificate(state, { id: deps.newIncidentId(), host })
    this.#hurry.now(incident.id)
    this.#desk.put(incident)
    return incident
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

  #advance(incident: IncidentRecord, { joined, at }: Due): void {
    const endpoints = union(incident.endpoints, [...joined]).filter(
      (endpoint) => !this.#hasMoved(endpoint, incident),
    )
    const present = { ...incident, endpoints }
    const next =
      endpoints.length === 0
        ? resolved(incident, at)
        : advancedCertificate(present, this.#desk.membersOf(present), at)
    this.#desk.put(next)
    this.remember(next)
  }
}
