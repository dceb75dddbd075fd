import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { Child } from '../rivals/child.ts'
import type { Bench } from './bench.ts'
import { monitorConfig, type Watching } from './monitor-config.ts'
import {
  cpuSeconds,
  openDescriptors,
  pinThread,
  residentBytes,
  type ThreadTime,
  threadTimes,
} from './proc.ts'

/** The threads that probe and that keep history; all others count as the gateway. */
const PROBER = 'prober'
const STORE = 'store'
const BESIDE = [PROBER, STORE]
const START_MS = 20_000
const POLL_MS = 20

/** How it is started beyond its configuration. */
export type How = {
  /** Options for Node itself. */
  node?: readonly string[]
}

/** A monitor of another version may not have every setting. */
export class UnknownSettingError extends Error {}

/** Seconds on a core: of all that serves clients, of all that probes, and of what writes history. */
export type Cpu = { gateway: number; prober: number; store: number }

/** Where it is, and the file it reads. */
type At = { port: number; metricsUrl: string; file: string }

/** The monitor as users run it, in a process of its own. */
export class Monitor implements AsyncDisposable {
  readonly port: number
  readonly #child: Child
  readonly #at: At
  readonly #end: () => Promise<void>

  private constructor(child: Child, at: At, end: () => Promise<void>) {
    this.#child = child
    this.port = at.port
    this.#at = at
    this.#end = end
  }

  /** Starts it: the threads of prober and store beside the load, every other one on the server's core. */
  static async start(bench: Bench, watching: Watching, how: How = {}): Promise<Monitor> {
    await using starting = new AsyncDisposableStack()
    const folder = await mkdtemp(join(bench.folder, 'monitor-'))
    starting.defer(() => rm(folder, { recursive: true, force: true }))
    const file = join(folder, 'monitor.yaml')
    await writeFile(file, monitorConfig(watching))
    const start = await startOf(bench.checkout)
    const args = [...(how.node ?? []), ...start, '--config', file]
    const child = starting.use(
      await Child.start(process.execPath, args, { core: bench.pins?.server, cwd: folder }),
    )
    const at = { file, ...(await readBanner(child).catch((error) => explain(error, watching))) }
    await place(bench, child.pid, watching.gatewayThreads ?? 1)
    const running = starting.move()
    return new Monitor(child, at, () => running.disposeAsync())
  }

  get pid(): number {
    return this.#child.pid
  }

  async cpu(): Promise<Cpu> {
    const of = (takes: (name: string) => boolean) => cpuSeconds([this.pid], takes)
    const [gateway, prober, store] = await Promise.all([
      of((name) => !BESIDE.includes(name)),
      of((name) => name === PROBER),
      of((name) => name === STORE),
    ])
    return { gateway, prober, store }
  }

  /** Resident memory, bytes. */
  async memory(): Promise<number> {
    return await residentBytes([this.pid])
  }

  async descriptors(): Promise<number> {
    return await openDescriptors(this.pid)
  }

  /** Its metrics, in Prometheus' text form. */
  async scrape(): Promise<string> {
    const response = await fetch(this.#at.metricsUrl)
    if (!response.ok) throw new Error(`/metrics answered ${response.status}`)
    return await response.text()
  }

  /** Makes it watch something else from now on, as an operator would. */
  async reload(watching: Watching): Promise<void> {
    await writeFile(this.#at.file, monitorConfig(watching))
    const response = await fetch(new URL('/-/reload', this.#at.metricsUrl), { method: 'POST' })
    if (!response.ok) throw new Error(`/-/reload answered ${await response.text()}`)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#end()
  }
}

/** @throws the error, or what it means */
function explain(error: Error, { gatewayThreads }: Watching): never {
  if (gatewayThreads === undefined || !error.message.includes('gateway')) throw error
  throw new UnknownSettingError('this monitor has no gateway.threads', { cause: error })
}

/** Where it listens, from what it prints. @throws with what it complained of */
async function readBanner(child: Child): Promise<Omit<At, 'file'>> {
  let port = 0
  for (;;) {
    const line = await child.line()
    port = Number(line.match(/^\s+WebSocket\s+ws:\/\/[^/]+:(\d+)\//)?.[1] ?? port)
    const metricsUrl = line.match(/^\s+Metrics\s+(\S+)/)?.[1]
    if (metricsUrl !== undefined && port > 0) return { port, metricsUrl }
  }
}

/** With several threads for clients both cores serve; else only prober and store leave the server's core. */
async function place({ pins }: Bench, pid: number, gatewayThreads: number): Promise<void> {
  if (pins === undefined) return
  const beside = await threadsBeside(pid)
  for (const { tid } of beside) await pinThread(tid, String(pins.load))
  if (gatewayThreads === 1) return
  const others = (await threadTimes(pid)).filter(({ name }) => !BESIDE.includes(name))
  for (const { tid } of others) await pinThread(tid, `${pins.server},${pins.load}`)
}

/** Prober and store, where there is one: it is open before the prober starts. */
async function threadsBeside(pid: number): Promise<ThreadTime[]> {
  const limit = performance.now() + START_MS
  for (;;) {
    const threads = (await threadTimes(pid)).filter(({ name }) => BESIDE.includes(name))
    if (threads.some(({ name }) => name === PROBER)) return threads
    if (performance.now() > limit) throw new Error('the monitor has no thread named prober')
    await setTimeout(POLL_MS)
  }
}

/** How `npm start` starts a checkout's monitor: the arguments of node, its main file the last. */
async function startOf(checkout: string): Promise<string[]> {
  const text = await readFile(join(checkout, 'package.json'), 'utf8')
  const { scripts } = JSON.parse(text) as { scripts: { start: string } } // safe: npm reads it too
  const [, ...args] = scripts.start.replace(/^exec /, '').split(' ')
  return args.map((arg) => (arg.startsWith('--') ? arg : join(checkout, arg)))
}
