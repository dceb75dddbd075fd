/** Things made when first asked for, and kept while they are asked for often enough. */
export class Recent<T> {
  readonly #most: number
  readonly #dropped: (item: T) => void
  readonly #items = new Map<string, T>()

  /** Keeps `most`; `dropped` is told what was not asked for the longest and is kept no more. */
  constructor(most: number, dropped: (item: T) => void = () => {}) {
    this.#most = most
    this.#dropped = dropped
  }

  get(key: string, make: () => T): T {
    const item = this.#items.get(key) ?? make()
    this.#items.delete(key)
    this.#items.set(key, item)
    this.#trim()
    return item
  }

  values(): IterableIterator<T> {
    return this.#items.values()
  }

  clear(): void {
    this.#items.clear()
  }

  #trim(): void {
    const [oldest] = this.#items
    if (this.#items.size <= this.#most || oldest === undefined) return
    this.#items.delete(oldest[0])
    this.#dropped(oldest[1])
  }
}
