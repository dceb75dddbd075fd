import { setTimeout } from 'node:timers/promises'
import { median } from '../statistics.ts'
import type { Bench } from './bench.ts'
import type { Command } from './build.ts'
import { BARE_NODE, Floor } from './floor.ts'
import { LoadClient } from './load-client.ts'
import { observe, type Setting, type Stage, setStage, type Window, warmUp } from './stage.ts'

/** What a write of the monitor costs, and what one of each floor did right after it. */
export type Pair = { ours: Window; floor?: FloorCost | undefined; bareNode: FloorCost }

/** What a write costs, and the latency from the first write of a sweep to the client. */
type FloorCost = { cpuPerWriteUs: number; p99: number }

/** The monitor and the floors take turns of so many seconds: a machine has slow minutes, which all should see. */
const TURN_SECONDS = 3
/** Until frames come as often as they will. */
const SETTLE_SECONDS = 1.2

/** Lets the monitor push for a turn, and then each floor as many frames of the same mean size, as often, to as many clients. */
export async function takeTurns(bench: Bench, setting: Setting): Promise<Pair[]> {
  const turns = Math.max(1, Math.round(bench.seconds / TURN_SECONDS))
  const seconds = bench.isSmoke ? bench.seconds : TURN_SECONDS
  await using stage = await setStage(bench, setting)
  const { floor: inC } = bench.programs
  await using floor = inC && (await BesideFloor.start(bench, setting.clients, inC))
  await using bareNode = await BesideFloor.start(bench, setting.clients, BARE_NODE)
  await warmUp(stage, setting, bench)
  const pairs: Pair[] = []
  for (let i = 0; i < turns; i++) {
    const ours = await turn(stage, seconds)
    const bare = await bareNode.costOf(ours)
    pairs.push({ ours, floor: await floor?.costOf(ours), bareNode: bare })
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

/** A floor and its clients. */
class BesideFloor implements AsyncDisposable {
  readonly #clients: number
  readonly #floor: Floor
  readonly #load: LoadClient

  private constructor(clients: number, parts: { floor: Floor; load: LoadClient }) {
    this.#clients = clients
    this.#floor = parts.floor
    this.#load = parts.load
  }

  static async start(bench: Bench, clients: number, command: Command): Promise<BesideFloor> {
    await using starting = new AsyncDisposableStack()
    const floor = starting.use(await Floor.start(bench, command))
    const args = ['--marker', '"ts":"', '--stamp', 'mono']
    const load = starting.use(await LoadClient.start(bench, { port: floor.port, clients, args }))
    await load.opened()
    starting.move()
    return new BesideFloor(clients, { floor, load })
  }

  /** What it takes for what the monitor did. */
  async costOf({ report: { frames, bytes }, seconds }: Window): Promise<FloorCost> {
    const sweeps = Math.max(1, Math.round(frames / this.#clients))
    await this.#load.mark()
    const what = { times: sweeps, intervalMs: (seconds / sweeps) * 1_000, bytes: bytes / frames }
    const done = await this.#floor.publish(what)
    const report = await this.#load.until((now) => now.frames >= done.writes, 'all frames came')
    return { cpuPerWriteUs: (done.cpuSeconds / done.writes) * 1e6, p99: report.latency.p99 }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#load[Symbol.asyncDispose]()
    await this.#floor[Symbol.asyncDispose]()
  }
}
