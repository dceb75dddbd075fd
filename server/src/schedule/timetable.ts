import { Heap } from './heap.ts'

/** Something with a due time. `version` tells its latest entry from those it has left behind. */
export type Timed = { dueAt: number; version: number }

type Entry<T> = { item: T; version: number; at: number }

/** Who is due when: each item once, at its latest due time. Changing that costs one entry; the old one becomes void. */
export class Timetable<T extends Timed> {
  readonly #heap = new Heap<Entry<T>>((entry) => entry.at)

  /** Makes `at` the one time at which the item is due. */
  set(item: T, at: number): void {
    item.dueAt = at
    item.version++
    this.#heap.push({ item, version: item.version, at })
  }

  /** Takes the item off. */
  remove(item: T): void {
    item.version++
  }

  /** When the next item is due. */
  nextAt(): number | undefined {
    for (let top = this.#heap.peek(); top; top = this.#heap.peek()) {
      if (top.version === top.item.version) return top.at
      this.#heap.pop()
    }
    return undefined
  }

  /** Takes off and yields what is due at `now`, earliest first. */
  *takeDue(now: number): Iterable<T> {
    for (let at = this.nextAt(); at !== undefined && at <= now; at = this.nextAt()) {
      const item = this.#heap.pop()?.item
      if (item === undefined) return
      item.version++
      yield item
    }
  }
}
