/**
 * The kind `http`: asks, follows redirects, and says what the answer means. What the far side does is never thrown.
 */
import type { EvidenceLevel } from '@payer-status/protocol'
import type { Endpoint } from '../config/config.ts'
import type { Clock } from '../lib/clock.ts'
import type { Progress, TlsSeen } from '../model.ts'
import type { Observed, Probe, Trail } from '../ports.ts'
import { Connections } from './connections.ts'
import { DnsCache, type Resolve, systemResolve } from './dns.ts'
import { type Finding, judgeAnswer, ownerOf } from './evaluate/answer.ts'
import { type NetworkCode, networkMeaning } from './evaluate/network.ts'
import { type Answer, Exchange, type Line } from './exchange.ts'
import { expectsRedirect } from './expect.ts'
import { ProbeError } from './failure.ts'
import { carriesCredentials, firstHop, type Hop, isSafe } from './hop.ts'
import { type Leg, legOf, type Watcher, watched } from './leg.ts'
import { type Arrival, Proof } from './proof.ts'
import { MAX_REDIRECTS, nextHop } from './redirect.ts'
import { isPassingCause, isPassingStatus } from './retry.ts'
import { Tokens } from './tokens.ts'
import { sumOfPhases, Trace } from './trace.ts'

/** What the kind `http` needs. `dnsMaxAge` in ms; `tls.ca` stands in for the certificate authorities that are trusted. */
export type HttpProbeDeps = {
  clock: Clock
  userAgent: string
  dnsMaxAge: number
  resolve?: Resolve
  tls?: { ca?: string | Buffer }
  /** Who is told of a probe's requests. */
  watcherOf?: (endpoint: Endpoint, trail: Trail | undefined) => Watcher | undefined
}

/** Makes the probe of kind `http`. Disposing it closes every connection. */
export function createHttpProbe(deps: HttpProbeDeps): AsyncDisposable & { probe: Probe } {
  const { clock, userAgent, dnsMaxAge, resolve = systemResolve, tls } = deps
  const connections = new Connections({ clock, ca: tls?.ca })
  const dns = new DnsCache({ clock, maxAge: dnsMaxAge, resolve })
  const line: Line = { connections, dns, userAgent }
  const tokens = new Tokens({ clock, line })
  return {
    probe(endpoint, how) {
      const onLeg = deps.watcherOf?.(endpoint, how.trail)
      return new Journey({ line, tokens, clock, endpoint, ...how, onLeg }).observe()
    },
    async [Symbol.asyncDispose]() {
      const closed = connections[Symbol.asyncDispose]()
      tokens[Symbol.dispose]()
      await closed
    },
  }
}

type JourneyDeps = {
  line: Line
  tokens: Tokens
  clock: Clock
  endpoint: Endpoint
  signal: AbortSignal
  fresh: boolean
  onLeg: Watcher | undefined
}

/** One probe, from the configured address to the last redirect. */
class Journey {
  readonly #deps: JourneyDeps
  /** What each exchange showed, in order. */
  readonly #traces: Trace[] = []
  readonly #proof: Proof

  constructor(deps: JourneyDeps) {
    this.#deps = deps
    this.#proof = new Proof(deps)
  }

  async observe(): Promise<Observed> {
    try {
      const { hop, answer } = await this.#travel()
      const finding = this.#answered(hop, answer)
      const hasRetryAfter = answer.headers['retry-after'] !== undefined
      const curable = finding.failure !== null && isPassingStatus(answer.status, hasRetryAfter)
      return this.#observation(finding, curable)
    } catch (error) {
      if (!(error instanceof ProbeError)) throw error
      if (this.#deps.line.connections.closed)
        // what fails while we close says nothing
        return this.#observation(this.#failed(new ProbeError('probe.stopped')), false)
      if (error.code === 'probe.internal') throw error // a fault of our own
      return this.#observation(this.#failed(error), isPassingCause(error.code))
    }
  }

  /** Once more with another token where the one that was kept is refused: it was no answer to what we asked. */
  async #travel(): Promise<Arrival> {
    const hop = firstHop(this.#deps.endpoint)
    const arrival = await this.#follow(await this.#proof.added(hop))
    if (!this.#proof.isStale(arrival)) return arrival
    this.#traces.length = 0
    return this.#follow(await this.#proof.added(hop))
  }

  async #follow(first: Hop): Promise<Arrival> {
    let hop = first
    for (let followed = 0; ; followed++) {
      const answer = await this.#ask(hop, followed)
      const next = this.#next(hop, answer)
      if (next === undefined) return { hop, answer }
      if (followed === MAX_REDIRECTS) throw new ProbeError('redirect.too_many')
      hop = next
    }
  }

  #next(hop: Hop, { status, headers }: Answer): Hop | undefined {
    if (expectsRedirect(status, this.#deps.endpoint.expect)) return undefined
    return nextHop(hop, { status, location: headers.location })
  }

  /** Asks once; once more on a connection of its own when the one taken was closing just then. */
  async #ask(hop: Hop, redirects: number): Promise<Answer> {
    const alone = this.#deps.fresh || !isSafe(hop) // what cannot be asked twice never risks that
    try {
      return await this.#exchange(hop, { alone, redirects })
    } catch (error) {
      if (this.#traces.at(-1)?.stale !== true) throw error
      this.#traces.pop()
      return this.#exchange(hop, { alone: true, redirects })
    }
  }

  async #exchange(
    hop: Hop,
    { alone, redirects }: { alone: boolean } & Pick<Leg, 'redirects'>,
  ): Promise<Answer> {
    const { line, clock, endpoint, signal, fresh, onLeg } = this.#deps
    if (line.connections.closed) throw new ProbeError('probe.stopped')
    const trace = new Trace(clock)
    this.#traces.push(trace)
    const exchange = new Exchange(line, hop, { endpoint, signal, fresh, alone, trace }).run()
    return onLeg === undefined
      ? exchange
      : watched(exchange, (code) => onLeg(legOf(hop, trace, { purpose: 'probe', redirects, code })))
  }

  #answered(hop: Hop, { status, headers, body, truncated }: Answer): Finding {
    return judgeAnswer(this.#deps.endpoint, {
      status,
      body,
      truncated,
      encoded: (headers['content-encoding'] ?? 'identity').trim().toLowerCase() !== 'identity',
      hasRetryAfter: headers['retry-after'] !== undefined,
      credentialed: carriesCredentials(hop),
      headers,
      tls: this.#tls(),
      at: this.#deps.clock.now(),
      latencyMs: this.#latencyMs(),
      phases: sumOfPhases(this.#traces),
    })
  }

  #failed({ code, message }: ProbeError): Finding {
    const { kind, verdict, attribution } = networkMeaning(code)
    return {
      verdict,
      attribution: ownerOf(attribution, this.#deps.endpoint),
      codes: [code],
      evidence: EVIDENCE[this.#progress([code])],
      failure: { kind, message },
    }
  }

  #observation(finding: Finding, curable: boolean): Observed {
    const last = this.#traces.at(-1)
    return {
      latencyMs: this.#latencyMs(),
      statusCode: last?.status ?? null,
      connectionReused: this.#traces.length > 0 && this.#traces.every(({ reused }) => reused),
      tls: this.#tls(),
      phases: { ...sumOfPhases(this.#traces), ...this.#proof.phase },
      bytes: last?.bytes ?? 0,
      truncated: last?.truncated ?? false,
      progress: this.#progress(finding.codes),
      ...(curable && this.#mayRepeat() ? { curable } : {}),
      ...finding,
    }
  }

  /** How far the probe got on its best hop; an address that was refused was never sent anything. */
  #progress(codes: readonly string[]): Progress {
    if (this.#traces.some(({ progress }) => progress === 'answered')) return 'answered'
    if (codes.some((code) => UNSENT.has(code))) return 'unsent'
    return this.#traces.at(-1)?.progress ?? 'unsent'
  }

  #mayRepeat(): boolean {
    const { endpoint } = this.#deps
    return isSafe(endpoint) || endpoint.retry?.anyMethod === true
  }

  #tls(): TlsSeen | null {
    return this.#traces.findLast(({ tls }) => tls !== null)?.tls ?? null
  }

  #latencyMs(): number {
    return this.#traces.reduce((sum, { elapsedMs }) => sum + elapsedMs, 0)
  }
}

/** Causes that lie before anything was sent. */
const UNSENT: ReadonlySet<string> = new Set<NetworkCode>([
  'token.unreachable',
  'token.failed',
  'token.invalid',
  'token.refused',
  'address.refused',
  'probe.misconfigured',
  'probe.stopped',
  'probe.internal',
])

/** What a failed probe proved all the same. */
const EVIDENCE: Readonly<Record<Progress, EvidenceLevel | null>> = {
  unsent: null,
  nothing: null,
  connected: 'L0',
  answered: 'L1',
}
