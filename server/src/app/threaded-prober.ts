import { Worker } from 'node:worker_threads'
import { AppError, BusyError, errorCode, UnknownNameError } from '../lib/errors.ts'
import { packSecrets } from '../lib/secret.ts'
import type { EndpointState, ProbeResult } from '../model.ts'
import type { Assignment, Clock, Log, Prober, ProberEvents } from '../ports.ts'
import type { FromWorker, Refusal, ToWorker, WorkerStart } from './thread-messages.ts'

/** First pause before a crashed thread is started again, ms; doubled each time. */
const RESTART_MS = { first: 500, most: 30_000 } as const
/** A thread that ran this long is not counted as crashing again and again, ms. */
const HEALTHY_MS = 60_000
/** Room for the last messages after the grace, ms. */
const STOP_MARGIN_MS = 1_000

type ThreadDeps = {
  start: WorkerStart
  clock: Clock
  log: Log
  tell: ProberEvents
  /** The last known states, for a thread that takes over from a crashed one. */
  knownStates: () => readonly EndpointState[]
  /** The thread's file; tests hand in one that crashes. */
  entry?: URL
}
type Waiter = { resolve: (value: unknown) => void; reject: (error: Error) => void }

/** The prober side in a worker thread. A crashed thread is started again and goes on from the last known states. */
export class ThreadedProber implements Prober {
  readonly #deps: ThreadDeps
  readonly #waiters = new Map<number, Waiter>()
  #worker: Worker
  #assignment: Assignment = { endpoints: [], states: [], reset: [] }
  #assignments = 0
  /** The number of the assignment in which an endpoint last began anew. */
  readonly #resetIn = new Map<string, number>()
  #nextId = 0
  #startedAt = 0
  #pauseMs: number = RESTART_MS.first
  #isAlive = true
  #isStopping = false
  #stopped: Promise<void> | undefined
  #onStopped = () => {}
  #cancelRestart = () => {}
  /** How often the thread had to be started again. */
  restarts = 0

  constructor(deps: ThreadDeps) {
    this.#deps = deps
    this.#worker = this.#spawn()
  }

  assign(assignment: Assignment): void {
    this.#assignment = assignment
    this.#assignments++
    const ids = new Set(assignment.endpoints.map(({ id }) => id))
    for (const id of this.#resetIn.keys()) if (!ids.has(id)) this.#resetIn.delete(id)
    for (const id of assignment.reset) this.#resetIn.set(id, this.#assignments)
    const packed = packSecrets(assignment)
    this.#send({ say: 'assign', packed, assignment: this.#assignments })
  }

  async probeNow(endpoint: string): Promise<ProbeResult> {
    return (await this.#ask({ probe: endpoint })) as ProbeResult // safe: what prober-thread.ts answers
  }

  async metrics(): Promise<object[]> {
    const metrics = (await this.#ask('metrics')) as object[] // safe: what prober-thread.ts answers
    return [...metrics, restartsMetric(this.restarts)]
  }

  stop(grace: number): Promise<void> {
    this.#stopped ??= this.#stop(grace)
    return this.#stopped
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop(0)
  }

  async #stop(grace: number): Promise<void> {
    this.#isStopping = true
    this.#cancelRestart()
    if (this.#isAlive) await this.#askToStop(grace)
    await this.#worker.terminate()
    this.#refuseAll()
  }

  /** Waits until the thread has stopped, or until it has had time enough. */
  async #askToStop(grace: number): Promise<void> {
    const stopped = new Promise<void>((resolve) => {
      this.#onStopped = resolve
    })
    const cancel = this.#deps.clock.after(grace + STOP_MARGIN_MS, () => this.#onStopped())
    this.#send({ say: 'stop', grace })
    await stopped
    cancel()
  }

  #spawn(): Worker {
    const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
    const entry = this.#deps.entry ?? new URL(`../prober-thread.${extension}`, import.meta.url)
    this.#startedAt = this.#deps.clock.monotonic()
    const worker = new Worker(entry, { workerData: this.#deps.start, name: 'prober' })
    worker.on('message', (message: FromWorker) => this.#receive(message))
    worker.on('error', (error) => {
      this.#deps.log.error({ room: 'prober', code: errorCode(error) }, 'prober thread failed')
    })
    worker.on('exit', () => this.#onExit())
    return worker
  }

  #onExit(): void {
    this.#isAlive = false
    this.#onStopped()
    this.#refuseAll()
    if (this.#isStopping) return
    const { clock, log } = this.#deps
    if (clock.monotonic() - this.#startedAt > HEALTHY_MS) this.#pauseMs = RESTART_MS.first
    log.error({ room: 'prober', latencyMs: this.#pauseMs }, 'prober thread ended, starting another')
    this.#cancelRestart = clock.after(this.#pauseMs, () => this.#restart())
    this.#pauseMs = Math.min(this.#pauseMs * 2, RESTART_MS.most)
  }

  #restart(): void {
    this.restarts++
    this.#worker = this.#spawn()
    this.#isAlive = true
    this.assign({ ...this.#assignment, states: this.#deps.knownStates(), reset: [] })
  }

  #receive(message: FromWorker): void {
    switch (message.say) {
      case 'told':
        for (const told of message.batch) {
          if ('state' in told) this.#tellState(told.state, message.assignment)
          else this.#deps.tell.result(told.result)
        }
        break
      case 'answer':
        this.#take(message.id)?.resolve(message.value)
        break
      case 'refuse':
        this.#take(message.id)?.reject(errorOf(message.error))
        break
      case 'stopped':
        this.#onStopped()
        break
    }
  }

  /** What was said of an endpoint before it began anew is dropped. */
  #tellState(state: EndpointState, assignment: number): void {
    if (assignment >= (this.#resetIn.get(state.endpoint) ?? 0)) this.#deps.tell.state(state)
  }

  #ask(question: { probe: string } | 'metrics'): Promise<unknown> {
    if (!this.#isAlive) return Promise.reject(gone())
    const id = this.#nextId++
    return new Promise((resolve, reject) => {
      this.#waiters.set(id, { resolve, reject })
      this.#send({ say: 'ask', id, question })
    })
  }

  #take(id: number): Waiter | undefined {
    const waiter = this.#waiters.get(id)
    this.#waiters.delete(id)
    return waiter
  }

  #refuseAll(): void {
    for (const { reject } of this.#waiters.values()) reject(gone())
    this.#waiters.clear()
  }

  #send(message: ToWorker): void {
    this.#worker.postMessage(message)
  }
}

/** In prom-client's JSON form, as the thread's own metrics are. */
function restartsMetric(value: number): object {
  const name = 'payer_status_prober_restarts_total'
  const help = 'Times the prober thread was started again after it ended'
  return { name, help, type: 'counter', aggregator: 'sum', values: [{ labels: {}, value }] }
}

function gone(): AppError {
  return new AppError('ERR_PROBER_GONE', 'the prober is being started again')
}

function errorOf({ code, message, retryAfterMs = 0 }: Refusal): Error {
  if (code === 'ERR_BUSY') return new BusyError(message, retryAfterMs)
  if (code === 'ERR_UNKNOWN_NAME') return new UnknownNameError(message)
  return new AppError(code, message)
}
