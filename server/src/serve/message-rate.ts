import { TokenBucket } from '../lib/token-bucket.ts'
import type { Clock } from '../ports.ts'

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
