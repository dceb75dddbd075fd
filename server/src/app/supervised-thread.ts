import { Worker } from 'node:worker_threads'
import { errorCode } from '../lib/errors.ts'
import type { Clock } from '../ports.ts'
import { type Ask, Questions, type Reply } from './questions.ts'

/** First pause before a crashed thread is started again, ms; doubled each time. */
const RESTART_MS = { first: 500, most: 30_000 } as const
/** A thread that ran this long is not counted as crashing again and again, ms. */
const HEALTHY_MS = 60_000
/** Room for the last messages after the grace, ms. */
const STOP_MARGIN_MS = 1_000

/** What every supervised thread is told, besides what is its own. */
export type Stop = { say: 'stop'; grace: number }
/** What every supervised thread tells, besides what is its own. */
export type Stopped = { say: 'stopped' }

type ThreadDeps<From> = {
  name: string
  /** The thread's file. */
  entry: URL
  workerData: unknown
  clock: Clock
  /** What askers hear while no thread is there. */
  gone: () => Error
  /** Told of every message that is the thread's own. */
  received: (message: From) => void
  /** An uncaught exception ends the thread. */
  failed: (code: string) => void
  /** The thread is over, and another is started after `pauseMs`. */
  ended: (pauseMs: number) => void
  /** Another thread has taken over. */
  restarted: () => void
}

/** A worker thread that is started again when it crashes, and is asked questions. */
export class SupervisedThread<To, From extends { say: string }> implements AsyncDisposable {
  readonly #deps: ThreadDeps<From>
  readonly #questions = new Questions()
  #worker: Worker
  #startedAt = 0
  #pauseMs: number = RESTART_MS.first
  #isAlive = true
  #isRetired = false
  #stopped: Promise<void> | undefined
  #onStopped = () => {}
  #cancelRestart = () => {}
  /** How often the thread had to be started again. */
  restarts = 0

  constructor(deps: ThreadDeps<From>) {
    this.#deps = deps
    this.#worker = this.#spawn()
  }

  /** False from the end of a thread until another takes over. */
  get isAlive(): boolean {
    return this.#isAlive
  }

  send(message: To): void {
    this.#post(message)
  }

  /** Asks the thread, which may take its time; within `patienceMs`, if that is given. */
  ask(question: unknown, patienceMs?: number): Promise<unknown> {
    const { gone, clock } = this.#deps
    if (!this.#isAlive) return Promise.reject(gone())
    const asked = this.#questions.ask((id) => this.#post({ say: 'ask', id, question }))
    if (patienceMs === undefined) return asked
    const late = Promise.withResolvers<never>()
    const cancel = clock.after(patienceMs, () => late.reject(gone()))
    return Promise.race([asked, late.promise]).finally(cancel)
  }

  /** Ends the thread as a crash would. */
  fail(): void {
    void this.#worker.terminate()
  }

  /** From now on a thread that ends is not replaced. */
  retire(): void {
    this.#isRetired = true
    this.#cancelRestart()
  }

  /** Tells the thread to stop, and waits until it has or had time enough. */
  stop(grace: number): Promise<void> {
    this.#stopped ??= this.#stop(grace)
    return this.#stopped
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop(0)
  }

  async #stop(grace: number): Promise<void> {
    this.retire()
    if (this.#isAlive) await this.#askToStop(grace)
    await this.#worker.terminate()
    this.#questions.refuseAll(this.#deps.gone())
  }

  async #askToStop(grace: number): Promise<void> {
    const stopped = new Promise<void>((resolve) => {
      this.#onStopped = resolve
    })
    const cancel = this.#deps.clock.after(grace + STOP_MARGIN_MS, () => this.#onStopped())
    this.#post({ say: 'stop', grace })
    await stopped
    cancel()
  }

  #spawn(): Worker {
    const { entry, workerData, name, clock, failed } = this.#deps
    this.#startedAt = clock.monotonic()
    const worker = new Worker(entry, { workerData, name })
    worker.on('message', (message: From | Reply | Stopped) => this.#receive(message))
    worker.on('error', (error) => failed(errorCode(error)))
    worker.on('exit', () => this.#onExit())
    return worker
  }

  #onExit(): void {
    const { clock, gone, ended } = this.#deps
    this.#isAlive = false
    this.#onStopped()
    this.#questions.refuseAll(gone())
    if (this.#isRetired) return
    if (clock.monotonic() - this.#startedAt > HEALTHY_MS) this.#pauseMs = RESTART_MS.first
    this.#cancelRestart()
    this.#cancelRestart = clock.after(this.#pauseMs, () => this.#restart())
    ended(this.#pauseMs)
    this.#pauseMs = Math.min(this.#pauseMs * 2, RESTART_MS.most)
  }

  #restart(): void {
    this.restarts++
    this.#worker = this.#spawn()
    this.#isAlive = true
    this.#deps.restarted()
  }

  #receive(message: From | Reply | Stopped): void {
    if (isReply(message)) this.#questions.settle(message)
    else if (message.say === 'stopped') this.#onStopped()
    else this.#deps.received(message as From) // safe: what is neither of the two is the thread's own
  }

  #post(message: To | Ask<unknown> | Stop): void {
    this.#worker.postMessage(message)
  }
}

function isReply(message: { say: string }): message is Reply {
  return message.say === 'answer' || message.say === 'refuse'
}

/** The file of a thread beside the rooms: a source where sources run, else what was built from it. */
export function threadFile(name: string): URL {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  return new URL(`../${name}.${extension}`, import.meta.url)
}
