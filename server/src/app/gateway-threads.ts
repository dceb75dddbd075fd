import type { Board } from '../board/board.ts'
import type { LogEntry } from '../model.ts'
import type { Bus, Clock, History, Log } from '../ports.ts'
import type { ListenAt } from '../serve/listen.ts'
import { forgetThread } from '../serve/shared-head-count.ts'
import type { Workers } from '../serve/worker-metrics.ts'
import type { Standing } from './gateway.ts'
import type { GatewayStart, Told } from './gateway-messages.ts'
import { ThreadedGateway } from './threaded-gateway.ts'

type ThreadsDeps = {
  /** What they are started with, but for the row of each in what they share; without it there are none. */
  start: GatewayStart | undefined
  entry: URL
  board: Board
  bus: Pick<Bus, 'request'>
  history: History
  clock: Clock
  log: Log
}

/** The threads that serve clients beside the main one. Each has a copy of the board, which the log keeps up to date. */
export class GatewayThreads implements AsyncDisposable {
  readonly #deps: ThreadsDeps
  readonly #threads: ThreadedGateway[] = []
  #batch: LogEntry[] = []
  #standing: Standing = { readiness: { ready: false, reasons: ['starting'] }, apiKeys: [] }

  constructor(deps: ThreadsDeps) {
    this.#deps = deps
  }

  /** Threads that serve clients now. */
  get serving(): number {
    return this.#threads.filter(({ isServing }) => isServing).length
  }

  /** How often one had to be started again. */
  get restarts(): number {
    return this.#threads.reduce((sum, { restarts }) => sum + restarts, 0)
  }

  /** Starts all threads, and resolves when all of them listen. @throws {ListenError} when one cannot */
  async open(at: ListenAt, standing: Standing): Promise<void> {
    const { start } = this.#deps
    if (start === undefined) return
    this.#standing = standing
    for (let thread = 1; thread < start.settings.threads; thread++)
      this.#threads.push(this.#threadOf({ ...start, shares: { ...start.shares, thread } }, at))
    await Promise.all(this.#threads.map((thread) => thread.begin()))
  }

  /** Passes an entry of the log on, with all others of this turn of the event loop in one message. */
  tell(entry: LogEntry): void {
    if (this.#threads.length === 0 || this.#batch.push(entry) > 1) return
    queueMicrotask(() => this.#passOn())
  }

  /** What is older than `time`, epoch ms, is forgotten everywhere. */
  forget(time: number): void {
    this.#passOn()
    this.#tellAll({ say: 'forget', time })
  }

  /** Resolves when every thread that answers goes by it. */
  async stand(standing: Standing): Promise<void> {
    this.#standing = standing
    await Promise.all(this.#threads.map((thread) => thread.stand(standing)))
  }

  /** Sees all clients out within `ms`. */
  async drain(ms: number): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.drain(ms)))
  }

  /** Whom to ask for metrics. */
  get metrics(): Workers[] {
    return this.#threads.map((thread) => ({
      ask: () => thread.metrics(),
      known: () => thread.knownMetrics,
    }))
  }

  /** The hub's counters, thread by thread. */
  stats(): Promise<(object | null)[]> {
    return Promise.all(this.#threads.map((thread) => thread.stats()))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread[Symbol.asyncDispose]()))
  }

  #threadOf(start: GatewayStart, at: ListenAt): ThreadedGateway {
    const { board } = this.#deps
    const { clients, connections, thread } = start.shares
    return new ThreadedGateway({
      ...this.#deps,
      start,
      beginning: () => ({ board: board.copy(), standing: this.#standing, at }),
      ended() {
        forgetThread(clients, thread)
        forgetThread(connections, thread)
      },
    })
  }

  #passOn(): void {
    if (this.#batch.length === 0) return
    this.#tellAll({ say: 'entries', entries: this.#batch })
    this.#batch = []
  }

  #tellAll(told: Told): void {
    for (const thread of this.#threads) thread.tell(told)
  }
}
