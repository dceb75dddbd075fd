import { clientsOf, fewer } from '../harness/bench.ts'
import { writeFilters } from '../harness/filters.ts'
import { subscriber } from '../harness/load-client.ts'
import { observe, setStage, warmUp } from '../harness/stage.ts'
import type { Scenario } from '../scenario.ts'

const PER_FILTER = 5

/** Everyone wants something else. */
export const filters: Scenario = {
  name: 'filters',
  sentence:
    'Gateway CPU with 1,000 distinct filters of 5 endpoints: 10,000 clients, 5,000 endpoints at 10 s, so 500 updates a second',
  figures: [
    { name: 'gateway CPU', unit: '%', better: 'less', least: 50, aim: 25 },
    { name: 'frames per second', unit: '' },
    { name: 'updates per second', unit: '' },
    { name: 'clients reached', unit: '%', better: 'more', least: 90 },
    { name: 'p50', unit: 'ms' },
    { name: 'p99', unit: 'ms' },
  ],
  round: async (bench) => {
    const clients = clientsOf(bench, 10_000)
    const endpoints = fewer(bench, 5_000, 50)
    const setting = { clients, endpoints, intervalSeconds: fewer(bench, 10, 1) }
    const args = subscriber({
      file: await writeFilters(bench, { endpoints, perFilter: PER_FILTER }),
    })
    await using stage = await setStage(bench, { ...setting, args })
    await warmUp(stage, setting, bench)
    const seconds = Math.max(bench.seconds, setting.intervalSeconds)
    const window = await observe(stage, seconds)
    const { report } = window
    return {
      'gateway CPU': (window.gateway / window.seconds) * 100,
      'frames per second': report.frames / window.seconds,
      'updates per second': report.updates / window.seconds,
      'clients reached': (report.reached / clients) * 100,
      p50: report.latency.p50,
      p99: report.latency.p99,
    }
  },
}
