import type { Timing } from '../../src/timing.ts'

type Timer = { at: number; ms: number; run: () => void }

/** Time that stands still until it is told to pass, and chance that is said beforehand. */
export class FakeTiming implements Timing {
  chance = 0.5
  #now = Date.UTC(2026, 0, 1)
  #timers: Timer[] = []

  now(): number {
    return this.#now
  }

  random(): number {
    return this.chance
  }

  /** The delays that are being waited for, ms. */
  get waits(): number[] {
    return this.#timers.map(({ ms }) => ms)
  }

  after(ms: number, run: () => void): () => void {
    const timer = { at: this.#now + ms, ms, run }
    this.#timers.push(timer)
    return () => {
      this.#timers = this.#timers.filter((one) => one !== timer)
    }
  }

  /** Moves time forward and runs what is due, in order. */
  pass(ms: number): void {
    const end = this.#now + ms
    for (;;) {
      const due = this.#timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0]
      if (due === undefined) break
      this.#timers = this.#timers.filter((one) => one !== due)
      this.#now = Math.max(this.#now, due.at)
      due.run()
    }
    this.#now = end
  }
}
