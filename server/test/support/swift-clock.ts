import type { Clock } from '../../src/ports.ts'
import { Timetable } from '../../src/schedule/timetable.ts'

type Timer = { dueAt: number; row: number; run: () => void }

/** Promises that wait for each other settle in so many turns: more than a probe has between two of its timers. */
const TURNS = 8

/** A clock for long simulations: between its timers only promises settle, the event loop takes no turn. */
export class SwiftClock implements Clock {
  readonly #timers = new Timetable<Timer>()
  readonly #began: number
  #monotonic = 0

  constructor(began: number) {
    this.#began = began
  }

  now(): number {
    return Math.floor(this.#began + this.#monotonic)
  }

  monotonic(): number {
    return this.#monotonic
  }

  after(ms: number, run: () => void): () => void {
    const timer = { dueAt: 0, row: -1, run }
    this.#timers.set(timer, this.#monotonic + ms)
    return () => this.#timers.remove(timer)
  }

  /** Moves time forward to `end`, running due timers in order. */
  async runUntil(end: number): Promise<void> {
    for (
      let at = this.#timers.nextAt();
      at !== undefined && at <= end;
      at = this.#timers.nextAt()
    ) {
      this.#monotonic = Math.max(this.#monotonic, at)
      for (const { run } of this.#timers.takeDue(at)) {
        run()
        for (let i = 0; i < TURNS; i++) await null
      }
    }
    this.#monotonic = end
  }
}
