import type { StoreFigures } from '../ports.ts'
import { Counter, Gauge, Histogram, type Registry } from './prom.ts'

/** What is known of the store at a scrape. */
export type StoreState = {
  isUp: boolean
  /** Results and changes of status that wait. */
  waiting: number
  dropped: { results: number; changes: number }
  restarts: number
  /** Null until the store has told them. */
  figures: StoreFigures | null
}

/** What the store counts of itself, and how it is called in a label. */
const TROUBLES = {
  refused: 'refused',
  trimmed: 'trimmed',
  upkeepFailures: 'upkeep_failed',
  early: 'expired_early',
} as const

/** From a write to memory to one that a disk keeps waiting, s. */
const WRITE_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** The store as operators can graph it. */
export class StoreMetrics {
  readonly #writes: Counter
  readonly #duration: Histogram

  constructor(registry: Registry, state: () => StoreState) {
    const registers = [registry]
    this.#writes = new Counter({
      name: 'payer_status_store_writes_total',
      help: 'Batches written to the store, by outcome',
      labelNames: ['outcome'],
      registers,
    })
    for (const outcome of ['success', 'failure']) this.#writes.inc({ outcome }, 0)
    this.#duration = new Histogram({
      name: 'payer_status_store_write_duration_seconds',
      help: 'How long writing a batch took, failed ones included',
      buckets: WRITE_BUCKETS,
      registers,
    })
    registerState(registers, state)
    registerFigures(registers, state)
    registerTroubles(registers, state)
  }

  /** Counts a write that took `ms`. */
  wrote(outcome: 'success' | 'failure', ms: number): void {
    this.#writes.inc({ outcome })
    this.#duration.observe(ms / 1_000)
  }
}

function registerState(registers: Registry[], state: () => StoreState): void {
  new Gauge({
    name: 'payer_status_store_up',
    help: 'Whether history is being kept',
    registers,
    collect() {
      this.set(state().isUp ? 1 : 0)
    },
  })
  new Gauge({
    name: 'payer_status_store_queue_rows',
    help: 'Results and status changes that wait for the store',
    registers,
    collect() {
      this.set(state().waiting)
    },
  })
  new Counter({
    name: 'payer_status_store_dropped_total',
    help: 'What was dropped because store.queue was full',
    labelNames: ['what'],
    registers,
    collect() {
      this.reset()
      for (const [what, count] of Object.entries(state().dropped)) this.inc({ what }, count)
    },
  })
  new Counter({
    name: 'payer_status_store_restarts_total',
    help: 'Times the thread of the store was started again after it ended',
    registers,
    collect() {
      this.reset()
      this.inc(state().restarts)
    },
  })
}

function registerFigures(registers: Registry[], state: () => StoreState): void {
  new Gauge({
    name: 'payer_status_store_size_bytes',
    help: 'How much the store holds',
    registers,
    collect() {
      this.set(state().figures?.bytes ?? 0)
    },
  })
  new Gauge({
    name: 'payer_status_store_oldest_result_timestamp_seconds',
    help: 'When the oldest single result that is kept was seen; 0 without any',
    registers,
    collect() {
      this.set((state().figures?.oldestResultAt ?? 0) / 1_000)
    },
  })
}

function registerTroubles(registers: Registry[], state: () => StoreState): void {
  new Counter({
    name: 'payer_status_store_troubles_total',
    help: 'What was not kept as it came, hours that expired early, and failed upkeep, since the store was opened',
    labelNames: ['what'],
    registers,
    collect() {
      this.reset()
      const troubles = state().figures?.troubles ?? {}
      for (const [key, what] of Object.entries(TROUBLES)) this.inc({ what }, troubles[key] ?? 0)
    },
  })
}
