import { APART } from './apart.ts'
import type { Feed } from './feed.ts'

const FIRST_ROOM = 4

/**
 * Those of a group who stand in step, side by side, with the position up to which each has been told. Positions lie packed
 * beside the feeds, so that a look at ten thousand of them does not touch ten thousand feeds.
 */
export class Row {
  readonly #feeds: Feed[] = []
  #revs = new Float64Array(FIRST_ROOM)
  /** Where all stand at least. */
  #least = 0

  get size(): number {
    return this.#feeds.length
  }

  at(seat: number): Feed | undefined {
    return this.#feeds[seat]
  }

  /** The position up to which the one on a seat has been told. */
  positionOf(seat: number): number {
    return Math.max(this.#revs[seat] ?? 0, this.#least)
  }

  /** The one on a seat has been told up to `rev`. */
  told(seat: number, rev: number): void {
    this.#revs[seat] = rev
  }

  /** Nothing has changed for any of them up to `rev`. */
  lift(rev: number): void {
    this.#least = rev
  }

  /** Gives a seat to a feed that has been told up to `rev`. */
  seat(feed: Feed, rev: number): void {
    feed.seat = this.#feeds.push(feed) - 1
    if (feed.seat === this.#revs.length) this.#makeRoom()
    this.#revs[feed.seat] = rev
  }

  /** Takes the seat of a feed; the last one moves up to it. */
  unseat(feed: Feed): void {
    const last = this.#feeds.pop()
    if (last !== undefined && last !== feed) {
      this.#feeds[feed.seat] = last
      this.#revs[feed.seat] = this.#revs[last.seat] ?? 0
      last.seat = feed.seat
    }
    feed.seat = APART
  }

  #makeRoom(): void {
    const revs = new Float64Array(this.#revs.length * 2)
    revs.set(this.#revs)
    this.#revs = revs
  }
}
