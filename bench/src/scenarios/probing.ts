import { clientsOf, fewer } from '../harness/bench.ts'
import { writeFilters } from '../harness/filters.ts'
import { subscriber } from '../harness/load-client.ts'
import { observe, setStage, warmUp } from '../harness/stage.ts'
import { bucketsOf, quantile, since, sumOf } from '../prometheus.ts'
import type { Scenario } from '../scenario.ts'

const LAG = 'payer_status_scheduler_lag_seconds'
const STARTED = 'payer_status_scheduler_started_total'
const PER_FILTER = 4

/** Whether pushing disturbs probing. */
export const probing: Scenario = {
  name: 'probing',
  sentence:
    'How late probes start, 1,000 a second, while 10,000 clients are told of 4 endpoints each, 40,000 frames a second',
  figures: [
    { name: 'lateness, p99', unit: 'ms', better: 'less', least: 10, aim: 4 },
    { name: 'lateness, p50', unit: 'ms' },
    { name: 'probes per second', unit: '' },
    { name: 'prober CPU', unit: '%' },
    { name: 'gateway CPU', unit: '%' },
    { name: 'frames per second', unit: '' },
    { name: 'p99 of pushing', unit: 'ms' },
  ],
  round: async (bench) => {
    const clients = clientsOf(bench, 10_000)
    const endpoints = fewer(bench, 1_000, 20)
    const args = subscriber({
      file: await writeFilters(bench, { endpoints, perFilter: PER_FILTER }),
    })
    const setting = { clients, endpoints, intervalSeconds: 1, args, yields: true }
    await using stage = await setStage(bench, setting)
    await warmUp(stage, setting, bench)
    const before = await stage.monitor.scrape()
    const began = performance.now()
    const window = await observe(stage, bench.seconds)
    const after = await stage.monitor.scrape()
    const seconds = (performance.now() - began) / 1_000
    const late = since(bucketsOf(before, LAG), bucketsOf(after, LAG))
    return {
      'lateness, p99': quantile(late, 0.99) * 1_000,
      'lateness, p50': quantile(late, 0.5) * 1_000,
      'probes per second': (sumOf(after, STARTED) - sumOf(before, STARTED)) / seconds,
      'prober CPU': (window.prober / window.seconds) * 100,
      'gateway CPU': (window.gateway / window.seconds) * 100,
      'frames per second': window.report.frames / window.seconds,
      'p99 of pushing': window.report.latency.p99,
    }
  },
}
