/** Something with a due time. The timetable keeps both fields. */
export type Timed = {
  dueAt: number
  /** Where in a timetable it is; -1 when it is in none. */
  row: number
}

/** Rows at first; it doubles when they are full. */
const ROWS = 64

/** Who is due when: a binary heap with the times packed beside the items. Each item is in it once, at its latest due time. */
export class Timetable<T extends Timed> {
  readonly #items: T[] = []
  #times = new Float64Array(ROWS)

  /** Makes `at` the one time at which the item is due. */
  set(item: T, at: number): void {
    item.dueAt = at
    if (item.row === -1) this.#append(item)
    this.#settle(item, at)
  }

  /** Takes the item off. */
  remove(item: T): void {
    const { row } = item
    if (row === -1) return
    item.row = -1
    const last = this.#items.pop()
    if (last === undefined || last === item) return
    last.row = row
    this.#items[row] = last
    this.#settle(last, last.dueAt)
  }

  /** When the next item is due. */
  nextAt(): number | undefined {
    return this.#items[0]?.dueAt
  }

  /** Takes off and yields what is due at `now`, earliest first. */
  *takeDue(now: number): Iterable<T> {
    for (let top = this.#items[0]; top && top.dueAt <= now; top = this.#items[0]) {
      this.remove(top)
      yield top
    }
  }

  #append(item: T): void {
    item.row = this.#items.push(item) - 1
    if (item.row < this.#times.length) return
    const times = new Float64Array(2 * this.#times.length)
    times.set(this.#times)
    this.#times = times
  }

  /** Moves an item, wherever it is, to where its time belongs. */
  #settle(item: T, at: number): void {
    const row = this.#risen(item.row, at)
    this.#put(this.#sunk(row, at), item, at)
  }

  /** Moves later items above `row` down, and gives the row that becomes free. */
  #risen(row: number, at: number): number {
    let free = row
    while (free > 0) {
      const parent = (free - 1) >> 1
      if (this.#timeAt(parent) <= at) break
      this.#move(parent, free)
      free = parent
    }
    return free
  }

  /** Moves earlier items below `row` up, and gives the row that becomes free. */
  #sunk(row: number, at: number): number {
    let free = row
    for (;;) {
      const left = 2 * free + 1
      if (left >= this.#items.length) return free
      const right = left + 1
      const isRight = right < this.#items.length && this.#timeAt(right) < this.#timeAt(left)
      const child = isRight ? right : left
      if (at <= this.#timeAt(child)) return free
      this.#move(child, free)
      free = child
    }
  }

  #timeAt(row: number): number {
    return this.#times[row] as number // safe: callers stay below the length
  }

  #move(from: number, to: number): void {
    this.#put(to, this.#items[from] as T, this.#timeAt(from)) // safe: callers stay below the length
  }

  #put(row: number, item: T, at: number): void {
    item.row = row
    this.#items[row] = item
    this.#times[row] = at
  }
}
