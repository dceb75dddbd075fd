import type { Clock } from '../ports.ts'

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
    return this.#tokens >= 1
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

/** How many frames a client may send. OWASP calls 100 a minute a common starting point; bursts are short. */
export const MESSAGE_RATE = { perSecond: 10, burst: 20, perMinute: 100 } as const

const MINUTE = 60_000
const TOLERATED = 2

/** What is done with one frame from a client. */
export type RateVerdict = 'pass' | 'refuse' | 'close'

/** Counts the frames of one client. The third that is too many within a minute ends the connection. */
export class MessageRate {
  readonly #clock: Clock
  readonly #short: TokenBucket
  readonly #long: TokenBucket
  #violations: number[] = []

  constructor(clock: Clock) {
    const { perSecond, burst, perMinute } = MESSAGE_RATE
    this.#clock = clock
    this.#short = new TokenBucket(clock, { capacity: burst, perSecond })
    this.#long = new TokenBucket(clock, { capacity: perMinute, perSecond: perMinute / 60 })
  }

  /** Counts a frame that has just come. */
  count(): RateVerdict {
    if (this.#short.isReady && this.#long.isReady) {
      this.#short.take()
      this.#long.take()
      return 'pass'
    }
    const now = this.#clock.monotonic()
    this.#violations = [...this.#violations.filter((at) => now - at < MINUTE), now]
    return this.#violations.length > TOLERATED ? 'close' : 'refuse'
  }
}
