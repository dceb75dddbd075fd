import type { Clock } from '../ports.ts'

/** How many frames a client may send. OWASP calls 100 a minute a common starting point; bursts are short. */
export const MESSAGE_RATE = { perSecond: 10, burst: 20, perMinute: 100 } as const

const MINUTE = 60_000
const TOLERATED = 2

/** What is done with one frame from a client. */
export type RateVerdict = 'pass' | 'refuse' | 'close'

/**
 * Counts the frames of one client. The third that is too many within a minute ends the connection. There is one for
 * each of thousands of clients, so it holds times instead of buckets: when the frames so far will have been paid for.
 * Source: the generic cell rate algorithm, ITU-T I.371.
 */
export class MessageRate {
  readonly #clock: Clock
  #shortPaidAt = 0
  #longPaidAt = 0
  #violations: number[] | undefined

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Counts a frame that has just come. */
  count(): RateVerdict {
    const { perSecond, burst, perMinute } = MESSAGE_RATE
    const now = this.#clock.monotonic()
    const short = Math.max(now, this.#shortPaidAt) + 1_000 / perSecond
    const long = Math.max(now, this.#longPaidAt) + MINUTE / perMinute
    if (short - now <= (burst * 1_000) / perSecond && long - now <= MINUTE) {
      this.#shortPaidAt = short
      this.#longPaidAt = long
      return 'pass'
    }
    const recent = (this.#violations ?? []).filter((at) => now - at < MINUTE)
    this.#violations = [...recent, now]
    return this.#violations.length > TOLERATED ? 'close' : 'refuse'
  }
}
