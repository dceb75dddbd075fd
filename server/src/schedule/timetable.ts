import { Heap } from './heap.ts'

/** Something with a due time. `version` tells its latest entry from those it has left behind. */
export type Timed = { dueAt: number; version: number }

type Entry<T> = { item: T; version: number; at: number }

/** Void entries are not worth a rebuild below this. */
const LEAST_VOID = 1_000

/** Who is due when: each item once, at its latest due time. Changing that costs one entry; the old one becomes void. */
export class Timetable<T extends Timed> {
  #heap = new Heap<Entry<T>>((entry) => entry.at)
  /** Entries in the heap that still count. */
  readonly #live = new Map<T, Entry<T>>()

  /** Makes `at` the one time at which the item is due. */
  set(item: T, at: number): void {
    item.dueAt = at
    item.version++
    const entry = { item, version: item.version, at }
    this.#live.set(item, entry)
    this.#heap.push(entry)
    if (this.#heap.size > 2 * this.#live.size + LEAST_VOID) this.#rebuild()
  }

  /** Takes the item off. */
  remove(item: T): void {
    item.version++
    this.#live.delete(item)
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
      this.#live.delete(item)
      yield item
    }
  }

  /** Leaves the void entries behind, which else live until their time: weeks, with long intervals and many reloads. */
  #rebuild(): void {
    this.#heap = new Heap<Entry<T>>((entry) => entry.at)
    for (const entry of this.#live.values()) this.#heap.push(entry)
  }
}
