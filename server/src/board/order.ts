import type { BoardEntry } from './entry.ts'

/** Entries in `rev` order, linked to each other, so that the latest and the oldest are found without looking for them. */
export class RevOrder {
  #oldest: BoardEntry | undefined
  #newest: BoardEntry | undefined

  get oldest(): BoardEntry | undefined {
    return this.#oldest
  }

  get newest(): BoardEntry | undefined {
    return this.#newest
  }

  /** Every entry after `rev`, latest first. */
  *since(rev: number): Iterable<BoardEntry> {
    for (let entry = this.#newest; entry && entry.log.rev > rev; entry = entry.older) yield entry
  }

  append(entry: BoardEntry): void {
    entry.older = this.#newest
    if (this.#newest) this.#newest.newer = entry
    else this.#oldest = entry
    this.#newest = entry
  }

  unlink(entry: BoardEntry): void {
    const { older, newer } = entry
    if (older) older.newer = newer
    else this.#oldest = newer
    if (newer) newer.older = older
    else this.#newest = older
    entry.older = undefined // a reader may still hold the entry: it must not hold the whole past
    entry.newer = undefined
  }
}
