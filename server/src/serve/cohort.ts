import type { Feed } from './feed.ts'

/** Those of a group who have been told up to the same position. */
export class Cohort {
  rev: number
  readonly feeds: Feed[] = []

  constructor(rev: number) {
    this.rev = rev
  }

  /** Takes a feed in. */
  seat(feed: Feed): void {
    feed.cohort = this
    feed.seat = this.feeds.push(feed) - 1
  }

  /** Lets a feed go; the last takes its seat. */
  unseat(feed: Feed): void {
    const last = this.feeds.pop()
    if (last !== undefined && last !== feed) {
      this.feeds[feed.seat] = last
      last.seat = feed.seat
    }
    feed.cohort = undefined
  }
}
