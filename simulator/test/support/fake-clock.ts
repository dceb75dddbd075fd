import type { Clock } from '../../src/clock.ts'

/** A clock that stands still until it is told to `advance`. */
export class FakeClock implements Clock {
  #elapsed = 0
  #timers: { at: number; run: () => void }[] = []

  now(): number {
    return Date.UTC(2026, 0, 15, 8, 30) + this.#elapsed
  }

  monotonic(): number {
    return this.#elapsed
  }

  /** How many timers wait. */
  get waiting(): number {
    return this.#timers.length
  }

  after(ms: number, run: () => void): () => void {
    const timer = { at: this.#elapsed + ms, run }
    this.#timers.push(timer)
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer)
    }
  }

  /** Moves time forward and runs what is due, in order. */
  advance(ms: number): void {
    const end = this.#elapsed + ms
    for (;;) {
      const [next] = this.#timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)
      if (next === undefined) break
      this.#timers = this.#timers.filter((other) => other !== next)
      this.#elapsed = Math.max(this.#elapsed, next.at)
      next.run()
    }
    this.#elapsed = end
  }

  /** Resolves when `count` timers wait. */
  async waitFor(count: number): Promise<void> {
    while (this.#timers.length < count) await new Promise((resolve) => setImmediate(resolve))
  }
}
