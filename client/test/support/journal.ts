/** Collects what happens, so that a test can wait for it instead of sleeping. */
export class Journal<T> {
  readonly all: T[] = []
  #waiting: { matches: (item: T) => boolean; resolve: (item: T) => void }[] = []
  #read = 0

  add(item: T): void {
    this.all.push(item)
    const ready = this.#waiting.filter(({ matches }) => matches(item))
    this.#waiting = this.#waiting.filter((waiting) => !ready.includes(waiting))
    for (const { resolve } of ready) {
      this.#read = this.all.length
      resolve(item)
    }
  }

  /** The first item since the last one returned here that matches. */
  next(matches: (item: T) => boolean = () => true): Promise<T> {
    const index = this.all.findIndex((item, i) => i >= this.#read && matches(item))
    if (index >= 0) {
      this.#read = index + 1
      return Promise.resolve(this.all[index]!)
    }
    return new Promise((resolve) => this.#waiting.push({ matches, resolve }))
  }
}
