import type { Endpoint } from '../config/config.ts'
import type { Clock, Log, Traced, Trail } from '../ports.ts'
import type { Leg, Watcher } from './leg.ts'

/**
 * Logs single requests and their answers, of endpoints that it was switched on for, whatever the log's level is. Of what
 * was sent and answered it knows sizes only; of where a redirect led, the host.
 */
export class ExchangeLog {
  readonly #clock: Clock
  readonly #log: Log
  #until: ReadonlyMap<string, number> = new Map()

  constructor({ clock, log }: { clock: Clock; log: Log }) {
    this.#clock = clock
    this.#log = log.child({}, { level: 'debug' })
  }

  /** Replaces what is switched on for a time. */
  trace(traced: readonly Traced[]): void {
    this.#until = new Map(traced.map(({ endpoint, until }) => [endpoint, until]))
  }

  /** Who is to be told of a probe's requests; undefined where nobody wants to know. */
  watcherOf(endpoint: Endpoint, trail: Trail | undefined): Watcher | undefined {
    const until = this.#until.get(endpoint.id) ?? 0
    if (endpoint.logExchanges !== true && until <= this.#clock.now()) return undefined
    return (leg) => this.#write(endpoint, trail, leg)
  }

  #write(endpoint: Endpoint, trail: Trail | undefined, leg: Leg): void {
    const log = this.#log
    const { phases, elapsedMs, status, redirects, purpose, sentBytes, receivedBytes } = leg
    const isConfigured = purpose === 'probe' && redirects === 0
    const fields = {
      endpoint: endpoint.id,
      probe: trail?.probe,
      attempt: trail?.attempt,
      redirects,
      ...(purpose === 'token' && { kind: purpose }),
      method: leg.method,
      host: leg.host,
      ...(isConfigured && { path: pathOf(endpoint.shownUrl) }),
      httpVersion: leg.httpVersion,
      statusCode: status ?? undefined,
      ...(leg.code !== undefined && { code: leg.code }),
      latencyMs: rounded(elapsedMs),
      phases: roundedPhases(phases),
      sentBytes,
      receivedBytes,
    }
    log.debug(fields, 'exchange ended')
  }
}

/** As the configuration writes it: what was filled in is named, not shown. */
function pathOf(shownUrl: string): string {
  return shownUrl.replace(/^https?:\/\/[^/]*/, '')
}

/** Only the phases that there were. */
function roundedPhases(phases: Leg['phases']): Record<string, number> {
  const taken = Object.entries(phases).flatMap(([phase, ms]) =>
    typeof ms === 'number' ? [[phase, rounded(ms)] as const] : [],
  )
  return Object.fromEntries(taken)
}

/** To a tenth of a millisecond. */
function rounded(ms: number): number {
  return Math.round(ms * 10) / 10
}
