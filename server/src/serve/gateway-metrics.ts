import { measureLag, takeLag } from './event-loop-lag.ts'
import type { HubCounters } from './hub-counters.ts'
import { type Figure, HUB_DISTRIBUTIONS, HUB_FIGURES } from './hub-figures.ts'
import type { Answered } from './listener.ts'
import { CountedHistogram, Counter, Gauge, Registry } from './prom.ts'

/** What every thread counts that serves clients. */
export class GatewayMetrics {
  readonly registry = new Registry()
  readonly #lag = measureLag()
  readonly #requests: Counter

  constructor(hub: () => HubCounters) {
    for (const figure of HUB_FIGURES) registerFigure(this.registry, figure, hub)
    for (const { name, help, read } of HUB_DISTRIBUTIONS)
      new CountedHistogram(this.registry, { name, help, read: () => read(hub()) })
    registerLag(this.registry, this.#lag)
    this.#requests = new Counter({
      name: 'payer_status_http_requests_total',
      help: 'Answered HTTP requests by route',
      labelNames: ['route', 'method', 'status'],
      registers: [this.registry],
    })
  }

  /** Counts one answered HTTP request. */
  answered({ route, method, status }: Answered): void {
    this.#requests.inc({ route, method, status: String(status) })
  }

  /** All of it in prom-client's JSON form, as plain data: another thread is scraped. */
  async json(): Promise<object[]> {
    const metrics = await this.registry.getMetricsAsJSON()
    return metrics.map(({ name, help, type, aggregator, values }) => {
      return { name, help, type, aggregator, values }
    })
  }

  /** Stops measuring the event loop. */
  [Symbol.dispose](): void {
    this.#lag.disable()
  }
}

function registerFigure(registry: Registry, figure: Figure, counters: () => HubCounters): void {
  const { name, help, kind, labels: labelNames, read } = figure
  const options = { name, help, labelNames, registers: [registry] }
  if (kind === 'gauge') {
    const gauge = new Gauge({ ...options, collect })
    function collect(): void {
      for (const { labels, value } of read(counters())) gauge.set(labels, value)
    }
  } else {
    const counter = new Counter({ ...options, collect: recount })
    function recount(): void {
      counter.reset()
      for (const { labels, value } of read(counters())) counter.inc(labels, value)
    }
  }
}

function registerLag(registry: Registry, lag: ReturnType<typeof measureLag>): void {
  new Gauge({
    name: 'payer_status_eventloop_lag_seconds',
    help: 'Delay of the event loop since the last scrape: median, 99th percentile, longest',
    // Of several threads the slowest is shown: its clients wait, however idle the others are.
    aggregator: 'max',
    labelNames: ['stat'],
    registers: [registry],
    collect() {
      for (const [stat, seconds] of Object.entries(takeLag(lag))) this.set({ stat }, seconds)
    },
  })
}
