import { BusyError, UnknownNameError } from '../lib/errors.ts'
import type { Clock, Prober, Traced } from '../ports.ts'
import type { Catalogue } from './catalogue.ts'

/** Most endpoints whose exchanges are logged for a time, besides those that are configured so. */
const MAX_TRACED = 100

type TracesDeps = {
  clock: Clock
  prober: Pick<Prober, 'trace'>
  catalogue: Pick<Catalogue, 'endpoint' | 'endpoints'>
}

/** Whose requests and answers are logged for a time. Each ends by itself. */
export class Traces {
  readonly #deps: TracesDeps
  /** By endpoint, until when, epoch ms. */
  readonly #until = new Map<string, number>()

  constructor(deps: TracesDeps) {
    this.#deps = deps
  }

  /** Those in force for a time, by name. */
  get list(): Traced[] {
    this.#forget()
    const traced = [...this.#until].map(([endpoint, until]) => ({ endpoint, until }))
    return traced.sort((a, b) => (a.endpoint < b.endpoint ? -1 : 1))
  }

  /** Those in force, with those that are configured so, whose time does not end. */
  get logged(): { endpoint: string; until: number | null }[] {
    const endpoints = [...this.#deps.catalogue.endpoints()]
    const configured = new Set(endpoints.filter((one) => one.logExchanges).map(({ id }) => id))
    const others = this.list.filter(({ endpoint }) => !configured.has(endpoint))
    return [...[...configured].map((endpoint) => ({ endpoint, until: null })), ...others]
  }

  /**
   * Logs an endpoint's exchanges for so many ms from now on, whatever was said before.
   * @throws {UnknownNameError | BusyError}
   */
  start(endpoint: string, ms: number): Traced {
    const now = this.#deps.clock.now()
    this.#forget()
    if (this.#deps.catalogue.endpoint(endpoint) === undefined)
      throw new UnknownNameError('no endpoint of this name is watched')
    if (this.#until.size >= MAX_TRACED && !this.#until.has(endpoint)) {
      const free = Math.min(...this.#until.values())
      throw new BusyError(`at most ${MAX_TRACED} endpoints are traced at once`, free - now)
    }
    this.#until.set(endpoint, now + ms)
    this.#tell()
    return { endpoint, until: now + ms }
  }

  /** Ends it for one endpoint, or for all. Those that are configured so go on. */
  stop(endpoint?: string): void {
    if (endpoint === undefined) this.#until.clear()
    else this.#until.delete(endpoint)
    this.#tell()
  }

  #tell(): void {
    this.#deps.prober.trace(this.list)
  }

  /** Those whose time is over, or that are not watched any more. */
  #forget(): void {
    const { clock, catalogue } = this.#deps
    for (const [endpoint, until] of this.#until)
      if (until <= clock.now() || catalogue.endpoint(endpoint) === undefined)
        this.#until.delete(endpoint)
  }
}
