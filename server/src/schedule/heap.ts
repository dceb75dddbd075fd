/** A binary min-heap: `peek` is the smallest by `key`. */
export class Heap<T> {
  readonly #items: T[] = []
  readonly #key: (item: T) => number

  constructor(key: (item: T) => number) {
    this.#key = key
  }

  get size(): number {
    return this.#items.length
  }

  peek(): T | undefined {
    return this.#items[0]
  }

  push(item: T): void {
    const items = this.#items
    let i = items.push(item) - 1
    while (i > 0) {
      const parent = (i - 1) >> 1
      if (this.#keyAt(parent) <= this.#keyAt(i)) break
      this.#swap(i, parent)
      i = parent
    }
  }

  pop(): T | undefined {
    const items = this.#items
    const top = items[0]
    const last = items.pop()
    if (items.length === 0 || last === undefined) return top
    items[0] = last
    this.#sink()
    return top
  }

  #sink(): void {
    for (let i = 0; ; ) {
      const left = 2 * i + 1
      if (left >= this.#items.length) return
      const right = left + 1
      const isRight = right < this.#items.length && this.#keyAt(right) < this.#keyAt(left)
      const child = isRight ? right : left
      if (this.#keyAt(i) <= this.#keyAt(child)) return
      this.#swap(i, child)
      i = child
    }
  }

  #keyAt(i: number): number {
    return this.#key(this.#items[i] as T) // safe: callers stay below the length
  }

  #swap(a: number, b: number): void {
    const items = this.#items
    const held = items[a] as T // safe: callers stay below the length
    items[a] = items[b] as T
    items[b] = held
  }
}
