/**
 * What operators can graph.
 * Labels come from the configuration and from closed lists, never from clients or answers.
 */
import { errorCode } from '../lib/errors.ts'
import type { EndpointState, ProbeResult } from '../model.ts'
import type { Clock, Log } from '../ports.ts'
import { EndpointSeries, type SeriesSink, STATUS_VALUES } from './endpoint-series.ts'
import { GatewayMetrics } from './gateway-metrics.ts'
import type { HubCounters } from './hub-counters.ts'
import type { Answered } from './listener.ts'
import {
  AggregatorRegistry,
  Counter,
  collectDefaultMetrics,
  Gauge,
  Histogram,
  type Registry,
} from './prom.ts'
import { StoreMetrics, type StoreState } from './store-metrics.ts'
import { registerThreads } from './thread-metrics.ts'
import { askWorkers, type Workers, withOwnFirst } from './worker-metrics.ts'

export type MetricsDeps = {
  clock: Clock
  log: Log
  version: string
  /** Most endpoints with a series of their own. */
  endpointSeries: number
  /** The hub's figures, read at every scrape. */
  hub: () => HubCounters
  /** How many incidents are open, read at every scrape. */
  openIncidents: () => number
  /** How many threads serve clients, and how often one was started again, read at every scrape. */
  threads: () => { serving: number; restarts: number }
  /** What is known of the store, read at every scrape. */
  store: () => StoreState
}

/** From a cached answer next door to the longest timeout, s. */
const PROBE_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60]
/** Distinct types with series of their own; further ones count as `other`. */
const MAX_TYPES = 100
/** Every metric of this process, and the workers' when they are scraped. */
export class Metrics {
  readonly contentType: string
  readonly store: StoreMetrics
  readonly #deps: MetricsDeps
  readonly #gateway: GatewayMetrics
  readonly #registry: Registry
  readonly #series: EndpointSeries
  readonly #types = new Set<string>()
  readonly #counts: ReturnType<typeof makeCounts>

  constructor(deps: MetricsDeps) {
    this.#deps = deps
    this.#gateway = new GatewayMetrics(deps.hub)
    this.#registry = this.#gateway.registry
    this.contentType = this.#registry.contentType
    this.#counts = makeCounts(this.#registry)
    this.#series = new EndpointSeries(makeSeriesSink(this.#registry), deps.endpointSeries)
    registerProcess(this.#registry, deps)
    registerThreads(this.#registry, deps.threads)
    this.store = new StoreMetrics(this.#registry, deps.store)
    this.reloaded(true)
  }

  /** Counts one result; `type` is the endpoint's. */
  observeResult(result: ProbeResult, type: string): void {
    const labels = { type: this.#known(type), outcome: result.failure ? 'failure' : 'success' }
    this.#counts.probes.inc(labels)
    this.#counts.duration.observe(labels, result.latencyMs / 1_000)
    if (result.failure) this.#counts.failures.inc({ kind: result.failure.kind })
  }

  /** Keeps an endpoint's status series; null when it has left the catalogue. */
  observeState(endpoint: string, state: EndpointState | null): void {
    this.#series.set(endpoint, state)
  }

  /** Counts a reload of the configuration. */
  reloaded(ok: boolean): void {
    this.#counts.reloadOk.set(ok ? 1 : 0)
    if (ok) this.#counts.reloadAt.set(this.#deps.clock.now() / 1_000)
    this.#counts.reloads.inc({ outcome: ok ? 'success' : 'failure' })
  }

  /** Counts one answered HTTP request. */
  answered(answer: Answered): void {
    this.#gateway.answered(answer)
  }

  /** All metrics in Prometheus' text form. Workers that fail or are slow are left out, and that is counted. */
  async text(...workers: readonly Workers[]): Promise<string> {
    const asked = await Promise.all(workers.map((each) => this.#ask(each)))
    const theirs = asked.filter((metrics) => metrics.length > 0)
    if (theirs.length === 0) return this.#registry.metrics()
    try {
      return await this.#merged(theirs)
    } catch (error) {
      this.#missing(errorCode(error))
      return this.#registry.metrics()
    }
  }

  async #merged(theirs: readonly object[][]): Promise<string> {
    const own = withOwnFirst(await this.#registry.getMetricsAsJSON())
    const all = [own, ...(theirs as (typeof own)[])] // safe: what does not add up throws, and is left out
    return AggregatorRegistry.aggregate(all).metrics()
  }

  /** Adds metrics of what is made after these. */
  add(register: (registry: Registry) => void): void {
    register(this.#registry)
  }

  /** Stops measuring the event loop. */
  [Symbol.dispose](): void {
    this.#gateway[Symbol.dispose]()
  }

  async #ask({ ask, known }: Workers): Promise<object[]> {
    const asked = await askWorkers(this.#deps.clock, ask)
    if ('metrics' in asked) return asked.metrics
    this.#missing(asked.failed)
    return known?.() ?? []
  }

  #missing(code: string): void {
    this.#counts.workersFailed.inc()
    this.#deps.log.warn({ code }, 'metrics of the workers are missing')
  }

  #known(type: string): string {
    if (this.#types.size < MAX_TYPES) this.#types.add(type)
    return this.#types.has(type) ? type : 'other'
  }
}

function makeCounts(registry: Registry) {
  const registers = [registry]
  return {
    probes: new Counter({
      name: 'payer_status_probe_total',
      help: 'Probes by type of endpoint and whether they failed',
      labelNames: ['type', 'outcome'],
      registers,
    }),
    duration: new Histogram({
      name: 'payer_status_probe_duration_seconds',
      help: 'Duration of probes by type of endpoint and whether they failed',
      labelNames: ['type', 'outcome'],
      buckets: PROBE_BUCKETS,
      registers,
    }),
    failures: new Counter({
      name: 'payer_status_probe_failures_total',
      help: 'Failed probes by kind of failure',
      labelNames: ['kind'],
      registers,
    }),
    workersFailed: new Counter({
      name: 'payer_status_metrics_workers_missing_total',
      help: 'Scrapes without the metrics of the worker threads, which were late or failed',
      registers,
    }),
    ...makeReloadMetrics(registers),
  }
}

function makeReloadMetrics(registers: Registry[]) {
  return {
    reloads: new Counter({
      name: 'payer_status_config_reload_total',
      help: 'Times the configuration was read, the first included, by outcome',
      labelNames: ['outcome'],
      registers,
    }),
    reloadOk: new Gauge({
      name: 'payer_status_config_last_reload_successful',
      help: 'Whether the configuration was valid when it was last read',
      registers,
    }),
    reloadAt: new Gauge({
      name: 'payer_status_config_last_reload_timestamp_seconds',
      help: 'When the configuration in force was read',
      registers,
    }),
  }
}

function makeSeriesSink(registry: Registry): SeriesSink {
  const values = Object.entries(STATUS_VALUES).map(([word, value]) => `${value} ${word}`)
  const status = new Gauge({
    name: 'payer_status_endpoint_status',
    help: `Status of an endpoint: ${values.join(', ')}`,
    labelNames: ['payer', 'type', 'endpoint'],
    registers: [registry],
  })
  const dropped = new Counter({
    name: 'payer_status_metrics_series_dropped_total',
    help: 'Endpoints without a status series because metrics.endpoint_series was reached',
    registers: [registry],
  })
  return {
    set: (labels, value) => status.set(labels, value),
    remove: (labels) => status.remove(labels),
    dropped: () => dropped.inc(),
  }
}

function registerProcess(registry: Registry, { version, openIncidents }: MetricsDeps): void {
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  // Gauges of prom-client whose names end as only a counter's may.
  for (const { name } of registry.getMetricsAsArray())
    if (/^nodejs_active_\w+_total$/.test(name)) registry.removeSingleMetric(name)
  const info = new Gauge({
    name: 'payer_status_build_info',
    help: 'Always 1; the labels say what is running',
    labelNames: ['version', 'node_version'],
    registers,
  })
  info.set({ version, node_version: process.versions.node }, 1)
  new Gauge({
    name: 'payer_status_incidents_open',
    help: 'Incidents that are not resolved',
    registers,
    collect() {
      this.set(openIncidents())
    },
  })
}
