import { setTimeout } from 'node:timers/promises'
import { type Bench, clientsOf, fewer } from '../harness/bench.ts'
import { FarSide } from '../harness/far-side.ts'
import { LoadClient, subscriber } from '../harness/load-client.ts'
import { Monitor } from '../harness/monitor.ts'
import { startPlainWs } from '../harness/plain-ws.ts'
import { residentBytes } from '../harness/proc.ts'
import { QUIET_SECONDS } from '../harness/stage.ts'
import type { Scenario } from '../scenario.ts'

/** Until the first probes are over, and until memory has settled after everyone came. */
const SETTLE_MS = 8_000

/** What holding a client costs. */
export const memory: Scenario = {
  name: 'memory',
  sentence:
    'Resident memory of one idle client that is subscribed to everything, beside a plain server of the ws package: 10,000 clients, 10 endpoints at 1 h',
  figures: [
    { name: 'memory per client', unit: 'kB', better: 'less', least: 11, aim: 9 },
    { name: 'memory per client, plain ws', unit: 'kB' },
    { name: 'ratio to plain ws', unit: '×', better: 'less' },
    { name: 'memory without clients', unit: 'MB' },
    { name: 'memory with all clients', unit: 'MB' },
  ],
  charts: [
    {
      title: 'Resident memory of one idle client',
      unit: 'kB',
      bars: [
        { label: 'monitor', figure: 'memory per client' },
        { label: 'plain ws', figure: 'memory per client, plain ws' },
      ],
    },
  ],
  round: async (bench) => {
    const clients = clientsOf(bench, 10_000)
    const ours = await ofMonitor(bench, clients)
    const plain = await ofPlainWs(bench, clients)
    const perClient = (ours.after - ours.before) / clients / 1_000
    const perPlain = (plain.after - plain.before) / clients / 1_000
    return {
      'memory per client': perClient,
      'memory per client, plain ws': perPlain,
      'ratio to plain ws': perClient / perPlain,
      'memory without clients': ours.before / 1e6,
      'memory with all clients': ours.after / 1e6,
    }
  },
}

/** Resident bytes without clients, and with all of them. */
type Extent = { before: number; after: number }

async function ofMonitor(bench: Bench, clients: number): Promise<Extent> {
  await using farSide = await FarSide.start(bench)
  const url = (endpoint: number) => farSide.url(`e${endpoint}`)
  const watching = { endpoints: 10, interval: `${QUIET_SECONDS}s`, url }
  await using monitor = await Monitor.start(bench, watching)
  await settle(bench)
  const before = await monitor.memory()
  await using load = await LoadClient.start(bench, {
    port: monitor.port,
    clients,
    args: subscriber(),
  })
  await load.opened()
  await load.until(({ snapshots }) => snapshots >= clients, 'every client had its snapshot')
  await settle(bench)
  return { before, after: await monitor.memory() }
}

async function ofPlainWs(bench: Bench, clients: number): Promise<Extent> {
  const { child, port } = await startPlainWs(bench)
  await using server = child
  await settle(bench)
  const before = await residentBytes([server.pid])
  await using load = await LoadClient.start(bench, { port, clients, args: [] })
  await load.opened()
  await settle(bench)
  return { before, after: await residentBytes([server.pid]) }
}

async function settle(bench: Bench): Promise<void> {
  await setTimeout(fewer(bench, SETTLE_MS, 200))
}
