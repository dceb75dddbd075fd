import type { Endpoint, Tls } from '../../src/config/config.ts'
import { type Clock, systemClock } from '../../src/lib/clock.ts'
import { Secret } from '../../src/lib/secret.ts'
import type { ProbeResult } from '../../src/model.ts'
import { createHttpProbe, type HttpProbeDeps } from '../../src/probe/http.ts'
import { runProbe } from '../../src/probe/prober.ts'
import { anEndpoint } from './builders.ts'

/** An endpoint at `url`, on a private network. */
export function endpointAt(url: string, changed: Partial<Endpoint> = {}): Endpoint {
  const timeouts = { dns: 2_000, connect: 3_000, tls: 5_000, firstByte: 10_000, total: 15_000 }
  return anEndpoint({ url: new Secret(url), network: 'private', timeouts, ...changed })
}

/** Transport security of what is given, told apart by its content. */
export function tlsOf(said: Partial<Tls>): Tls {
  const { serverName, skipVerify = false, ...material } = said
  const shown = Object.values(material).map((one) => (one instanceof Secret ? one.reveal() : one))
  const name = serverName === undefined ? {} : { serverName }
  return { id: JSON.stringify(shown), minVersion: 'TLSv1.2', skipVerify, ...name, ...material }
}

/** Configured headers. */
export function headersOf(headers: Record<string, string>): Endpoint['headers'] {
  return Object.entries(headers).map(([name, value]) => [name, new Secret(value)])
}

/** A prober of kind `http` and a way to ask it. */
export type Prober = AsyncDisposable & {
  ask(endpoint: Endpoint, how?: { signal?: AbortSignal; fresh?: boolean }): Promise<ProbeResult>
}

/** Makes a prober; time is the system's unless given, and chance always takes the whole wait before a retry. */
export function startProber(changed: Partial<HttpProbeDeps> = {}): Prober {
  const clock: Clock = changed.clock ?? systemClock
  const userAgent = 'payer-status-test/1.0 (+mailto:ops@example.org)'
  const http = createHttpProbe({ clock, userAgent, dnsMaxAge: 60_000, ...changed })
  const deps = { probes: { http: http.probe }, clock, random: () => 0, probeId: () => 'probe-1' }
  return {
    ask: (endpoint, { signal = new AbortController().signal, fresh = false } = {}) =>
      runProbe(deps, endpoint, { signal, fresh }),
    [Symbol.asyncDispose]: () => http[Symbol.asyncDispose](),
  }
}
