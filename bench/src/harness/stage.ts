import { setTimeout } from 'node:timers/promises'
import type { Bench } from './bench.ts'
import { FarSide } from './far-side.ts'
import { LoadClient, type Opened, type Report, subscriber } from './load-client.ts'
import { type Cpu, type How, Monitor } from './monitor.ts'

/** What is set up for a measurement of the monitor. */
export type Setting = {
  clients: number
  endpoints: number
  /** Seconds between two probes of an endpoint. */
  intervalSeconds: number
  /** How clients subscribe. @defaultValue to everything */
  args?: readonly string[]
  gatewayThreads?: number | undefined
  /** Whether the load and the far side take only what the prober leaves of their core. */
  yields?: boolean
  how?: How
}

/** A far side, a monitor that probes it, and clients that have had their snapshot. */
export type Stage = AsyncDisposable & {
  monitor: Monitor
  load: LoadClient
  opened: Opened
  /** Begins to probe as often as the setting says. */
  begin: () => Promise<void>
  /** Ends that; nothing changes any more. */
  rest: () => Promise<void>
}

/** So long an interval that nothing changes. */
export const QUIET_SECONDS = 3_600
/** Intervals until every endpoint's status has settled: two results, and a little. */
const SETTLED_AFTER = 2.5

/** What was measured while the monitor pushed. */
export type Window = Cpu & { report: Report; seconds: number }

/** Starts all, and waits until every client is subscribed. Nothing changes while they connect. */
export async function setStage(bench: Bench, setting: Setting): Promise<Stage> {
  await using starting = new AsyncDisposableStack()
  const { clients, endpoints, intervalSeconds, gatewayThreads, yields } = setting
  const farSide = starting.use(await FarSide.start(bench, { yields: yields ?? false }))
  const url = (endpoint: number) => farSide.url(`e${endpoint}`)
  const watching = { endpoints, url, gatewayThreads, interval: `${QUIET_SECONDS}s` }
  const probe = (seconds: number) => monitor.reload({ ...watching, interval: `${seconds}s` })
  const monitor = starting.use(await Monitor.start(bench, watching, setting.how))
  const wish = { port: monitor.port, clients, args: setting.args ?? subscriber(), yields }
  const load = starting.use(await LoadClient.start(bench, wish))
  const opened = await load.opened()
  await load.until(({ snapshots }) => snapshots >= clients, 'every client had its snapshot')
  const running = starting.move()
  return {
    monitor,
    load,
    opened,
    begin: () => probe(intervalSeconds),
    rest: () => probe(QUIET_SECONDS),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

/** Begins to probe as often as is wished, and waits until every status has settled, which takes a few results. */
export async function warmUp(
  stage: Stage,
  { intervalSeconds }: Setting,
  bench?: Bench,
): Promise<void> {
  await stage.begin()
  const intervals = bench?.isSmoke ? 1 : SETTLED_AFTER
  await setTimeout(intervalSeconds * intervals * 1_000)
}

/** Counts for some seconds. */
export async function observe({ monitor, load }: Stage, seconds: number): Promise<Window> {
  const before = await monitor.cpu()
  await load.mark()
  const began = performance.now()
  await setTimeout(seconds * 1_000)
  const after = await monitor.cpu()
  const report = await load.report()
  return {
    report,
    seconds: (performance.now() - began) / 1_000,
    gateway: after.gateway - before.gateway,
    prober: after.prober - before.prober,
    store: after.store - before.store,
  }
}
