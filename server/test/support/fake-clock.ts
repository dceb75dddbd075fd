import type { Clock } from '../../src/ports.ts'

/** A clock that stands still until it is told to `advance`. */
export class FakeClock implements Clock {
  #now: number
  #monotonic = 0
  #timers: { at: number; run: () => void }[] = []

  constructor(now = Date.UTC(2026, 0, 1)) {
    this.#now = now
  }

  now(): number {
    return this.#now
  }

  monotonic(): number {
    return this.#monotonic
  }

  /** How many timers wait. */
  get waiting(): number {
    return this.#timers.length
  }

  after(ms: number, run: () => void): () => void {
    const timer = { at: this.#monotonic + ms, run }
    this.#timers.push(timer)
    return () => {
      this.#timers = this.#timers.filter((t) => t !== timer)
    }
  }

  /** Moves the wall clock alone, as a correction of the machine's time does. */
  jump(ms: number): void {
    this.#now += ms
  }

  /** Moves time forward, running due timers in order and letting promises settle between them. */
  async advance(ms: number): Promise<void> {
    const end = this.#monotonic + ms
    for (;;) {
      await settle()
      const next = this.#timers.filter((t) => t.at <= end).sort((a, b) => a.at - b.at)[0]
      if (next === undefined) break
      this.#timers = this.#timers.filter((t) => t !== next)
      this.#pass(Math.max(0, next.at - this.#monotonic))
      next.run()
    }
    this.#pass(end - this.#monotonic)
  }

  /** Gives what waits for the event loop alone one turn; time stands still. */
  async turn(): Promise<void> {
    const due = this.#timers.filter((t) => t.at <= this.#monotonic)
    this.#timers = this.#timers.filter((t) => t.at > this.#monotonic)
    for (const { run } of due) run()
    await settle()
  }

  #pass(ms: number): void {
    this.#monotonic += ms
    this.#now += ms
  }
}

/** Lets every promise that can settle without I/O do so. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
