import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Bench } from '../harness/bench.ts'
import { FarSide } from '../harness/far-side.ts'
import { LoadClient, subscriber } from '../harness/load-client.ts'
import { type Cpu, Monitor } from '../harness/monitor.ts'
import { endpointId } from '../harness/monitor-config.ts'
import { observe, QUIET_SECONDS, type Stage, warmUp } from '../harness/stage.ts'
import { deliveriesOf, type Idle, type Plan, type Pushed } from './plan.ts'

/** A stage, and what the monitor took before and while its clients connected. */
type Crowd = Stage & { emptyBytes: number; connectCpuSeconds: number }

/** What the clients of a plan cost the monitor while nothing changes. */
export async function measureIdleMonitor(plan: Plan, bench: Bench): Promise<Idle> {
  await using crowd = await gather(plan, bench)
  return {
    cpuPerConnect: (crowd.connectCpuSeconds / plan.clients) * 1_000,
    connectsPerSecond: plan.clients / crowd.connectCpuSeconds,
    kbPerClient: await kbPerClient(crowd),
  }
}

/**
 * Takes the monitor through a plan: an endpoint that is probed each second makes one change a second.
 * It packs what changed together into one frame, and `bytes` is what that makes for one change.
 */
export async function measureMonitor(
  plan: Plan,
  bench: Bench,
): Promise<Pushed & { bytes: number }> {
  await using crowd = await gather(plan, bench)
  const { clients, changesPerSecond: endpoints } = plan
  await warmUp(crowd, { clients, endpoints, intervalSeconds: 1 })
  const { report, gateway, store, seconds } = await observe(crowd, plan.seconds)
  return {
    cpuPerMillion: ((gateway + store) / report.updates) * 1e6,
    // What was under way when the counting began may make it a little more than all.
    delivered: Math.min(100, (report.updates / deliveriesOf({ ...plan, seconds })) * 100),
    p50: report.latency.p50,
    p99: report.latency.p99,
    kbPerClient: await kbPerClient(crowd),
    bytes: report.bytes / report.updates,
  }
}

async function gather(plan: Plan, bench: Bench): Promise<Crowd> {
  await using starting = new AsyncDisposableStack()
  const { clients, changesPerSecond: endpoints } = plan
  const farSide = starting.use(await FarSide.start(bench))
  const url = (endpoint: number) => farSide.url(`e${endpoint}`)
  const watching = { endpoints, url, interval: `${QUIET_SECONDS}s` }
  const monitor = starting.use(await Monitor.start(bench, watching))
  const emptyBytes = await monitor.memory()
  const emptyCpu = serving(await monitor.cpu())
  const args = await subscription(plan, bench.folder)
  const { port } = monitor
  const load = starting.use(await LoadClient.start(bench, { port, clients, args }))
  const opened = await load.opened()
  await load.until(({ snapshots }) => snapshots >= clients, 'every client had its snapshot')
  const connectCpuSeconds = serving(await monitor.cpu()) - emptyCpu
  const gathered = starting.move()
  const begin = () => monitor.reload({ ...watching, interval: '1s' })
  const rest = () => monitor.reload(watching)
  const end = () => gathered.disposeAsync()
  const stage = { monitor, load, opened, begin, rest, [Symbol.asyncDispose]: end }
  return { ...stage, emptyBytes, connectCpuSeconds }
}

/** Other servers keep no history, but what it costs here is paid. */
function serving({ gateway, store }: Cpu): number {
  return gateway + store
}

async function kbPerClient({ monitor, load, emptyBytes }: Crowd): Promise<number> {
  return ((await monitor.memory()) - emptyBytes) / load.clients / 1_000
}

/** Everything, or one endpoint for each client in turn. */
async function subscription(plan: Plan, folder: string): Promise<string[]> {
  if (!plan.isFiltered) return subscriber()
  const file = join(folder, 'subscriptions.txt')
  const lines = Array.from({ length: plan.changesPerSecond }, (_, i) =>
    JSON.stringify({ type: 'subscribe', filter: [{ endpoints: [endpointId(i)] }] }),
  )
  await writeFile(file, lines.join('\n'))
  return subscriber({ file })
}
