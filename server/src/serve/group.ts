import type { Detail, ResolvedFilter } from '@payer-status/protocol'
import type { Board, Changes, Query } from '../board/board.ts'
import type { BoardEntry } from '../board/entry.ts'
import { Batch } from './batch.ts'
import type { Feed } from './feed.ts'
import type { Piece } from './frames.ts'
import type { Channel, HubCounters } from './hub-counters.ts'
import { Row } from './row.ts'
import { v1Pieces } from './v1-results.ts'

/** What a group is one for: all its clients are told the same, in the same form. */
export type Wish = { channel: Channel; filter: ResolvedFilter; detail: Detail }

/** One who is owed something. */
type Due = { feed: Feed; batch: Batch | undefined }

/** The name under which a wish is the same as another. */
export function wishKey({ channel, filter, detail }: Wish): string {
  return `${channel} ${detail} ${filter.key}`
}

/**
 * Those with one wish. What they are told is read and encoded once for each position they stand at. Nearly all stand in
 * step, at a few positions.
 */
export class Group {
  readonly wish: Wish
  /** How many records have passed by since the group began, for counting what slow clients are spared. */
  passed = 0
  /** How many feeds follow it. */
  members = 0
  /** Those in step; after a sweep, all stand at or after the position where it began. */
  readonly #row = new Row()
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
    this.#row.seat(feed, cursor)
  }

  /** Takes a feed out of step. */
  stepOut(feed: Feed): void {
    this.#row.unseat(feed)
  }

  /** The position up to which one in step has been told. */
  positionOf({ seat }: Feed): number {
    return this.#row.positionOf(seat)
  }

  /** Nothing has changed for them up to `rev`. */
  lift(rev: number): void {
    this.#row.lift(rev)
  }

  /**
   * Tells everybody in step what changed since they were last told, up to the moment when it is their turn: one write
   * each, `step` of them at a time. Those who do not keep up, or need more than one write, fall out of step. It goes from
   * the last seat to the first: the last one moves up when somebody leaves meanwhile, and has had its turn.
   */
  *tell(step: number, records: number): Generator<undefined> {
    const row = this.#row
    for (let end = row.size; end > 0; end = Math.min(end - step, row.size))
      if (this.#tellSome(Math.max(0, end - step), end)) yield
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

  /** Tells those on the seats from `first` to before `end`; false when there is nothing to tell any of them. */
  #tellSome(first: number, end: number): boolean {
    const due = this.#due(first, end)
    if (due.length === 0) return false
    // Looks at all before it writes to any: what is to be known of them lies scattered in memory and is fetched side by
    // side, where a write between two looks would make each wait.
    const ready = due.map(({ feed }) => feed.keepsUp)
    for (const [i, { feed, batch }] of due.entries())
      if (ready[i] && batch?.parts === 1) this.#write(feed, batch)
      else feed.fallOut()
    return true
  }

  /** Those who are owed something, the last first, each with what it is; without, when a snapshot is. */
  #due(first: number, end: number): Due[] {
    const row = this.#row
    const due: Due[] = []
    let cursor = -1
    let batch: Batch | undefined
    for (let seat = end - 1; seat >= first; seat--) {
      const feed = row.at(seat)
      const position = row.positionOf(seat)
      if (position !== cursor) batch = this.#newsSince(position)
      cursor = position
      if (batch?.records === 0) row.told(seat, batch.rev)
      else if (feed) due.push({ feed, batch })
    }
    return due
  }

  #newsSince(cursor: number): Batch | undefined {
    const { epoch } = this.#board
    return this.#board.canResume({ epoch, rev: cursor }) ? this.updatesSince(cursor) : undefined
  }

  #write(feed: Feed, batch: Batch): void {
    const { messages, bytes } = batch.peek()
    feed.write(bytes)
    this.#row.told(feed.seat, batch.rev)
    this.#counters.messagesSent[this.wish.channel] += messages
    this.#counters.bytesSent += bytes.length
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

function piecesOf({ payers, endpoints, incidents, maintenance, left }: Changes): Piece[] {
  return [
    ...payers.map(({ json }): Piece => ({ list: 'payers', json })),
    ...endpoints.map(({ json }): Piece => ({ list: 'endpoints', json })),
    ...left.map((entry): Piece => ({ list: 'endpoints', json: goneJson(entry) })),
    ...incidents.map(({ json }): Piece => ({ list: 'incidents', json })),
    ...maintenance.map(({ json }): Piece => ({ list: 'maintenance', json })),
  ]
}

/** For readers whose filter an endpoint has left, it is gone. */
function goneJson({ log }: BoardEntry): string {
  return JSON.stringify({ endpoint: log.id, rev: log.rev, removed: true })
}
