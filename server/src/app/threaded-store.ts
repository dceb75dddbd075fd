import { StoreError, troubleIn } from '../lib/errors.ts'
import type { Clock, Log, Remembered, Store } from '../ports.ts'
import { storeOver } from './store-calls.ts'
import type { StoreStart } from './store-messages.ts'
import { SupervisedThread, threadFile } from './supervised-thread.ts'

type ThreadDeps = {
  start: StoreStart
  clock: Clock
  log: Log
  /** The thread's file; tests hand in one that crashes. */
  entry?: URL | undefined
}

/** How long the thread has to close its files when it is stopped, ms. */
const FAREWELL_MS = 2_000

/** The store in a worker thread. A crashed thread is started again and goes on with the same log. */
export class ThreadedStore implements Store {
  readonly #thread: SupervisedThread<never, never>
  readonly #log: Log
  readonly #store = storeOver((call) => this.#thread.ask(call))
  #epoch: string | undefined

  write: Store['write'] = (batch) => this.#store.write(batch)
  results: Store['results'] = (asked) => this.#store.results(asked)
  latency: Store['latency'] = (asked) => this.#store.latency(asked)
  timeline: Store['timeline'] = (asked) => this.#store.timeline(asked)
  days: Store['days'] = (asked) => this.#store.days(asked)
  incidents: Store['incidents'] = (asked) => this.#store.incidents(asked)
  incident: Store['incident'] = (id) => this.#store.incident(id)
  backup: Store['backup'] = (file) => this.#store.backup(file)
  figures: Store['figures'] = () => this.#store.figures()
  close: Store['close'] = () => this.#store.close()

  constructor({ start, clock, log, entry = threadFile('store-thread') }: ThreadDeps) {
    this.#log = log
    this.#thread = new SupervisedThread({
      name: 'store',
      entry,
      workerData: start,
      clock,
      gone: () => new StoreError('the store is being started again', { isUnsure: true }),
      received: () => {},
      failed: (code) => log.error({ code }, 'store thread failed'),
      ended: (latencyMs) => log.error({ latencyMs }, 'store thread ended, starting another'),
      restarted: () => void this.#takeOver(),
    })
  }

  /** How often the thread had to be started again. */
  get restarts(): number {
    return this.#thread.restarts
  }

  async restore(epoch: string): Promise<Remembered | null> {
    const remembered = await this.#store.restore(epoch)
    this.#epoch = remembered?.epoch ?? epoch
    return remembered
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#thread.stop(FAREWELL_MS)
  }

  /** What the store remembers is older than what this thread knows; the thread only opens it. One that cannot, crashes. */
  async #takeOver(): Promise<void> {
    if (this.#epoch === undefined) return
    try {
      await this.#store.restore(this.#epoch)
    } catch (error) {
      if (!this.#thread.isAlive) return
      this.#log.error(troubleIn(error), 'store thread could not begin')
      this.#thread.fail()
    }
  }
}
