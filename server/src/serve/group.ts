import type { Detail, ResolvedFilter } from '@payer-status/protocol'
import type { Board, Changes, Query } from '../board/board.ts'
import type { BoardEntry } from '../board/entry.ts'
import { Batch } from './batch.ts'
import { Cohort } from './cohort.ts'
import type { Feed } from './feed.ts'
import type { Framed, Piece } from './frames.ts'
import type { Channel, HubCounters } from './hub-counters.ts'
import { v1Pieces } from './v1-results.ts'

/** What a group is one for: all its clients are told the same, in the same form. */
export type Wish = { channel: Channel; filter: ResolvedFilter; detail: Detail }

/** The name under which a wish is the same as another. */
export function wishKey({ channel, filter, detail }: Wish): string {
  return `${channel} ${detail} ${filter.key}`
}

/**
 * Those with one wish. What they are told is read and encoded once for each position they stand at. Nearly all stand in
 * step, in a few cohorts of one position each.
 */
export class Group {
  readonly wish: Wish
  /** How many records have passed by since the group began, for counting what slow clients are spared. */
  passed = 0
  /** How many feeds follow it. */
  members = 0
  /** Those in step; after a sweep, all stand at or after the position where it began. */
  #cohorts: Cohort[] = []
  readonly #query: Query
  readonly #board: Board
  readonly #counters: HubCounters
  /** The board's position that the kept batches end at. */
  #rev = -1
  #updates = new Map<number, Batch>()
  #snapshot: Batch | undefined

  constructor(wish: Wish, { board, counters }: { board: Board; counters: HubCounters }) {
    this.wish = wish
    this.#query = { filter: wish.filter, by: changesFor(wish) }
    this.#board = board
    this.#counters = counters
  }

  /** Takes a feed that has been told up to `cursor` in step. */
  stepIn(feed: Feed, cursor: number): void {
    this.#cohortAt(cursor).seat(feed)
  }

  /** Nothing has changed for them up to `rev`: all in step stand there now, as one. */
  lift(rev: number): void {
    const [first, ...others] = this.#cohorts
    if (first === undefined) return
    first.rev = rev
    for (const { feeds } of others) for (const feed of feeds) first.seat(feed)
    this.#cohorts = [first]
  }

  /**
   * Tells everybody in step what changed since they were last told, up to the moment when it is their turn: one write
   * each, `step` of them at a time. Those who do not keep up, or need more than one write, fall out of step.
   */
  *tell(step: number, records: number): Generator<undefined> {
    const before = this.#cohorts
    this.#cohorts = []
    for (const cohort of before)
      while (cohort.feeds.length > 0 && this.#tellSome(cohort, step)) yield
    this.passed += records
  }

  /** Everything that matches and changed after `cursor`, up to now. */
  updatesSince(cursor: number): Batch {
    this.#forgetOld()
    const known = this.#updates.get(cursor)
    if (known) return known
    const batch = this.#batch('updates', cursor, this.#board.changedSince(this.#query, cursor))
    this.#updates.set(cursor, batch)
    return batch
  }

  /** Everything that matches now. */
  snapshot(): Batch {
    this.#forgetOld()
    this.#snapshot ??= this.#batch('snapshot', 0, this.#board.present(this.wish.filter))
    return this.#snapshot
  }

  /** Frees what was kept for clients that come at the same time. */
  release(): void {
    for (const batch of this.#updates.values()) batch.release()
    this.#updates.clear()
    this.#snapshot?.release()
    this.#snapshot = undefined
  }

  /** Tells some of a cohort; false when there is nothing to tell them, and they stand with the others as they are. */
  #tellSome(cohort: Cohort, step: number): boolean {
    const { epoch } = this.#board
    const batch = this.#board.canResume({ epoch, rev: cohort.rev })
      ? this.updatesSince(cohort.rev)
      : undefined
    if (batch?.records === 0) {
      cohort.rev = batch.rev
      this.#cohorts.push(cohort)
      return false
    }
    const some = cohort.feeds.slice(-step)
    if (batch?.parts === 1) this.#write(batch, some)
    else for (const feed of some) feed.fallOut()
    return true
  }

  /**
   * Looks at several before it writes to any: what is to be known of them lies scattered in memory and is fetched side by
   * side, where a write between two looks would make each wait.
   */
  #write(batch: Batch, feeds: readonly Feed[]): void {
    const framed = batch.peek()
    const told = this.#cohortAt(batch.rev)
    const ready = feeds.map((feed) => feed.keepsUp)
    let writes = 0
    for (const [i, feed] of feeds.entries())
      if (ready[i]) {
        feed.write(framed.bytes)
        feed.cohort?.unseat(feed)
        told.seat(feed)
        writes++
      } else feed.fallOut()
    this.#count(framed, writes)
  }

  /** Those who stand at a position; the last is looked at alone, since most who come stand there. */
  #cohortAt(rev: number): Cohort {
    const last = this.#cohorts.at(-1)
    if (last?.rev === rev) return last
    const cohort = new Cohort(rev)
    this.#cohorts.push(cohort)
    return cohort
  }

  #count({ messages, bytes }: Framed, told: number): void {
    this.#counters.messagesSent[this.wish.channel] += told * messages
    this.#counters.bytesSent += told * bytes.length
  }

  #batch(kind: 'snapshot' | 'updates', from: number, changes: Changes): Batch {
    const { epoch, rev } = this.#board
    const { channel } = this.wish
    const pieces = channel === 'v1' ? v1Pieces(changes) : piecesOf(changes)
    return new Batch({ kind, epoch, from, rev, pieces, channel, counters: this.#counters })
  }

  #forgetOld(): void {
    if (this.#rev === this.#board.rev) return
    this.release()
    this.#rev = this.#board.rev
  }
}

function changesFor({ channel, detail }: Wish): Query['by'] {
  if (channel === 'v1') return 'resultRev'
  return detail === 'status' ? 'statusRev' : 'rev'
}

function piecesOf({ payers, endpoints, incidents, left }: Changes): Piece[] {
  return [
    ...payers.map(({ json }): Piece => ({ list: 'payers', json })),
    ...endpoints.map(({ json }): Piece => ({ list: 'endpoints', json })),
    ...left.map((entry): Piece => ({ list: 'endpoints', json: goneJson(entry) })),
    ...incidents.map(({ json }): Piece => ({ list: 'incidents', json })),
  ]
}

/** For readers whose filter an endpoint has left, it is gone. */
function goneJson({ log }: BoardEntry): string {
  return JSON.stringify({ endpoint: log.id, rev: log.rev, removed: true })
}
