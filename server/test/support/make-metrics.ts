import type { TestContext } from 'node:test'
import { Counter, Gauge, Registry } from 'prom-client'
import { newHubCounters } from '../../src/serve/hub-counters.ts'
import { Metrics } from '../../src/serve/metrics.ts'
import { FakeClock } from './fake-clock.ts'
import { memoryLog } from './http-monitor.ts'

/** Metrics that end with the test, and what they are read from. */
export function makeMetrics(t: TestContext, endpointSeries = 10) {
  const clock = new FakeClock()
  const log = memoryLog()
  const hub = newHubCounters()
  const metrics = new Metrics({
    clock,
    log,
    version: '1.2.3',
    endpointSeries,
    hub: () => hub,
    openIncidents: () => 2,
    store: () => ({
      isUp: true,
      waiting: 0,
      dropped: { results: 0, changes: 0 },
      restarts: 0,
      figures: null,
    }),
    threads: () => ({ serving: 3, restarts: 1 }),
  })
  t.after(() => metrics[Symbol.dispose]())
  return { metrics, clock, log, hub }
}

/** The samples of one metric, without its comments. */
export function samples(text: string, name: string): string[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
}

/** What a worker tells: something of its own, and something of the process. */
export async function workerMetrics(): Promise<object[]> {
  const registry = new Registry()
  new Counter({ name: 'payer_status_scheduler_due_total', help: 'Due', registers: [registry] }).inc(
    7,
  )
  new Gauge({ name: 'process_open_fds', help: 'Theirs', registers: [registry] }).set(1e9)
  return registry.getMetricsAsJSON()
}
