import type { Clock } from '../lib/clock.ts'
import { type Cron, cronFirings } from '../lib/cron.ts'
import { type QuietHours, quietEnd } from '../lib/quiet-hours.ts'

/** The wall clock was set, and not merely read with another rounding. */
const JUMP_MS = 1_000

/** Times of the wall clock in monotonic time, in which everything else is scheduled. */
export class Calendar {
  readonly #clock: Clock
  readonly #firings = new Map<string, (after: number) => number>()
  /** What monotonic time lacks to epoch ms. */
  #shift: number

  constructor(clock: Clock) {
    this.#clock = clock
    this.#shift = shiftOf(clock)
  }

  /** Takes over what the wall clock says now; whether it was set since the last time. */
  adjust(): boolean {
    const shift = shiftOf(this.#clock)
    if (Math.abs(shift - this.#shift) < JUMP_MS) return false
    this.#shift = shift
    return true
  }

  /** When the quiet times that hold at `at` are over; `at` itself when there are none. */
  quietEnd(quiet: readonly QuietHours[], at: number): number {
    const wall = this.#wallAt(at)
    const end = quietEnd(quiet, wall)
    return end === wall ? at : end - this.#shift
  }

  /** The first time of the expression after `at`. */
  firingAfter(cron: Cron, at: number): number {
    const key = `${cron.timeZone} ${cron.expression}`
    const firings = this.#firings.get(key) ?? cronFirings(cron)
    this.#firings.set(key, firings)
    return firings(this.#wallAt(at)) - this.#shift
  }

  /** Forgets the expressions of an older configuration. */
  forget(): void {
    this.#firings.clear()
  }

  #wallAt(at: number): number {
    return Math.round(at + this.#shift)
  }
}

function shiftOf(clock: Clock): number {
  return clock.now() - clock.monotonic()
}
