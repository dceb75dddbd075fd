import { setTimeout } from 'node:timers/promises'
import WebSocket from 'ws'

const TRIES = 50
const PAUSE_MS = 100

/** Node's inspector, for what cannot be had from outside otherwise: collecting garbage, and the size of what is left. */
export class Inspector implements AsyncDisposable {
  readonly #socket: WebSocket
  readonly #waiting = new Map<number, (result: unknown) => void>()
  #nextId = 1

  private constructor(socket: WebSocket) {
    this.#socket = socket
    socket.on('message', (data) => {
      // safe: what Node's inspector sends
      const { id, result } = JSON.parse(String(data)) as { id?: number; result?: unknown }
      if (id !== undefined) this.#waiting.get(id)?.(result)
    })
  }

  /** Connects to the process that was started with `--inspect` on the port. */
  static async connect(port: number): Promise<Inspector> {
    const socket = new WebSocket(await addressOf(port), { perMessageDeflate: false })
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
    return new Inspector(socket)
  }

  /** Bytes of the main thread's heap that are in use after everything that can go is gone. */
  async heapAfterCollection(): Promise<number> {
    // Twice: what has a finalizer goes with the second.
    for (let i = 0; i < 2; i++) await this.#ask('HeapProfiler.collectGarbage')
    const usage = (await this.#ask('Runtime.getHeapUsage')) as { usedSize: number } // safe: the inspector's
    return usage.usedSize
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket.terminate()
  }

  #ask(method: string): Promise<unknown> {
    const id = this.#nextId++
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve)
      this.#socket.send(JSON.stringify({ id, method }))
    })
  }
}

async function addressOf(port: number): Promise<string> {
  for (let i = 0; i < TRIES; i++) {
    const targets = await fetch(`http://127.0.0.1:${port}/json/list`).catch(() => undefined)
    // safe: what Node's inspector answers
    const list = (await targets?.json()) as { webSocketDebuggerUrl: string }[] | undefined
    if (list?.[0] !== undefined) return list[0].webSocketDebuggerUrl
    await setTimeout(PAUSE_MS)
  }
  throw new Error(`no inspector answers on port ${port}`)
}
