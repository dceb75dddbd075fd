/** How many there are now, and how many from one address: counted in one thread, or by several together. */
export type HeadCount = {
  readonly total: number
  /** Those from one address; with several threads, rather too many than too few. */
  from(address: string): number
  add(address: string): void
  remove(address: string): void
}

/** Counts in this thread alone. */
export class OwnHeadCount implements HeadCount {
  readonly #byAddress = new Map<string, number>()
  #total = 0

  get total(): number {
    return this.#total
  }

  from(address: string): number {
    return this.#byAddress.get(address) ?? 0
  }

  add(address: string): void {
    this.#total++
    this.#byAddress.set(address, this.from(address) + 1)
  }

  remove(address: string): void {
    this.#total--
    const left = this.from(address) - 1
    if (left > 0) this.#byAddress.set(address, left)
    else this.#byAddress.delete(address)
  }
}
