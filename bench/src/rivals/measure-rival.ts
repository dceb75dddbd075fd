/** One rival: start it → connect the load → publish until all are reached → mark → publish the plan → report. */
import { setTimeout } from 'node:timers/promises'
import type { Bench } from '../harness/bench.ts'
import { LoadClient, type Report } from '../harness/load-client.ts'
import { cpuSeconds, residentBytes } from '../harness/proc.ts'
import { deliveriesOf, type Idle, offerOf, type Plan, type Pushed, topicsOf } from './plan.ts'
import { GRACE_MS, type Offer, type Rival, type RunningRival } from './rival.ts'

const POLL_MS = 100
const REACH_LIMIT_MS = 60_000

/** What the load client looks for in what rivals send. */
const WATCH = ['--marker', '"endpoint":', '--stamp', 'mono']

/** A plan, and the size of its messages. */
export type Task = { plan: Plan; bytes: number }

/** A rival with all clients connected and subscribed. */
type Crowd = AsyncDisposable & {
  running: RunningRival
  load: LoadClient
  offer: Offer
  emptyBytes: number
  connectCpuSeconds: number
}

/** What the clients of a plan cost a rival before it publishes. */
export async function measureIdleRival(rival: Rival, task: Task, bench: Bench): Promise<Idle> {
  await using crowd = await gather(rival, task, bench)
  const { clients } = task.plan
  return {
    cpuPerConnect: (crowd.connectCpuSeconds / clients) * 1_000,
    connectsPerSecond: clients / crowd.connectCpuSeconds,
    kbPerClient: await kbPerClient(crowd),
  }
}

/** Takes one rival through a plan. */
export async function measureRival(rival: Rival, task: Task, bench: Bench): Promise<Pushed> {
  await using crowd = await gather(rival, task, bench)
  const { running, load } = crowd
  const deliveries = deliveriesOf(task.plan)
  const before = await cpuSeconds(running.pids)
  await load.mark()
  const report = await deliver(crowd, deliveries)
  const used = (await cpuSeconds(running.pids)) - before
  return {
    cpuPerMillion: (used / report.updates) * 1e6,
    delivered: (report.updates / deliveries) * 100,
    p50: report.latency.p50,
    p99: report.latency.p99,
    kbPerClient: await kbPerClient(crowd),
  }
}

async function gather(rival: Rival, { plan, bytes }: Task, bench: Bench): Promise<Crowd> {
  await using starting = new AsyncDisposableStack()
  const { clients } = plan
  const { folder, pins } = bench
  const where = { folder, clients, core: pins?.server, publisherCore: pins?.load }
  const running = starting.use(await rival.start(where))
  const { pids, port } = running
  const emptyBytes = await residentBytes(pids)
  const emptyCpu = await cpuSeconds(pids)
  const args = [...WATCH, ...running.loadArguments(topicsOf(plan))]
  const load = starting.use(await LoadClient.start(bench, { port, clients, args }))
  await load.opened()
  const offer = offerOf(plan, bytes)
  await reachAll(running, load, offer)
  const connectCpuSeconds = (await cpuSeconds(pids)) - emptyCpu
  const gathered = starting.move()
  const end = () => gathered.disposeAsync()
  return { running, load, offer, emptyBytes, connectCpuSeconds, [Symbol.asyncDispose]: end }
}

async function kbPerClient({ running, load, emptyBytes }: Crowd): Promise<number> {
  return ((await residentBytes(running.pids)) - emptyBytes) / load.clients / 1_000
}

/** Publishes every topic once, again and again, until each client has heard of its own and all is quiet. */
async function reachAll(running: RunningRival, load: LoadClient, offer: Offer): Promise<void> {
  const count = offer.topics?.length ?? 1
  const limit = performance.now() + REACH_LIMIT_MS
  let report = await load.report()
  while (report.reached < load.clients) {
    if (performance.now() > limit)
      throw new Error(`only ${report.reached} of ${load.clients} clients were reached`)
    await running.publish({ ...offer, count, batch: count })
    report = await quiet(load)
  }
}

/** Waits until nothing more arrives. */
async function quiet(load: LoadClient): Promise<Report> {
  let report = await load.report()
  for (let before = -1; report.updates !== before; ) {
    before = report.updates
    await setTimeout(POLL_MS)
    report = await load.report()
  }
  return report
}

/** Publishes, and waits until all has arrived, or no more of it counts. */
async function deliver({ running, load, offer }: Crowd, deliveries: number): Promise<Report> {
  const duration = (offer.count / offer.batch) * offer.intervalMs
  const limit = performance.now() + duration + GRACE_MS
  const publishing = running.publish(offer)
  publishing.catch(() => undefined) // it may still be at it when the rival is ended
  await Promise.race([publishing, setTimeout(duration + GRACE_MS)])
  let report = await load.report()
  while (report.updates < deliveries && performance.now() < limit) {
    await setTimeout(POLL_MS)
    report = await load.report()
  }
  return report
}
