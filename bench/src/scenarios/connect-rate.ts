import { setTimeout } from 'node:timers/promises'
import { clientsOf, fewer } from '../harness/bench.ts'
import { FarSide } from '../harness/far-side.ts'
import { LoadClient, subscriber } from '../harness/load-client.ts'
import { Monitor } from '../harness/monitor.ts'
import { QUIET_SECONDS } from '../harness/stage.ts'
import type { Scenario } from '../scenario.ts'

/** Until the first probes are over. */
const SETTLE_MS = 3_000

/** How fast clients get in. */
export const connectRate: Scenario = {
  name: 'connect-rate',
  sentence:
    'Clients let in for each second of gateway CPU, from the connection to the whole snapshot: 10,000 clients, 10 endpoints at 1 h',
  figures: [
    { name: 'clients per CPU second', unit: '', better: 'more', least: 6_000, aim: 9_000 },
    { name: 'clients per second', unit: '', better: 'more' },
    { name: 'CPU per client', unit: 'µs', better: 'less' },
  ],
  round: async (bench) => {
    const clients = clientsOf(bench, 10_000)
    await using farSide = await FarSide.start(bench)
    const url = (endpoint: number) => farSide.url(`e${endpoint}`)
    const watching = { endpoints: 10, interval: `${QUIET_SECONDS}s`, url }
    await using monitor = await Monitor.start(bench, watching)
    await setTimeout(fewer(bench, SETTLE_MS, 200))
    const before = await monitor.cpu()
    const load = { port: monitor.port, clients, args: subscriber() }
    await using client = await LoadClient.start(bench, load)
    const { seconds } = await client.opened()
    await client.until(({ snapshots }) => snapshots >= clients, 'every client had its snapshot')
    const gateway = (await monitor.cpu()).gateway - before.gateway
    return {
      'clients per CPU second': clients / gateway,
      'clients per second': clients / seconds,
      'CPU per client': (gateway / clients) * 1e6,
    }
  },
}
