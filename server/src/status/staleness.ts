import type { Endpoint } from '../config/config.ts'
import type { EndpointState, ProbeResult } from '../model.ts'
import type { Clock } from '../ports.ts'
import { healthOf } from './health.ts'
import { outdated } from './judge.ts'
import { staleAfter } from './stale.ts'

/** All endpoints are looked at once in so many sweeps, so that no sweep holds up probes. */
const SWEEPS = 12

type StalenessDeps = {
  clock: Clock
  endpoint: (id: string) => Endpoint | undefined
  states: ReadonlyMap<string, EndpointState>
  /** Told of the state of an endpoint that nothing conclusive was heard of for too long. */
  onStale: (after: EndpointState) => void
}

/**
 * Knows when each endpoint was last heard of, also where no result comes at all: in quiet hours, or when a prober is
 * stuck. It counts on the monotonic clock, so that a correction of the machine's time makes nothing stale.
 */
export class Staleness {
  readonly #deps: StalenessDeps
  /** When something conclusive was last heard, monotonic ms. */
  readonly #heardAt = new Map<string, number>()
  #rest: Iterator<EndpointState> | undefined

  constructor(deps: StalenessDeps) {
    this.#deps = deps
  }

  /** Notes a result. */
  observe(id: string, result: ProbeResult): void {
    if (healthOf(result) !== 'inconclusive') this.#heardAt.set(id, this.#deps.clock.monotonic())
  }

  /** Looks at the next twelfth of the endpoints. */
  sweep(): void {
    for (let left = Math.ceil(this.#deps.states.size / SWEEPS); left > 0; left--) {
      const state = this.#next()
      if (state !== undefined) this.#look(state)
    }
  }

  /** Forgets endpoints that are no longer probed. */
  keepOnly(endpoints: { has(id: string): boolean }): void {
    for (const id of this.#heardAt.keys()) if (!endpoints.has(id)) this.#heardAt.delete(id)
  }

  /** The next endpoint, after the last one the first; undefined without any. */
  #next(): EndpointState | undefined {
    const next = this.#rest?.next()
    if (next !== undefined && !next.done) return next.value
    this.#rest = this.#deps.states.values()
    return this.#rest.next().value
  }

  #look(state: EndpointState): void {
    const { clock, endpoint, onStale } = this.#deps
    const settings = endpoint(state.endpoint)
    if (state.status === 'unknown' || settings === undefined) return
    const silence = clock.monotonic() - this.#heardOf(state)
    if (silence > staleAfter(settings, state.status)) onStale(outdated(state, clock.now()))
  }

  /** After a restart as long ago as the state says. */
  #heardOf({ endpoint, memory }: EndpointState): number {
    const known = this.#heardAt.get(endpoint)
    if (known !== undefined) return known
    const { clock } = this.#deps
    const ago = Math.max(0, clock.now() - (memory.recent.at(-1)?.at ?? clock.now()))
    const heardAt = clock.monotonic() - ago
    this.#heardAt.set(endpoint, heardAt)
    return heardAt
  }
}
