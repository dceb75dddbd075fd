import type { Io } from './io.ts'

/** Where no line can be written over, one is written this often, ms. */
const EVERY_MS = 10_000
const ERASE_LINE = '\r\u001b[K'

/** How far long work has come, on the error output: one line that changes on a terminal, a line now and then elsewhere. */
export class Progress {
  readonly #io: Io
  readonly #total: number
  readonly #what: string
  #done = 0
  #toldAt: number

  constructor(io: Io, total: number, what = 'probed') {
    this.#io = io
    this.#total = total
    this.#what = what
    this.#toldAt = io.clock.monotonic()
    this.#tell()
  }

  step(): void {
    this.reach(this.#done + 1)
  }

  /** So much is done now. */
  reach(done: number): void {
    this.#done = done
    this.#tell()
  }

  /** Takes the line away. */
  end(): void {
    if (this.#io.err.isTTY) this.#io.err.write(ERASE_LINE)
  }

  #tell(): void {
    const { clock, err } = this.#io
    const text = `${this.#done} of ${this.#total} ${this.#what}`
    if (err.isTTY) err.write(`${ERASE_LINE}${text}`)
    else if (clock.monotonic() - this.#toldAt >= EVERY_MS) {
      this.#toldAt = clock.monotonic()
      err.write(`${text}\n`)
    }
  }
}
