import type { Clock } from '../lib/clock.ts'

/** The timer is set to no later than this, ms, so that it is noticed when someone sets the wall clock. */
const LONGEST_WAIT = 60_000

/** One timer, set anew each time. */
export class Alarm {
  readonly #clock: Clock
  readonly #ring: () => void
  #cancel = () => {}

  constructor(clock: Clock, ring: () => void) {
    this.#clock = clock
    this.#ring = ring
  }

  /** Rings at the earliest of these times, or a little before one that is far off; not at all where none is given. */
  set(...times: readonly (number | undefined)[]): void {
    this.stop()
    const next = Math.min(...times.filter((at) => at !== undefined))
    if (next === Number.POSITIVE_INFINITY) return
    const wait = Math.min(LONGEST_WAIT, Math.max(0, next - this.#clock.monotonic()))
    this.#cancel = this.#clock.after(wait, this.#ring)
  }

  stop(): void {
    this.#cancel()
  }
}
