import type { Board } from '../board/board.ts'
import type { Clock } from '../ports.ts'
import type { Batch } from './batch.ts'
import type { Framed } from './frames.ts'
import type { HubCounters } from './hub-counters.ts'
import type { HubSettings, Peer } from './settings.ts'

/** Where a feed reads what its client wants. */
export type Source = {
  /** Everything that matches and changed after a position, up to now. */
  updatesSince(cursor: number): Batch
  /** Everything that matches now. */
  snapshot(): Batch
}

/** What a feed is made from. */
export type FeedOf = {
  socket: Peer
  board: Board
  clock: Clock
  counters: HubCounters
  settings: HubSettings
  write: (framed: Framed) => void
}

/** What one client is told: where it stands in the log, and a batch on its way. Behind, it costs a cursor, never a queue. */
export class Feed {
  /** The position in the log up to which the client has been told. */
  cursor: number
  readonly #of: FeedOf
  #source: Source | undefined
  #sending: { batch: Batch; next: number } | undefined
  #isLate = false
  /** Values that passed by while it was late. */
  #missed = 0
  /** Unsent bytes of a batch in parts, which were sent as fast as the socket took them. */
  #excused = 0
  #progress = { at: 0, unsent: 0 }

  constructor(of: FeedOf) {
    this.#of = of
    this.cursor = of.board.rev
  }

  /** True while it has not been sent all that is its own. */
  get isLate(): boolean {
    return this.#isLate
  }

  /** True while a batch is on its way. */
  get isSending(): boolean {
    return this.#sending !== undefined
  }

  /** True when it has more to send and the client takes it. */
  get canGoOn(): boolean {
    return this.#isLate && this.#of.socket.writable && (this.isSending || this.#keepsUp())
  }

  /** Follows another source, or none, from `cursor` on; what is on its way is forgotten. */
  follow(source: Source | undefined, cursor: number): void {
    this.#source = source
    this.cursor = cursor
    this.#sending?.batch.leave(this.#sending.next)
    this.#sending = undefined
    this.#catchUp()
  }

  /** Starts to send a batch. */
  begin(batch: Batch): void {
    batch.begin()
    this.#sending = { batch, next: 0 }
    this.#sendPart()
  }

  /** Sends what comes next, if the client keeps up; one part at most. */
  advance(): void {
    if (this.#sending) this.#sendPart()
    else if (this.#source && this.cursor < this.#of.board.rev) this.#sendNews(this.#source)
    else this.#catchUp()
  }

  /** Counts values that pass by a feed that is late. */
  miss(records: number): void {
    if (!this.#sending) this.#missed += records
  }

  /** How long it has been late without progress, ms. */
  stuckFor(now: number): number {
    const unsent = this.#of.socket.unsentBytes
    if (unsent < this.#progress.unsent) this.#progress = { at: now, unsent }
    return this.#isLate ? now - this.#progress.at : 0
  }

  #sendNews(source: Source): void {
    const keepsUp = this.#keepsUp()
    if (!keepsUp && this.#isLate) return
    const batch = this.#canGoOn() ? source.updatesSince(this.cursor) : source.snapshot()
    if (batch.records === 0) {
      this.cursor = batch.rev
      this.#catchUp()
    } else if (keepsUp) {
      this.#of.counters.conflated += Math.max(0, this.#missed - batch.records)
      this.#missed = 0
      this.begin(batch)
    } else this.#fallBehind()
  }

  #sendPart(): void {
    if (!this.#sending) return
    const { socket, board, clock, write } = this.#of
    if (socket.writable) {
      const { batch, next } = this.#sending
      this.#sending.next++
      write(batch.take(next))
      this.#progress = { at: clock.monotonic(), unsent: socket.unsentBytes }
      if (next + 1 === batch.parts) this.#arrive(batch)
    }
    if (!this.#sending && this.cursor === board.rev) this.#catchUp()
    else this.#fallBehind()
  }

  #arrive({ rev, parts }: Batch): void {
    this.#sending = undefined
    this.cursor = rev
    if (parts > 1) this.#excused = this.#of.socket.unsentBytes
  }

  /** False when the board has forgotten what was removed since. */
  #canGoOn(): boolean {
    const { board } = this.#of
    return board.canResume({ epoch: board.epoch, rev: this.cursor })
  }

  #keepsUp(): boolean {
    const { writable, unsentBytes } = this.#of.socket
    this.#excused = Math.min(this.#excused, unsentBytes)
    return writable && unsentBytes - this.#excused <= this.#of.settings.unacknowledged
  }

  #fallBehind(): void {
    if (this.#isLate) return
    this.#isLate = true
    this.#progress = { at: this.#of.clock.monotonic(), unsent: this.#of.socket.unsentBytes }
  }

  #catchUp(): void {
    this.#isLate = false
    this.#missed = 0
  }
}
