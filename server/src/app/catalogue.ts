import type { Config, Endpoint, PayerEntry } from '../config/config.ts'
import type { EndpointState, LogRecord } from '../model.ts'
import type { Clock, Prober } from '../ports.ts'
import { initialState, labelsOf } from '../status/judge.ts'

type CatalogueDeps = {
  clock: Clock
  prober: Pick<Prober, 'assign'>
  /** The endpoint's state as it is published now. */
  stateOf: (id: string) => EndpointState | undefined
  publish: (record: LogRecord) => void
  /** Told of payers whose names may have changed, or that may have gone. */
  onPayer: (id: string) => void
}

/** What a new configuration did to the catalogue. */
export type Applied = { added: string[]; changed: string[]; removed: string[] }

/** The payers and endpoints in force. A new configuration replaces them at once; what did not change is not touched. */
export class Catalogue {
  readonly #deps: CatalogueDeps
  #payers = new Map<string, PayerEntry>()
  #endpoints = new Map<string, Endpoint>()

  constructor(deps: CatalogueDeps) {
    this.#deps = deps
  }

  payer(id: string): PayerEntry | undefined {
    return this.#payers.get(id)
  }

  endpoint(id: string): Endpoint | undefined {
    return this.#endpoints.get(id)
  }

  endpoints(): Iterable<Endpoint> {
    return this.#endpoints.values()
  }

  /** How much there is to watch. */
  get size(): { payers: number; endpoints: number } {
    return { payers: this.#payers.size, endpoints: this.#endpoints.size }
  }

  /** Puts a checked configuration in force: publishes what is new, withdraws what is gone, tells the prober. */
  apply(config: Config, { added, changed, removed }: Applied): void {
    const touched = new Set([...this.#payers.keys(), ...config.payers.map(({ payer }) => payer)])
    const endpoints = new Map(config.endpoints.map((endpoint) => [endpoint.id, endpoint]))
    const isAnew = (id: string) => asksAnew(this.#endpoints.get(id), endpoints.get(id))
    const [reset, renamed] = [changed.filter(isAnew), changed.filter((id) => !isAnew(id))]
    this.#payers = new Map(config.payers.map((entry) => [entry.payer, entry]))
    this.#endpoints = endpoints
    for (const id of [...added, ...reset]) this.#publishInitial(id, config.probing.vantage)
    for (const id of renamed) this.#publishLabels(id)
    for (const id of removed) this.#deps.publish({ kind: 'endpoint', id, value: null })
    for (const payer of touched) this.#deps.onPayer(payer)
    this.#deps.prober.assign({ endpoints: config.endpoints, states: this.#states(), reset })
  }

  #publishInitial(id: string, vantage: string): void {
    const endpoint = this.#endpoints.get(id)
    if (endpoint === undefined) return
    const value = initialState(endpoint, vantage, this.#deps.clock.now())
    this.#deps.publish({ kind: 'endpoint', id, value })
  }

  #publishLabels(id: string): void {
    const endpoint = this.#endpoints.get(id)
    const state = this.#deps.stateOf(id)
    if (endpoint === undefined || state === undefined) return
    this.#deps.publish({ kind: 'endpoint', id, value: { ...state, ...labelsOf(endpoint) } })
  }

  #states(): EndpointState[] {
    return [...this.#endpoints.keys()].flatMap((id) => this.#deps.stateOf(id) ?? [])
  }
}

/** Whether an endpoint is asked something else than before, so that what was known of it says nothing any more. */
function asksAnew(before: Endpoint | undefined, after: Endpoint | undefined): boolean {
  return before === undefined || after === undefined || questionOf(before) !== questionOf(after)
}

/** What is asked of whom, in one text that never leaves this file. */
function questionOf(endpoint: Endpoint): string {
  const { kind, method, network, headers, body, url, expect, notProbeable } = endpoint
  const sent = headers.map(([name, value]) => [name, value.reveal()])
  return JSON.stringify([
    kind,
    method,
    network,
    sent,
    body?.reveal(),
    url.reveal(),
    expect,
    notProbeable,
  ])
}
