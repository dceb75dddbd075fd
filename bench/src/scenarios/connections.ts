import { setTimeout } from 'node:timers/promises'
import { clientsOf, fewer } from '../harness/bench.ts'
import { FarSide } from '../harness/far-side.ts'
import { LoadClient, type Report, subscriber } from '../harness/load-client.ts'
import { Monitor } from '../harness/monitor.ts'
import { QUIET_SECONDS } from '../harness/stage.ts'
import type { Scenario } from '../scenario.ts'

const INTERVAL_SECONDS = 2

/** As many as one process can hold. */
export const connections: Scenario = {
  name: 'connections',
  sentence:
    'Clients that one monitor holds and tells everything: 18,000 of them, 4 endpoints at 2 s',
  figures: [
    { name: 'clients held', unit: '', better: 'more', least: 18_000 },
    { name: 'clients that got updates', unit: '%', better: 'more', least: 100 },
    { name: 'clients lost', unit: '', better: 'less', least: 0 },
    { name: 'memory', unit: 'MB', better: 'less' },
    { name: 'gateway CPU', unit: '%' },
    { name: 'p99', unit: 'ms', better: 'less' },
  ],
  round: async (bench) => {
    const clients = clientsOf(bench, 18_000)
    await using farSide = await FarSide.start(bench)
    const watching = {
      endpoints: 4,
      url: (endpoint: number) => farSide.url(`e${endpoint}`),
      interval: `${QUIET_SECONDS}s`,
    }
    await using monitor = await Monitor.start(bench, watching)
    // Two processes: one may not have as many descriptors.
    const half = { port: monitor.port, clients: Math.ceil(clients / 2), args: subscriber() }
    await using one = await LoadClient.start(bench, half)
    await one.opened()
    await using two = await LoadClient.start(bench, { ...half, clients: clients - half.clients })
    await two.opened()
    const seconds = Math.max(bench.seconds, fewer(bench, 2 * INTERVAL_SECONDS, 1))
    await monitor.reload({ ...watching, interval: `${INTERVAL_SECONDS}s` })
    await setTimeout(INTERVAL_SECONDS * 2_500)
    await Promise.all([one.mark(), two.mark()])
    const before = await monitor.cpu()
    await setTimeout(seconds * 1_000)
    const after = await monitor.cpu()
    const reports = await Promise.all([one.report(), two.report()])
    return {
      'clients held': total(reports, 'open'),
      'clients that got updates': (total(reports, 'reached') / clients) * 100,
      'clients lost': total(reports, 'closed'),
      memory: (await monitor.memory()) / 1e6,
      'gateway CPU': ((after.gateway - before.gateway) / seconds) * 100,
      p99: Math.max(...reports.map(({ latency }) => latency.p99)),
    }
  },
}

function total(reports: readonly Report[], what: 'open' | 'reached' | 'closed'): number {
  return reports.reduce((sum, report) => sum + report[what], 0)
}
