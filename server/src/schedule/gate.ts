import type { Clock } from '../lib/clock.ts'
import { TokenBucket } from '../lib/token-bucket.ts'
import type { Timed } from './timetable.ts'

/** What is asked of one host, or of one payer, at most. */
export type Budget = {
  /** Probes at once. */
  concurrent: number
  /** Probes a minute, on average. */
  perMinute: number
}

/** A budget and what it is of: all who name the same share it. */
export type Share = Budget & { of: 'host' | 'payer'; name: string }

/** This share of a minute's probes may come at once; the others come evenly. */
const BURST = 0.25

/** How many probes may come at once after a pause, so far as tokens go. */
export function burstOf(perMinute: number): number {
  return Math.max(1, BURST * perMinute)
}

/** One budget in use: who runs on it, and who waits for it, first come first served. */
export class Gate<T> implements Timed {
  readonly queue = new Set<T>()
  dueAt = 0
  row = -1
  readonly #clock: Clock
  #bucket: TokenBucket | undefined
  #running = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Whether nobody runs on it or waits for it. */
  get isIdle(): boolean {
    return this.#running === 0 && this.queue.size === 0
  }

  /** What one with this budget has to wait for: another's end, or a token, which is there in so many ms. */
  obstacle({ concurrent, perMinute }: Budget): 'place' | { tokenIn: number } | undefined {
    if (this.#running >= concurrent) return 'place'
    const bucket = this.#bucketOf(perMinute)
    return bucket === undefined || bucket.isReady ? undefined : { tokenIn: bucket.waitMs }
  }

  /** Time until a token comes for `item`, ms: those who wait before it, all if it does not wait, go first. */
  tokenIn(item: T, { perMinute }: Budget): number {
    const bucket = this.#bucketOf(perMinute)
    if (bucket === undefined) return 0
    const before = this.queue.has(item) ? [...this.queue].indexOf(item) : this.queue.size
    return bucket.waitFor(before + 1)
  }

  /** Spends a token that comes later, for more that is asked by one that runs on it. */
  borrow({ perMinute }: Budget): void {
    this.#bucketOf(perMinute)?.borrow()
  }

  enter({ perMinute }: Budget): void {
    this.#running++
    this.#bucketOf(perMinute)?.take()
  }

  leave(): void {
    this.#running--
  }

  #bucketOf(perMinute: number): TokenBucket | undefined {
    if (perMinute === Number.POSITIVE_INFINITY) return undefined
    this.#bucket ??= new TokenBucket(this.#clock, {
      capacity: burstOf(perMinute),
      perSecond: perMinute / 60,
    })
    return this.#bucket
  }
}
