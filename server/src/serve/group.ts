import type { Detail, ResolvedFilter } from '@payer-status/protocol'
import type { Board, Changes, Query } from '../board/board.ts'
import type { BoardEntry } from '../board/entry.ts'
import { Batch } from './batch.ts'
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

/** News on their way to those in step, who stand at `from` until they are told. */
type Telling = { from: number; records: number; framed: Framed | false }

const NOTHING: Telling = { from: 0, records: 0, framed: false }

/**
 * Those with one wish. What they are told is read and encoded once for each position they stand at; nearly all stand
 * where the last sweep stood: they are in step.
 */
export class Group {
  readonly wish: Wish
  /** How many records have passed by since the group began, for counting what slow clients are spared. */
  passed = 0
  /** Those who stand apart: just come, slow, or with more on the way than one write. */
  apart = 0
  readonly #inStep: Feed[] = []
  /** What is being told, and to how many, from the first seat on, it is not told yet. */
  #telling: Telling | undefined
  #untold = 0
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

  get isEmpty(): boolean {
    return this.apart === 0 && this.#inStep.length === 0
  }

  /** Takes a feed among those in step. */
  seat(feed: Feed): void {
    feed.seat = this.#inStep.push(feed) - 1
  }

  /** Takes a feed from among those in step. */
  unseat(feed: Feed): void {
    let hole = feed.seat
    if (hole < this.#untold) hole = this.#move(--this.#untold, hole)
    if (hole < this.#inStep.length - 1) this.#move(this.#inStep.length - 1, hole)
    this.#inStep.pop()
    feed.seat = -1
  }

  /** Where one in step still stands while others are told already; undefined once it has been told. */
  owes(feed: Feed): number | undefined {
    return feed.seat < this.#untold ? this.#telling?.from : undefined
  }

  /** Reads and encodes what changed among `entries` since those in step were last told, at `from`. */
  prepare(from: number, entries: readonly BoardEntry[]): void {
    const batch = this.updatesSince(from, entries)
    if (batch.parts > 1) this.fallOut(from)
    this.#untold = batch.records > 0 ? this.#inStep.length : 0
    this.#telling = { from, records: batch.records, framed: this.#untold > 0 && batch.peek() }
  }

  /**
   * Tells those in step what was prepared: one write each, `step` of them at a time. Those who do not keep up fall out
   * of step where they stood.
   */
  *tell(step: number): Generator<undefined> {
    const { from, records, framed } = this.#telling ?? NOTHING
    let told = 0
    while (framed && this.#untold > 0) {
      told += this.#tellSome(framed, from, step)
      yield
    }
    this.#telling = undefined
    this.passed += records
    if (framed) this.#count(framed, told)
  }

  /** Lets everybody in step fall out where they stood, since the log has forgotten what came after. */
  fallOut(from: number): void {
    for (const feed of [...this.#inStep]) feed.fallOut(from)
  }

  /** Everything that matches and changed after `cursor`, up to now; `among` are the entries that may. */
  updatesSince(cursor: number, among?: readonly BoardEntry[]): Batch {
    this.#forgetOld()
    const known = this.#updates.get(cursor)
    if (known) return known
    const batch = this.#batch(
      'updates',
      cursor,
      this.#board.changedSince(this.#query, cursor, among),
    )
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

  /**
   * Looks at several before it writes to any: what is to be known of them lies scattered in memory and is fetched side by
   * side, where a write between two looks would make each wait.
   */
  #tellSome(framed: Framed, from: number, step: number): number {
    // From the last to the first: who falls out gives its seat to one that has been told.
    const some = this.#inStep.slice(Math.max(0, this.#untold - step), this.#untold)
    const ready = some.map((feed) => feed.keepsUp)
    this.#untold -= some.length
    let told = 0
    for (const [i, feed] of some.entries())
      if (ready[i]) {
        feed.write(framed.bytes)
        told++
      } else feed.fallOut(from)
    return told
  }

  /** Moves a feed to another seat; its own is then free. */
  #move(from: number, to: number): number {
    const feed = this.#inStep[from] as Feed // safe: seats are dense
    this.#inStep[to] = feed
    feed.seat = to
    return from
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
