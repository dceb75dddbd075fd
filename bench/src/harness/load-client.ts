import { setTimeout } from 'node:timers/promises'
import { Child } from '../rivals/child.ts'
import type { Bench } from './bench.ts'
import { yielding } from './build.ts'

/** Source addresses that connections come from, so that ports do not run out. */
const SOURCES = 8
/** Nap of the load client between two looks at its sockets, µs: its wake-ups would be the server's time. */
const POLL_US = 1_000
/** Longest wait for an answer, and for what takes time at the server's side. */
const ANSWER_MS = 20_000
const CONNECT_MS = 120_000
const POLL_REPORT_MS = 50

/** Latencies in milliseconds. */
export type Latency = { count: number; p50: number; p99: number; p999: number; max: number }

/** What the load client has counted since the last `mark`. */
export type Report = {
  open: number
  closed: number
  failed: number
  frames: number
  updates: number
  bytes: number
  reads: number
  /** Snapshots that came whole. */
  snapshots: number
  /** Clients that had at least one update. */
  reached: number
  /** From the first byte to the last. */
  seconds: number
  cpuSeconds: number
  latency: Latency
}

/** How connecting went. */
export type Opened = { open: number; failed: number; closed: number; seconds: number }

/** How coming back went: until all were open, until all had caught up, and by what. */
export type Resumed = Opened & { openSeconds: number; updates: number; snapshots: number }

/** What connects, and what it looks for. */
export type Load = {
  port: number
  clients: number
  args: readonly string[]
  /** Whether it takes only what others leave of its core. */
  yields?: boolean | undefined
}

/** A subscriber of the monitor, by what it first says: one text, or a file with one line for each in turn. */
export function subscriber(first: string | { file: string } = '{"type":"subscribe"}'): string[] {
  return [
    ...['--path', '/ws', '--protocol', 'payer-status-v2'],
    ...(typeof first === 'string' ? ['--first', first] : ['--first-file', first.file]),
    ...['--marker', '"result":{"at"', '--stamp', 'iso'],
  ]
}

/** What was waited for did not happen in time. */
export class LateError extends Error {}

/** Many clients in a process of their own; `bench/load` has the program. */
export class LoadClient implements AsyncDisposable {
  readonly clients: number
  readonly #child: Child
  /** A line that was waited for in vain; the next answer may be in it. */
  #line: Promise<string> | undefined

  private constructor(child: Child, clients: number) {
    this.#child = child
    this.clients = clients
  }

  /** Starts to connect; `opened` waits for it. */
  static async start(bench: Bench, { port, clients, args, yields }: Load): Promise<LoadClient> {
    const [program, ...own] = yields ? yielding(bench.programs.load) : bench.programs.load
    const all = [
      ...own,
      ...['--connections', String(clients), '--port', String(port)],
      ...['--sources', String(SOURCES), '--poll', String(POLL_US)],
      ...args,
    ]
    const child = await Child.start(program, all, { core: bench.pins?.load })
    return new LoadClient(child, clients)
  }

  get pid(): number {
    return this.#child.pid
  }

  /** When every connection is open or refused. @throws when one was refused */
  async opened(): Promise<Opened> {
    const opened = (await this.#answer('open', CONNECT_MS)) as Opened // safe: what load.c writes
    if (opened.open < this.clients)
      throw new Error(`only ${opened.open} of ${this.clients} clients could connect`)
    return opened
  }

  /** Counts from zero from now on. */
  async mark(): Promise<void> {
    await this.#ask('mark')
  }

  async report(): Promise<Report> {
    return (await this.#ask('report')) as Report // safe: what load.c writes
  }

  /** Makes some clients stop reading. */
  async stop(count: number): Promise<void> {
    await this.#ask(`stop ${count}`, 'stop')
  }

  /** All read again. */
  async go(): Promise<void> {
    await this.#ask('go')
  }

  /** Ends every connection with a reset. */
  async cut(): Promise<void> {
    await this.#ask('cut')
  }

  /** Connects all anew; `opened` waits for it. */
  connect(): void {
    this.#child.write('connect')
  }

  /** All come back at once, each with its own position. @throws {LateError} when not all have caught up in time */
  async resume(limitMs = CONNECT_MS): Promise<Resumed> {
    return (await this.#ask('resume', 'resume', limitMs)) as Resumed // safe: what load.c writes
  }

  /** Waits until a report fits. @throws when that takes too long */
  async until(fits: (report: Report) => boolean, what: string): Promise<Report> {
    const limit = performance.now() + CONNECT_MS
    for (;;) {
      const report = await this.report()
      if (fits(report)) return report
      if (performance.now() > limit) throw new LateError(`waited too long until ${what}`)
      await setTimeout(POLL_REPORT_MS)
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#child[Symbol.asyncDispose]()
  }

  async #ask(word: string, event = word, limitMs = ANSWER_MS): Promise<object> {
    this.#child.write(word)
    return await this.#answer(event, limitMs)
  }

  /** The next line that tells of the event; what it says unasked in between is not waited for by anybody. */
  async #answer(event: string, limitMs: number): Promise<object> {
    const late = setTimeout(limitMs, undefined, { ref: false })
    for (;;) {
      this.#line ??= this.#child.line()
      const line = await Promise.race([this.#line, late])
      if (line === undefined) throw new LateError(`the load client did not tell "${event}" in time`)
      this.#line = undefined
      const answer = JSON.parse(line) as { ev: string } // safe: what load.c writes
      if (answer.ev === event) return answer
    }
  }
}
