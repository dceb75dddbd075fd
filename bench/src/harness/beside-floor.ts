import { setTimeout } from 'node:timers/promises'
import { median } from '../statistics.ts'
import type { Bench } from './bench.ts'
import { Floor } from './floor.ts'
import { LoadClient } from './load-client.ts'
import { observe, type Setting, type Stage, setStage, type Window, warmUp } from './stage.ts'

/** What a write of the monitor costs, and what one of the floor did right after it. */
export type Pair = { ours: Window; floor?: FloorCost | undefined }

/** What a write costs, and the latency from the first write of a sweep to the client. */
type FloorCost = { cpuPerWriteUs: number; p99: number }

/** The monitor and the floor take turns of so many seconds: a machine has slow minutes, which both should see. */
const TURN_SECONDS = 3
/** Until frames come as often as they will. */
const SETTLE_SECONDS = 1.2

/** Lets the monitor push for a turn, and then the floor as many frames of the same mean size, as often, to as many clients. */
export async function takeTurns(bench: Bench, setting: Setting): Promise<Pair[]> {
  const turns = Math.max(1, Math.round(bench.seconds / TURN_SECONDS))
  const seconds = bench.isSmoke ? bench.seconds : TURN_SECONDS
  await using stage = await setStage(bench, setting)
  await using floor = await BesideFloor.start(bench, setting.clients)
  await warmUp(stage, setting, bench)
  const pairs: Pair[] = []
  for (let i = 0; i < turns; i++) {
    const ours = await turn(stage, seconds)
    pairs.push({ ours, floor: await floor.costOf(ours) })
  }
  return pairs
}

/** The middle one of what the turns gave. */
export function middle(pairs: readonly Pair[], figure: (pair: Pair) => number): number {
  return median(pairs.map(figure))
}

async function turn(stage: Stage, seconds: number): Promise<Window> {
  await stage.begin()
  await setTimeout(SETTLE_SECONDS * 1_000)
  const window = await observe(stage, seconds)
  await stage.rest()
  return window
}

/** The floor and its clients, where there is a compiler. */
class BesideFloor implements AsyncDisposable {
  readonly #clients: number
  readonly #parts: { floor: Floor; load: LoadClient } | undefined

  private constructor(clients: number, parts: { floor: Floor; load: LoadClient } | undefined) {
    this.#clients = clients
    this.#parts = parts
  }

  static async start(bench: Bench, clients: number): Promise<BesideFloor> {
    if (bench.programs.floor === undefined) return new BesideFloor(clients, undefined)
    await using starting = new AsyncDisposableStack()
    const floor = starting.use(await Floor.start(bench))
    const args = ['--marker', '"ts":"', '--stamp', 'mono']
    const load = starting.use(await LoadClient.start(bench, { port: floor.port, clients, args }))
    await load.opened()
    starting.move()
    return new BesideFloor(clients, { floor, load })
  }

  /** What it takes for what the monitor did. */
  async costOf({ report: { frames, bytes }, seconds }: Window): Promise<FloorCost | undefined> {
    if (this.#parts === undefined) return undefined
    const { floor, load } = this.#parts
    const sweeps = Math.max(1, Math.round(frames / this.#clients))
    await load.mark()
    const what = { times: sweeps, intervalMs: (seconds / sweeps) * 1_000, bytes: bytes / frames }
    const done = await floor.publish(what)
    const report = await load.until((now) => now.frames >= done.writes, 'all frames came')
    return { cpuPerWriteUs: (done.cpuSeconds / done.writes) * 1e6, p99: report.latency.p99 }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#parts?.load[Symbol.asyncDispose]()
    await this.#parts?.floor[Symbol.asyncDispose]()
  }
}
