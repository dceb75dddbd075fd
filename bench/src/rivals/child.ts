import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createConnection, createServer } from 'node:net'
import { createInterface } from 'node:readline'
import { setTimeout } from 'node:timers/promises'
import { whereIs } from './installed.ts'

const START_LIMIT_MS = 10_000
const STOP_LIMIT_MS = 3_000
const POLL_MS = 10

/** How a process is started. */
export type How = { core?: number | undefined; env?: Record<string, string>; cwd?: string }

/** A process that lives until it is disposed. */
export class Child implements AsyncDisposable {
  readonly #process: ChildProcess
  readonly #lines: AsyncIterator<string>
  readonly #closed: Promise<unknown>
  readonly #name: string
  #complaint = ''

  private constructor(name: string, child: ChildProcess) {
    this.#name = name
    this.#process = child
    this.#closed = once(child, 'close').catch((error: Error) => this.#hear(error.message))
    child.stderr?.on('data', (chunk) => this.#hear(String(chunk)))
    child.stdin?.on('error', (error) => this.#hear(error.message))
    if (child.stdout === null) throw new Error(`${name} has no standard output`)
    this.#lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  }

  /** Starts a program; on Linux it is bound to its core, and ends with this process. */
  static async start(path: string, args: readonly string[], how: How = {}): Promise<Child> {
    const [program = path, ...rest] = [...(await prefix(how.core)), path, ...args]
    return new Child(
      path,
      spawn(program, rest, { env: how.env ?? {}, cwd: how.cwd, stdio: 'pipe' }),
    )
  }

  get pid(): number {
    return this.#process.pid ?? -1
  }

  /** Resolves when it listens on the port. @throws when it ended before, with what it said. */
  async listens(port: number): Promise<void> {
    const limit = Date.now() + START_LIMIT_MS
    while (!(await accepts(port))) {
      if (this.#ended) throw new Error(`${this.#name} did not start: ${this.#complaint.trim()}`)
      if (Date.now() > limit) throw new Error(`${this.#name} does not listen on port ${port}`)
      await setTimeout(POLL_MS)
    }
  }

  /** The processes it has started, once there are `count`. */
  async children(count: number): Promise<number[]> {
    for (const limit = Date.now() + START_LIMIT_MS; ; await setTimeout(POLL_MS)) {
      const listed = await readFile(`/proc/${this.pid}/task/${this.pid}/children`, 'utf8')
      const pids = listed.split(' ').filter(Boolean).map(Number)
      if (pids.length >= count) return pids
      if (Date.now() > limit) throw new Error(`${this.#name} did not start ${count} processes`)
    }
  }

  /** Writes a line to it. */
  write(line: string): void {
    this.#process.stdin?.write(`${line}\n`)
  }

  /** The next line it writes. @throws when it ended instead, with what it complained of. */
  async line(): Promise<string> {
    const { value, done } = await this.#lines.next()
    if (done === true) {
      await this.#closed
      throw new Error(`${this.#name} ended: ${this.#complaint.trim() || 'it did not say why'}`)
    }
    return value
  }

  /** Asks it to end, and makes it end when it does not. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#ended) this.#process.kill('SIGTERM')
    const inTime = await Promise.race([
      this.#closed.then(() => true),
      setTimeout(STOP_LIMIT_MS, false, { ref: false }),
    ])
    if (!inTime) this.#process.kill('SIGKILL')
    await this.#closed
  }

  get #ended(): boolean {
    return this.#process.exitCode !== null || this.#process.signalCode !== null
  }

  #hear(text: string): void {
    this.#complaint = (this.#complaint + text).slice(-2000)
  }
}

/** A port nobody listens on. Another process may take it first: start again then. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address !== null ? address.port : 0
}

/** What precedes a command: each of these programs becomes the next one and keeps its process id. */
async function prefix(core: number | undefined): Promise<string[]> {
  const setpriv = await whereIs('setpriv')
  const taskset = core === undefined ? undefined : await whereIs('taskset')
  return [
    ...(setpriv === undefined ? [] : [setpriv, '--pdeathsig', 'TERM']),
    ...(taskset === undefined ? [] : [taskset, '-c', String(core)]),
  ]
}

async function accepts(port: number): Promise<boolean> {
  const socket = createConnection({ port, host: '127.0.0.1' })
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}
