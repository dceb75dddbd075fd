import { Child } from '../rivals/child.ts'
import type { Bench } from './bench.ts'

/** What writing to every socket took. */
export type Published = { writes: number; waits: number; cpuSeconds: number; seconds: number }

/** The least a server can do, in C: one write per socket and frame, and nothing else. */
export class Floor implements AsyncDisposable {
  readonly port: number
  readonly #child: Child

  private constructor(child: Child, port: number) {
    this.#child = child
    this.port = port
  }

  /** Starts it. @throws where there is no C compiler */
  static async start(bench: Bench): Promise<Floor> {
    if (bench.programs.floor === undefined) throw new Error('the floor needs a C compiler')
    const [program, ...args] = bench.programs.floor
    const child = await Child.start(program, args, { core: bench.pins?.server })
    const { port } = JSON.parse(await child.line()) as { port: number } // safe: what floor.c writes
    return new Floor(child, port)
  }

  get pid(): number {
    return this.#child.pid
  }

  /** Writes `times` frames of `bytes` to every socket, one every `intervalMs`. */
  async publish(what: { times: number; intervalMs: number; bytes: number }): Promise<Published> {
    this.#child.write(`pub ${what.times} ${what.intervalMs.toFixed(3)} ${Math.round(what.bytes)}`)
    return JSON.parse(await this.#child.line()) as Published // safe: what floor.c writes
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#child[Symbol.asyncDispose]()
  }
}
