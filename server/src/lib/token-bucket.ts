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
    return this.waitFor(1)
  }

  /** Time until so many tokens have been there, ms, if each is taken as it comes. */
  waitFor(tokens: number): number {
    this.#fill()
    const lacking = tokens - this.#tokens
    return lacking <= ROUNDING ? 0 : lacking / this.#perMs
  }

  /** Takes a token, if there is one. */
  take(): boolean {
    if (!this.isReady) return false
    this.#tokens--
    return true
  }

  /** Takes a token that is not there yet: it is lacking until it has come. */
  borrow(): void {
    this.#fill()
    this.#tokens--
  }

  #fill(): void {
    const now = this.#clock.monotonic()
    this.#tokens = Math.min(this.#capacity, this.#tokens + (now - this.#filledAt) * this.#perMs)
    this.#filledAt = now
  }
}
