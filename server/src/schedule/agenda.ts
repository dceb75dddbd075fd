import { Column } from './column.ts'

/** Which rows are due when: a binary heap of their numbers. Each is in it once, at its latest due time. */
export class Agenda {
  /** When each row is, or was last, due. */
  readonly #times: Column
  /** The rows, as the heap has them. */
  readonly #order: Column
  /** Where in the heap each row is, from 1; 0 when it is not. */
  readonly #places: Column
  #size = 0

  constructor(times: Column) {
    this.#times = times
    this.#order = new Column(Uint32Array, times.rows)
    this.#places = new Column(Uint32Array, times.rows)
  }

  has(row: number): boolean {
    return this.#places.get(row) !== 0
  }

  /** Makes `at` the one time at which the row is due. */
  set(row: number, at: number): void {
    const place = this.has(row) ? this.#places.get(row) - 1 : this.#size++
    this.#times.set(row, at)
    this.#settle(row, place)
  }

  /** Takes the row off. */
  remove(row: number): void {
    if (!this.has(row)) return
    const place = this.#places.get(row) - 1
    this.#places.set(row, 0)
    const last = this.#order.get(--this.#size)
    if (last !== row) this.#settle(last, place)
  }

  /** When the next row is due. */
  nextAt(): number | undefined {
    return this.#size === 0 ? undefined : this.#timeAt(0)
  }

  /** Takes off and yields what is due at `now`, earliest first. */
  *takeDue(now: number): Iterable<number> {
    while (this.#size > 0 && this.#timeAt(0) <= now) {
      const row = this.#order.get(0)
      this.remove(row)
      yield row
    }
  }

  /** Makes room for more rows. */
  growTo(rows: number): void {
    for (const column of [this.#times, this.#order, this.#places]) column.growTo(rows)
  }

  /** Moves a row, wherever it is, to where its time belongs. */
  #settle(row: number, place: number): void {
    const at = this.#times.get(row)
    this.#put(this.#sunk(this.#risen(place, at), at), row)
  }

  /** Moves later rows above `place` down, and gives the place that becomes free. */
  #risen(place: number, at: number): number {
    let free = place
    while (free > 0) {
      const parent = (free - 1) >> 1
      if (this.#timeAt(parent) <= at) break
      this.#put(free, this.#order.get(parent))
      free = parent
    }
    return free
  }

  /** Moves earlier rows below `place` up, and gives the place that becomes free. */
  #sunk(place: number, at: number): number {
    let free = place
    for (;;) {
      const left = 2 * free + 1
      if (left >= this.#size) return free
      const right = left + 1
      const isRight = right < this.#size && this.#timeAt(right) < this.#timeAt(left)
      const child = isRight ? right : left
      if (at <= this.#timeAt(child)) return free
      this.#put(free, this.#order.get(child))
      free = child
    }
  }

  #timeAt(place: number): number {
    return this.#times.get(this.#order.get(place))
  }

  #put(place: number, row: number): void {
    this.#order.set(place, row)
    this.#places.set(row, place + 1)
  }
}
