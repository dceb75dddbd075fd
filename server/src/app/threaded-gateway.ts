import { AppError, errorCode } from '../lib/errors.ts'
import type { Bus, Clock, History, Log } from '../ports.ts'
import { LastingMetrics } from '../serve/worker-metrics.ts'
import type { Standing } from './gateway.ts'
import type {
  Beginning,
  ClientAsked,
  GatewayQuestion,
  GatewayStart,
  Told,
} from './gateway-messages.ts'
import { answerHistory } from './history-calls.ts'
import { type Reply, reply } from './questions.ts'
import { SupervisedThread } from './supervised-thread.ts'

type ThreadDeps = {
  start: GatewayStart
  entry: URL
  clock: Clock
  log: Log
  /** Carries out what clients of the thread ask for. */
  bus: Pick<Bus, 'request'>
  history: History
  /** What is true at this moment, for a thread that begins. */
  beginning: () => Beginning
  /** A thread has ended, with whatever it had open. */
  ended: () => void
}

/** Longest wait for an answer that is due at once, ms. */
const PATIENCE_MS = 1_000
/** Longest wait for the last words to clients when the thread is stopped, ms. */
const FAREWELL_MS = 1_000

/** A gateway in a worker thread. A crashed thread is started again with a new copy of the board. */
export class ThreadedGateway implements AsyncDisposable {
  readonly #deps: ThreadDeps
  readonly #thread: SupervisedThread<Told | Reply, ClientAsked>
  readonly #metrics = new LastingMetrics()
  #isServing = false

  constructor(deps: ThreadDeps) {
    const { clock, log, entry } = deps
    this.#deps = deps
    this.#thread = new SupervisedThread({
      name: `gateway ${deps.start.shares.thread}`,
      entry,
      workerData: deps.start,
      clock,
      gone: () => new AppError('ERR_GATEWAY_GONE', 'a gateway thread is being started again'),
      received: ({ id, question }) => {
        reply(id, answerClient(deps, question), (message) => this.#thread.send(message))
      },
      failed: (code) => log.error({ code }, 'gateway thread failed'),
      ended: (latencyMs) => {
        log.error({ latencyMs }, 'gateway thread ended, starting another')
        this.#ended()
      },
      restarted: () => void this.#beginAgain(),
    })
  }

  /** How often the thread had to be started again. */
  get restarts(): number {
    return this.#thread.restarts
  }

  /** Whether clients can come in. */
  get isServing(): boolean {
    return this.#isServing
  }

  /** What the thread told last of its metrics. */
  get knownMetrics(): object[] {
    return this.#metrics.all
  }

  /** Lets the thread begin. @throws {ListenError} when it cannot listen */
  async begin(): Promise<void> {
    await this.#ask({ begin: this.#deps.beginning() })
    this.#isServing = true
  }

  /** Tells the thread, if it is there; one that is not begins with what is true then. */
  tell(told: Told): void {
    if (this.#thread.isAlive) this.#thread.send(told)
  }

  /** Resolves when the thread goes by it, or after a second. */
  async stand(stand: Standing): Promise<void> {
    await this.#ask({ stand }, PATIENCE_MS).catch(() => {})
  }

  /** Sees all clients out within `ms`. A thread that ends meanwhile is not started again: its clients are gone. */
  async drain(ms: number): Promise<void> {
    this.#thread.retire()
    await this.#ask({ drain: ms }, ms + PATIENCE_MS).catch(() => {})
  }

  async metrics(): Promise<object[]> {
    this.#metrics.told((await this.#ask('metrics')) as object[]) // safe: what GatewayWorker answers
    return this.#metrics.all
  }

  /** The hub's counters; null while there is no thread to ask. */
  async stats(): Promise<object | null> {
    const stats = await this.#ask('stats', PATIENCE_MS).catch(() => null)
    return stats as object | null // safe: what GatewayWorker answers
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#thread.stop(FAREWELL_MS)
  }

  #ask(question: GatewayQuestion, patienceMs?: number): Promise<unknown> {
    return this.#thread.ask(question, patienceMs)
  }

  #ended(): void {
    this.#isServing = false
    this.#metrics.ended()
    this.#deps.ended()
  }

  async #beginAgain(): Promise<void> {
    try {
      await this.begin()
    } catch (error) {
      if (!this.#thread.isAlive) return // it has ended, and that has been said
      this.#deps.log.error({ code: errorCode(error) }, 'gateway thread could not begin')
      this.#thread.fail()
    }
  }
}

function answerClient(
  { bus, history }: Pick<ThreadDeps, 'bus' | 'history'>,
  question: ClientAsked['question'],
): Promise<unknown> {
  if ('history' in question) return answerHistory(history, question.history)
  return bus.request(question.command)
}
