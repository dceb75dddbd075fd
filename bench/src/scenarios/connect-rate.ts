import { setTimeout } from 'node:timers/promises'
import { type Bench, clientsOf, fewer } from '../harness/bench.ts'
import { FarSide } from '../harness/far-side.ts'
import { LoadClient, subscriber } from '../harness/load-client.ts'
import { Monitor } from '../harness/monitor.ts'
import { startPlainWs } from '../harness/plain-ws.ts'
import { cpuSeconds } from '../harness/proc.ts'
import { QUIET_SECONDS } from '../harness/stage.ts'
import type { Scenario } from '../scenario.ts'

/** Until the first probes are over. */
const SETTLE_MS = 3_000

/** How fast clients get in. */
export const connectRate: Scenario = {
  name: 'connect-rate',
  sentence:
    'Clients let in for each second of gateway CPU, to the first frame, beside a plain server of the ws package: 10,000 clients',
  figures: [
    { name: 'clients per CPU second', unit: '', better: 'more', least: 6_000, aim: 9_000 },
    { name: 'clients per CPU second, plain ws', unit: '' },
    { name: 'CPU per client', unit: 'µs', better: 'less' },
    { name: 'CPU per client, plain ws', unit: 'µs' },
    { name: 'ratio to plain ws', unit: '×', better: 'less' },
    { name: 'CPU per client with a snapshot of 10 endpoints', unit: 'µs', better: 'less' },
    { name: 'clients per second', unit: '', better: 'more' },
  ],
  charts: [
    {
      title: 'CPU to let one client in',
      unit: 'µs',
      bars: [
        { label: 'monitor', figure: 'CPU per client' },
        { label: 'plain ws', figure: 'CPU per client, plain ws' },
      ],
    },
  ],
  round: async (bench) => {
    const clients = clientsOf(bench, 10_000)
    const greeted = await letIn(bench, clients, ['--path', '/ws', '--protocol', 'payer-status-v2'])
    const plain = await byPlainWs(bench, clients)
    const told = await letIn(bench, clients, subscriber())
    return {
      'clients per CPU second': clients / greeted.cpu,
      'clients per CPU second, plain ws': clients / plain,
      'CPU per client': (greeted.cpu / clients) * 1e6,
      'CPU per client, plain ws': (plain / clients) * 1e6,
      'ratio to plain ws': greeted.cpu / plain,
      'CPU per client with a snapshot of 10 endpoints': (told.cpu / clients) * 1e6,
      'clients per second': clients / greeted.seconds,
    }
  },
}

/** Seconds, and gateway CPU seconds, until all are in and have been told what they asked for. */
async function letIn(bench: Bench, clients: number, args: readonly string[]) {
  await using farSide = await FarSide.start(bench)
  const url = (endpoint: number) => farSide.url(`e${endpoint}`)
  const watching = { endpoints: 10, interval: `${QUIET_SECONDS}s`, url }
  await using monitor = await Monitor.start(bench, watching)
  await setTimeout(fewer(bench, SETTLE_MS, 200))
  const before = await monitor.cpu()
  await using load = await LoadClient.start(bench, { port: monitor.port, clients, args })
  const { seconds } = await load.opened()
  await load.until(({ frames }) => frames >= clients, 'every client was greeted')
  if (args.includes('--first'))
    await load.until(({ snapshots }) => snapshots >= clients, 'every client had its snapshot')
  return { seconds, cpu: (await monitor.cpu()).gateway - before.gateway }
}

async function byPlainWs(bench: Bench, clients: number): Promise<number> {
  const { child, port } = await startPlainWs(bench)
  await using server = child
  const before = await cpuSeconds([server.pid])
  await using load = await LoadClient.start(bench, { port, clients, args: [] })
  await load.opened()
  return (await cpuSeconds([server.pid])) - before
}
