import { fileURLToPath } from 'node:url'
import { Child } from '../rivals/child.ts'
import type { Bench } from './bench.ts'
import { type Command, yielding } from './build.ts'

const PROGRAM = fileURLToPath(new URL('../far-side.ts', import.meta.url))

/** What is probed, in a process of its own beside the load. */
export class FarSide implements AsyncDisposable {
  readonly #child: Child
  readonly #port: number

  private constructor(child: Child, port: number) {
    this.#child = child
    this.#port = port
  }

  /** Starts it; where it `yields`, it takes only what others leave of its core. */
  static async start(bench: Bench, { yields = false } = {}): Promise<FarSide> {
    const command: Command = [process.execPath, '--conditions=source', PROGRAM]
    const [program, ...args] = yields ? yielding(command) : command
    const child = await Child.start(program, args, { core: bench.pins?.load })
    const { port } = JSON.parse(await child.line()) as { port: number } // safe: what far-side.ts writes
    return new FarSide(child, port)
  }

  /** The address of one endpoint. */
  url(path: string): string {
    return `http://127.0.0.1:${this.#port}/${path}`
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#child[Symbol.asyncDispose]()
  }
}
