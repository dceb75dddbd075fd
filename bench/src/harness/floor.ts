import { fileURLToPath } from 'node:url'
import { Child } from '../rivals/child.ts'
import type { Bench } from './bench.ts'
import type { Command } from './build.ts'

/** The same loop in Node: what the platform costs. */
export const BARE_NODE: Command = [
  process.execPath,
  '--conditions=source',
  fileURLToPath(new URL('../bare-node.ts', import.meta.url)),
]

/** What writing to every socket took. */
export type Published = { writes: number; waits: number; cpuSeconds: number; seconds: number }

/** The least a server can do, in C or in Node: one write per socket and frame, and nothing else. */
export class Floor implements AsyncDisposable {
  readonly port: number
  readonly #child: Child

  private constructor(child: Child, port: number) {
    this.#child = child
    this.port = port
  }

  static async start(bench: Bench, [program, ...args]: Command): Promise<Floor> {
    const child = await Child.start(program, args, { core: bench.pins?.server })
    const { port } = JSON.parse(await child.line()) as { port: number } // safe: what both floors write
    return new Floor(child, port)
  }

  get pid(): number {
    return this.#child.pid
  }

  /** Writes `times` frames of `bytes` to every socket, one every `intervalMs`. */
  async publish(what: { times: number; intervalMs: number; bytes: number }): Promise<Published> {
    this.#child.write(`pub ${what.times} ${what.intervalMs.toFixed(3)} ${Math.round(what.bytes)}`)
    return JSON.parse(await this.#child.line()) as Published // safe: what both floors write
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#child[Symbol.asyncDispose]()
  }
}
