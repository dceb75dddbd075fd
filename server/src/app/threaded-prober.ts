import { AppError } from '../lib/errors.ts'
import { packSecrets } from '../lib/secret.ts'
import type { EndpointState, ProbeResult } from '../model.ts'
import type { Assignment, Clock, Log, Prober, ProberEvents, Traced } from '../ports.ts'
import { SupervisedThread, threadFile } from './supervised-thread.ts'
import type { Assign, ToldBatch, Trace, WorkerStart } from './thread-messages.ts'

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

/** The prober side in a worker thread. A crashed thread is started again and goes on from the last known states. */
export class ThreadedProber implements Prober {
  readonly #deps: ThreadDeps
  readonly #thread: SupervisedThread<Assign | Trace, ToldBatch>
  #traced: readonly Traced[] = []
  #assignment: Assignment = { endpoints: [], states: [], reset: [] }
  #assignments = 0
  /** The number of the assignment in which an endpoint last began anew. */
  readonly #resetIn = new Map<string, number>()

  constructor(deps: ThreadDeps) {
    const { log } = deps
    const room = 'prober'
    this.#deps = deps
    this.#thread = new SupervisedThread({
      name: 'prober',
      entry: deps.entry ?? threadFile('prober-thread'),
      workerData: deps.start,
      clock: deps.clock,
      gone: () => new AppError('ERR_PROBER_GONE', 'the prober is being started again'),
      received: (message) => this.#receive(message),
      failed: (code) => log.error({ room, code }, 'prober thread failed'),
      ended: (latencyMs) => log.error({ room, latencyMs }, 'prober thread ended, starting another'),
      restarted: () => {
        this.assign({ ...this.#assignment, states: deps.knownStates(), reset: [] })
        this.trace(this.#traced)
      },
    })
  }

  /** How often the thread had to be started again. */
  get restarts(): number {
    return this.#thread.restarts
  }

  assign(assignment: Assignment): void {
    this.#assignment = assignment
    this.#assignments++
    const ids = new Set(assignment.endpoints.map(({ id }) => id))
    for (const id of this.#resetIn.keys()) if (!ids.has(id)) this.#resetIn.delete(id)
    for (const id of assignment.reset) this.#resetIn.set(id, this.#assignments)
    const packed = packSecrets(assignment)
    this.#thread.send({ say: 'assign', packed, assignment: this.#assignments })
  }

  async probeNow(endpoint: string, patience?: number): Promise<ProbeResult> {
    return (await this.#thread.ask({ probe: endpoint, patience })) as ProbeResult // safe: what prober-thread.ts answers
  }

  trace(traced: readonly Traced[]): void {
    this.#traced = traced
    this.#thread.send({ say: 'trace', traced })
  }

  async metrics(): Promise<object[]> {
    const metrics = (await this.#thread.ask('metrics')) as object[] // safe: what prober-thread.ts answers
    return [...metrics, restartsMetric(this.restarts)]
  }

  stop(grace: number): Promise<void> {
    return this.#thread.stop(grace)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop(0)
  }

  #receive({ batch, assignment }: ToldBatch): void {
    for (const told of batch) {
      if ('state' in told) this.#tellState(told.state, assignment)
      else this.#deps.tell.result(told.result)
    }
  }

  /** What was said of an endpoint before it began anew is dropped. */
  #tellState(state: EndpointState, assignment: number): void {
    if (assignment >= (this.#resetIn.get(state.endpoint) ?? 0)) this.#deps.tell.state(state)
  }
}

/** In prom-client's JSON form, as the thread's own metrics are. */
function restartsMetric(value: number): object {
  const name = 'payer_status_prober_restarts_total'
  const help = 'Times the prober thread was started again after it ended'
  return { name, help, type: 'counter', aggregator: 'sum', values: [{ labels: {}, value }] }
}
