/**
 * The composition root of the prober side. It runs in a worker thread beside the gateway, so that a sweep over ten
 * thousand sockets cannot falsify a timing; tests run it in their own.
 */
import type { Endpoint } from '../config/config.ts'
import { every } from '../lib/clock.ts'
import type { EndpointState, ProbeResult } from '../model.ts'
import { onDue, type ProberSide } from '../pipeline.ts'
import type {
  Assignment,
  Clock,
  Log,
  Probe,
  Prober,
  ProberEvents,
  Random,
  Traced,
} from '../ports.ts'
import { ExchangeLog } from '../probe/exchange-log.ts'
import { createHttpProbe } from '../probe/http.ts'
import { type Probes, runProbe } from '../probe/prober.ts'
import { LagHistogram, schedulerMetrics } from '../schedule/metrics.ts'
import { Scheduler } from '../schedule/scheduler.ts'
import type { Planned } from '../schedule/slot.ts'
import { type Circumstances, cutOff, initialState } from '../status/judge.ts'
import { Paces } from '../status/paces.ts'
import { Staleness } from '../status/staleness.ts'
import { VantageWatch } from '../status/vantage-watch.ts'
import { type Budgets, sharesOf } from './budgets.ts'
import { controlEndpoint } from './control-endpoint.ts'

/** What the prober side is set up with; plain data, for another thread. */
export type ProberSettings = {
  concurrency: number
  budgets: Budgets
  vantage: string
  control: readonly string[]
  userAgent: string
  dnsMaxAge: number
}

/** What the prober cannot choose itself. */
export type ProberOutside = {
  clock: Clock
  random: Random
  log: Log
  probeId: () => string
  probes?: Probes
}

/** Two probes of a public address are at least this far apart, ms, or nine tenths of the interval where that is less. */
const PUBLIC_GAP_MS = 60_000
const PRIVATE_GAP_MS = 1_000

/** How often some of the endpoints are looked at for whether they are stale, ms. */
const SWEEP_EVERY_MS = 5_000

/** Starts probing what it will be assigned. */
export function startProber(
  settings: ProberSettings,
  tell: ProberEvents,
  outside: ProberOutside,
): Prober {
  return new ProbingSide(settings, tell, outside)
}

class ProbingSide implements Prober {
  readonly #settings: ProberSettings
  readonly #outside: ProberOutside
  readonly #tell: ProberEvents
  readonly #exchanges: ExchangeLog
  readonly #http: AsyncDisposable & { probe: Probe }
  readonly #endpoints = new Map<string, Endpoint>()
  readonly #states = new Map<string, EndpointState>()
  readonly #resets = new Map<string, number>()
  /** Probes of each endpoint since its connection was last a new one. */
  readonly #sinceFresh = new Map<string, number>()
  readonly #lag = new LagHistogram()
  readonly #watch: VantageWatch
  readonly #paces: Paces
  readonly #staleness: Staleness
  readonly #endSweeps: () => void
  readonly #side: ProberSide
  readonly #scheduler: Scheduler<ProbeResult, Endpoint>
  readonly #stop = new AbortController()

  constructor(settings: ProberSettings, tell: ProberEvents, outside: ProberOutside) {
    this.#settings = settings
    this.#outside = outside
    this.#tell = tell
    const { clock, random, log, probeId } = outside
    this.#exchanges = new ExchangeLog({ clock, log })
    this.#http = createHttpProbe({
      clock,
      watcherOf: (endpoint, trail) => this.#exchanges.watcherOf(endpoint, trail),
      userAgent: settings.userAgent,
      dnsMaxAge: settings.dnsMaxAge,
    })
    const probes: Probes = outside.probes ?? { http: this.#http.probe }
    const probe: ProberSide['probe'] = (endpoint, how) =>
      runProbe({ probes, clock, random, probeId, log }, endpoint, how)
    this.#watch = new VantageWatch({
      clock,
      askControls: settings.control.length > 0 ? () => this.#askControls(probe) : undefined,
      onChange: (offline) => this.#onVantage(offline),
    })
    this.#paces = new Paces(clock)
    this.#staleness = new Staleness({
      clock,
      endpoint: (id) => this.#endpoints.get(id),
      states: this.#states,
      onStale: (after) => this.#put(after),
    })
    this.#endSweeps = every(clock, SWEEP_EVERY_MS, () => this.#staleness.sweep())
    this.#side = {
      log,
      probe,
      wantsFresh: (endpoint, before) => this.#wantsFresh(endpoint, before),
      states: this.#states,
      present: (id) => this.#endpoints.get(id),
      resets: (id) => this.#resets.get(id) ?? 0,
      circumstances: (endpoint, result) => this.#circumstances(endpoint, result),
      tell,
    }
    this.#scheduler = new Scheduler({
      clock,
      random,
      concurrency: settings.concurrency,
      planOf: (endpoint) => this.#planOf(endpoint),
      onDue: (id, signal, again) => this.#onDue(id, { signal, again }),
      onLag: (ms) => this.#lag.observe(ms),
    })
  }

  assign({ endpoints, states, reset }: Assignment): void {
    for (const id of reset) {
      this.#states.delete(id)
      this.#resets.set(id, (this.#resets.get(id) ?? 0) + 1)
    }
    const known = new Map(states.map((state) => [state.endpoint, state]))
    const probed = endpoints.filter((endpoint) => endpoint.notProbeable === undefined)
    this.#endpoints.clear()
    for (const endpoint of probed) {
      this.#endpoints.set(endpoint.id, endpoint)
      const state = this.#states.get(endpoint.id) ?? known.get(endpoint.id)
      this.#states.set(endpoint.id, state ?? this.#initial(endpoint))
    }
    for (const memory of [this.#states, this.#sinceFresh, this.#resets])
      for (const id of memory.keys()) if (!this.#endpoints.has(id)) memory.delete(id)
    this.#paces.keepOnly(this.#endpoints)
    this.#staleness.keepOnly(this.#endpoints)
    this.#watch.keepOnly(new Set(probed.map(({ host }) => host)))
    this.#scheduler.assign(probed)
    this.#scheduler.hurry(reset)
  }

  probeNow(endpoint: string, patience?: number): Promise<ProbeResult> {
    return this.#scheduler.probeNow(endpoint, patience)
  }

  trace(traced: readonly Traced[]): void {
    this.#exchanges.trace(traced)
  }

  async metrics(): Promise<object[]> {
    return schedulerMetrics(this.#scheduler, this.#lag, { offline: this.#watch.isOffline })
  }

  async stop(grace: number): Promise<void> {
    this.#endSweeps()
    await this.#scheduler.stop(grace)
    this.#stop.abort()
    await this.#http[Symbol.asyncDispose]()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop(0)
  }

  #onDue(id: string, how: Parameters<typeof onDue>[2]): ReturnType<typeof onDue> {
    const endpoint = this.#endpoints.get(id)
    if (endpoint === undefined)
      throw new Error('the scheduler knows an endpoint that the prober does not')
    return onDue(this.#side, endpoint, how)
  }

  #circumstances(endpoint: Endpoint, result: ProbeResult): Circumstances {
    const { id, host } = endpoint
    this.#watch.observe(host, result)
    this.#staleness.observe(id, result)
    const { isOffline: offline } = this.#watch
    const answeredElsewhereAt = this.#watch.answeredElsewhereAt(host)
    return { offline, answeredElsewhereAt, slow: this.#paces.observe(endpoint, result) }
  }

  #put(after: EndpointState): void {
    this.#states.set(after.endpoint, after)
    this.#tell.state(after)
  }

  #initial(endpoint: Endpoint): EndpointState {
    return initialState(endpoint, this.#settings.vantage, this.#outside.clock.now())
  }

  #planOf(endpoint: Endpoint): Planned {
    const { id, interval, cron, quietHours, backoff, network, retry } = endpoint
    const publicGap = PUBLIC_GAP_MS * (retry?.attempts ?? 1) // each attempt counts as a probe
    const minGap = Math.min(0.9 * interval, network === 'public' ? publicGap : PRIVATE_GAP_MS)
    const last = this.#states.get(id)?.result?.at
    const probedAgo = last === undefined ? undefined : Math.max(0, this.#outside.clock.now() - last)
    const shares = sharesOf(endpoint, this.#settings.budgets)
    return { id, interval, cron, quietHours, backoff, minGap, shares, probedAgo }
  }

  #wantsFresh(endpoint: Endpoint, before: EndpointState): boolean {
    const count = (this.#sinceFresh.get(endpoint.id) ?? 0) + 1
    const fresh =
      count >= endpoint.freshEvery || before.result === null || before.result.failure !== null
    this.#sinceFresh.set(endpoint.id, fresh ? 0 : count)
    return fresh
  }

  async #askControls(probe: ProberSide['probe']): Promise<boolean> {
    const how = { signal: this.#stop.signal, fresh: true, again: () => undefined }
    const asked = this.#settings.control.map((url) => probe(controlEndpoint(url), how))
    const results = await Promise.all(asked)
    return results.some(({ progress }) => progress === 'answered')
  }

  #onVantage(offline: boolean): void {
    const { clock, log } = this.#outside
    if (!offline) {
      log.info({ node: this.#settings.vantage }, 'vantage is back')
      this.#scheduler.hurry()
      return
    }
    log.warn({ node: this.#settings.vantage }, 'vantage is offline')
    for (const before of this.#states.values()) this.#put(cutOff(before, clock.now()))
  }
}
