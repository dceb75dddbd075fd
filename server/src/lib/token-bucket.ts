import type { Clock } from './clock.ts'

/** A token that lacks less than this counts as whole: sums of many small fillings are not exact. */
const ROUNDING = 1e-6

/** A token bucket: holds at most `capacity`, filled evenly with `perSecond`. */
export class TokenBucket {
  readonly #clock: Clock
  readonly #capacity: number
  readonly #perMs: number
  #tokens: number
  #filledAt: number

  constructor(clock: Clock, { capacity, perSecond }: { capacity: number; perSecond: number }) {
    this.#clock = clock
    this.#capacity = capacity
    this.#perMs = perSecond / 1_000
    this.#tokens = capacity
    this.#filledAt = clock.monotonic()
  }

  /** Whether a token is there. */
  get isReady(): boolean {
    this.#fill()
    return this.#tokens >= 1 - ROUNDING
  }

  /** Time until a token is there, ms. */
  get waitMs(): number {
    this.#fill()
    return Math.max(0, (1 - this.#tokens) / this.#perMs)
  }

  /** Takes a token, if there is one. */
  take(): boolean {
    if (!this.isReady) return false
    this.#tokens--
    return true
  }

  #fill(): void {
    const now = this.#clock.monotonic()
    this.#tokens = Math.min(this.#capacity, this.#tokens + (now - this.#filledAt) * this.#perMs)
    this.#filledAt = now
  }
}
