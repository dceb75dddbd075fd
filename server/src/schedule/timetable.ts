import { Agenda } from './agenda.ts'
import { Column } from './column.ts'

/** Something with a due time. The timetable keeps both fields. */
export type Timed = {
  dueAt: number
  /** Its row in a timetable; -1 when it is in none. */
  row: number
}

/** Rows at first; they double when they are taken. */
const ROWS = 64

/** Who is due when. Each item is in it once, at its latest due time. */
export class Timetable<T extends Timed> {
  /** By row; undefined where a row is free. */
  readonly #items: (T | undefined)[] = []
  readonly #free: number[] = []
  readonly #times = new Column(Float64Array, ROWS)
  readonly #agenda = new Agenda(this.#times)

  /** Makes `at` the one time at which the item is due. */
  set(item: T, at: number): void {
    item.dueAt = at
    if (item.row === -1) this.#allot(item)
    this.#agenda.set(item.row, at)
  }

  /** Takes the item off. */
  remove(item: T): void {
    const { row } = item
    if (row === -1) return
    item.row = -1
    this.#agenda.remove(row)
    this.#items[row] = undefined
    this.#free.push(row)
  }

  /** When the next item is due. */
  nextAt(): number | undefined {
    return this.#agenda.nextAt()
  }

  /** Takes off and yields what is due at `now`, earliest first. */
  *takeDue(now: number): Iterable<T> {
    for (const row of this.#agenda.takeDue(now)) {
      const item = this.#items[row]
      if (item === undefined) continue
      this.remove(item)
      yield item
    }
  }

  #allot(item: T): void {
    item.row = this.#free.pop() ?? this.#items.length
    this.#items[item.row] = item
    if (item.row >= this.#times.rows) this.#agenda.growTo(2 * this.#times.rows)
  }
}
