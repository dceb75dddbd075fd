import { isDeepStrictEqual } from 'node:util'
import type { Config, Endpoint, PayerEntry } from '../config/config.ts'
import type { EndpointState, LogRecord } from '../model.ts'
import type { Clock, Prober } from '../ports.ts'
import { afterPause, initialState, labelsOf } from '../status/judge.ts'
import { paused, withMarks } from '../status/marks.ts'
import { asksAnew, fingerprintOf } from './question.ts'

type CatalogueDeps = {
  clock: Clock
  prober: Pick<Prober, 'assign'>
  /** The endpoint's state as it is published now. */
  stateOf: (id: string) => EndpointState | undefined
  /** Ids of what was there when the monitor started. */
  known: () => { endpoints: Iterable<string>; payers: Iterable<string> }
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

  /** Puts the first configuration in force: what was known before the start stays known, as far as it still says something. */
  begin(config: Config): void {
    const known = this.#deps.known()
    const [endpoints, payers] = [[...known.endpoints], [...known.payers]]
    this.#put(config)
    for (const endpoint of config.endpoints) this.#resume(endpoint, config.probing.vantage)
    for (const id of endpoints) if (!this.#endpoints.has(id)) this.#withdraw(id)
    for (const payer of new Set([...payers, ...this.#payers.keys()])) this.#deps.onPayer(payer)
    this.assign([])
  }

  /** Puts a checked configuration in force: publishes what is new, withdraws what is gone, tells the prober. */
  apply(config: Config, { added, changed, removed }: Applied): void {
    const touched = new Set([...this.#payers.keys(), ...config.payers.map(({ payer }) => payer)])
    const endpoints = new Map(config.endpoints.map((endpoint) => [endpoint.id, endpoint]))
    const isAnew = (id: string) => asksAnew(this.#endpoints.get(id), endpoints.get(id))
    const [reset, renamed] = [changed.filter(isAnew), changed.filter((id) => !isAnew(id))]
    this.#put(config)
    for (const id of [...added, ...reset]) this.#publishInitial(id, config.probing.vantage)
    for (const id of renamed) this.#publishLabels(id)
    for (const id of removed) this.#withdraw(id)
    for (const payer of touched) this.#deps.onPayer(payer)
    this.assign(reset)
  }

  /** Tells the prober what is to be probed: all but what people have paused. `reset`: what begins anew. */
  assign(reset: readonly string[]): void {
    const { stateOf, prober } = this.#deps
    const isPaused = (id: string) => stateOf(id)?.paused !== undefined
    prober.assign({
      endpoints: [...this.#endpoints.values()].filter(({ id }) => !isPaused(id)),
      states: this.#states(),
      reset: reset.filter((id) => !isPaused(id)),
    })
  }

  #put({ payers, endpoints }: Config): void {
    this.#payers = new Map(payers.map((entry) => [entry.payer, entry]))
    this.#endpoints = new Map(endpoints.map((endpoint) => [endpoint.id, endpoint]))
  }

  #withdraw(id: string): void {
    this.#deps.publish({ kind: 'endpoint', id, value: null })
  }

  #resume(endpoint: Endpoint, vantage: string): void {
    const { stateOf, clock, publish } = this.#deps
    const { id } = endpoint
    const before = stateOf(id)
    if (before === undefined || before.question !== fingerprintOf(endpoint, vantage)) {
      this.#publishInitial(id, vantage)
      return
    }
    const value = { ...afterPause(endpoint, before, clock.now()), ...labelsOf(endpoint) }
    if (!isDeepStrictEqual(value, before)) publish({ kind: 'endpoint', id, value })
  }

  #publishInitial(id: string, vantage: string): void {
    const endpoint = this.#endpoints.get(id)
    if (endpoint === undefined) return
    const question = fingerprintOf(endpoint, vantage)
    const at = this.#deps.clock.now()
    const before = this.#deps.stateOf(id)
    const initial = withMarks({ ...initialState(endpoint, vantage, at), question }, before)
    const pause = endpoint.notProbeable === undefined ? initial.paused : undefined
    const value = pause ? paused(initial, { at, ...pause }) : initial
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
