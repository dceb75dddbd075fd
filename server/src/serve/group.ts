import type { Detail, ResolvedFilter } from '@payer-status/protocol'
import type { Board, Changes, Query } from '../board/board.ts'
import type { BoardEntry } from '../board/entry.ts'
import { Batch } from './batch.ts'
import type { Source } from './feed.ts'
import type { Piece } from './frames.ts'
import type { Channel, HubCounters } from './hub-counters.ts'
import { v1Pieces } from './v1-results.ts'

/** What a group is one for: all its sessions are told the same, in the same form. */
export type Wish = { channel: Channel; filter: ResolvedFilter; detail: Detail }

/** The name under which a wish is the same as another. */
export function wishKey({ channel, filter, detail }: Wish): string {
  return `${channel} ${detail} ${filter.key}`
}

/** Those with one wish. What they are told is read and encoded once for each position they stand at. */
export class Group<Member> implements Source {
  readonly key: string
  readonly members = new Set<Member>()
  readonly #wish: Wish
  readonly #query: Query
  readonly #board: Board
  readonly #counters: HubCounters
  /** The board's position that the kept batches end at. */
  #rev = -1
  #updates = new Map<number, Batch>()
  #snapshot: Batch | undefined

  constructor(wish: Wish, { board, counters }: { board: Board; counters: HubCounters }) {
    this.key = wishKey(wish)
    this.#wish = wish
    this.#query = { filter: wish.filter, by: changesFor(wish) }
    this.#board = board
    this.#counters = counters
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
    this.#snapshot ??= this.#batch('snapshot', 0, this.#board.present(this.#wish.filter))
    return this.#snapshot
  }

  /** Frees what was kept for sessions that come at the same time. */
  release(): void {
    for (const batch of this.#updates.values()) batch.release()
    this.#updates.clear()
    this.#snapshot?.release()
    this.#snapshot = undefined
  }

  #batch(kind: 'snapshot' | 'updates', from: number, changes: Changes): Batch {
    const { epoch, rev } = this.#board
    const { channel } = this.#wish
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
