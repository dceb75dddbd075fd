import type { Clock } from '../ports.ts'

/** What a ticker is made from. */
export type TickerOf = {
  clock: Clock
  /** Longest time between the beginnings of two sweeps, while one is wanted, ms. */
  tick: number
  /** One sweep, in small steps. */
  sweep: () => Iterator<undefined>
  /** Told when a sweep has ended, and how long it took from its beginning, ms. */
  ended: (ms: number) => void
}

/** Sweeps may take one part in so many of the time, as long as `tick` allows the pauses that this needs. */
const SWEEP_SHARE = 4
/** After so long in a sweep the event loop has a turn: it accepts one connection in each. */
const SLICE_MS = 4
/** How long a sweep stands back while clients come in, before its next slice. */
const STAND_BACK_MS = 20

/** When sweeps begin, and how they share the event loop with whoever else needs it. */
export class Ticker {
  readonly #of: TickerOf
  #cancel: (() => void) | undefined
  #steps: Iterator<undefined> | undefined
  #dueAt = 0
  #nextAt = Number.NEGATIVE_INFINITY
  #begunAt = 0
  #busyMs = 0
  #newcomers = 0
  #lateness = 0

  constructor(of: TickerOf) {
    this.#of = of
  }

  /** Marks the next sweep, which begins at once after a quiet time. One that runs must end first. */
  mark(): void {
    if (this.#cancel || this.#steps) return
    const { clock } = this.#of
    const now = clock.monotonic()
    this.#dueAt = Math.max(now, this.#nextAt)
    this.#cancel = clock.after(this.#dueAt - now, () => this.#begin())
  }

  /** Somebody comes in, and goes before the rest of a sweep. */
  newcomer(): void {
    this.#newcomers++
  }

  /** The worst lateness of a sweep since the last call, ms. */
  takeLateness(): number {
    const lateness = this.#lateness
    this.#lateness = 0
    return lateness
  }

  stop(): void {
    this.#cancel?.()
    this.#steps = undefined
  }

  #begin(): void {
    this.#begunAt = this.#of.clock.monotonic()
    this.#lateness = Math.max(this.#lateness, this.#begunAt - this.#dueAt)
    this.#busyMs = 0
    this.#steps = this.#of.sweep()
    this.#slice(this.#steps)
  }

  #slice(steps: Iterator<undefined>): void {
    const { clock } = this.#of
    const begun = clock.monotonic()
    let now = begun
    let isDone = false
    while (!isDone && now - begun < SLICE_MS) {
      isDone = steps.next().done === true
      now = clock.monotonic()
    }
    this.#busyMs += now - begun
    if (isDone) this.#end(now)
    else this.#pause(steps, now)
  }

  #pause(steps: Iterator<undefined>, since: number): void {
    const { clock } = this.#of
    this.#newcomers = 0
    this.#cancel = clock.after(0, () => {
      const isHerd = this.#newcomers > 0 && clock.monotonic() - since < STAND_BACK_MS
      if (isHerd) this.#pause(steps, since)
      else this.#slice(steps)
    })
  }

  #end(now: number): void {
    const { tick, ended } = this.#of
    this.#cancel = undefined
    this.#steps = undefined
    this.#nextAt = this.#begunAt + Math.min(tick, SWEEP_SHARE * this.#busyMs)
    ended(now - this.#begunAt)
  }
}
