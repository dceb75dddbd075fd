import type { Board } from '../board/board.ts'
import type { Clock } from '../ports.ts'
import { APART, type Apart, standingAt } from './apart.ts'
import type { Batch } from './batch.ts'
import type { Framed } from './frames.ts'
import type { Channel, HubCounters } from './hub-counters.ts'
import type { HubSettings, Peer } from './settings.ts'

/** The part of the hub that feeds use. */
export type FeedDesk = {
  readonly board: Board
  readonly clock: Clock
  readonly counters: HubCounters
  readonly settings: HubSettings
  /** The position that everybody in step has been told up to, at least. */
  readonly sweptRev: number
  /** A feed does not keep up with those in step. */
  fellOut(feed: Feed): void
}

/** Whose feed it is. */
export type Follower = {
  readonly channel: Channel
  /** Whether it is in the figures of clients. */
  readonly isClient: boolean
  readonly desk: FeedDesk
  /** Tries again what could not be sent. */
  retry(): void
}

/** Those who are told the same, and where a feed reads what that is. */
export type Source = {
  readonly passed: number
  members: number
  /** Takes a feed that has been told up to `cursor` in step. */
  stepIn(feed: Feed, cursor: number): void
  stepOut(feed: Feed): void
  positionOf(feed: Feed): number
  updatesSince(cursor: number): Batch
  snapshot(): Batch
}

/**
 * What one client is told. In step, it stands with others and costs nothing of its own; apart, it has a position and
 * perhaps a batch on its way. Behind, it costs a position, never a queue.
 */
export class Feed {
  readonly follower: Follower
  /** Its place among those of its group who stand in step. */
  seat = APART
  readonly #desk: FeedDesk
  readonly #peer: Peer
  #group: Source | undefined
  #apart: Apart | undefined
  /** Unacknowledged bytes of snapshots, which were sent as fast as the socket took them. */
  #excused = 0

  constructor(follower: Follower, peer: Peer) {
    this.follower = follower
    this.#peer = peer
    this.#desk = follower.desk
    this.#apart = standingAt(follower.desk.board.rev)
  }

  /** Those it is told the same as; none while it wants nothing. */
  get group(): Source | undefined {
    return this.#group
  }

  /** The position in the log up to which the client has been told. */
  get position(): number {
    return this.#apart?.cursor ?? this.#group?.positionOf(this) ?? 0
  }

  /** True while it stands with the others of its group, and is told what they are told. */
  get isInStep(): boolean {
    return this.seat !== APART
  }

  /** True while it is owed something that it does not take. */
  get isLate(): boolean {
    return this.#apart?.isLate === true
  }

  /** True while a batch is on its way. */
  get isSending(): boolean {
    return this.#apart?.sending !== undefined
  }

  /** False while its socket takes nothing, or too much is unacknowledged. */
  get keepsUp(): boolean {
    const { writable, unsentBytes } = this.#peer
    if (this.#excused > 0) this.#excused = Math.min(this.#excused, unsentBytes)
    return writable && unsentBytes - this.#excused <= this.#desk.settings.unacknowledged
  }

  /** True when it has more to send and the client takes it. */
  get canGoOn(): boolean {
    return this.isLate && this.#peer.writable && (this.isSending || this.keepsUp)
  }

  /** Writes bytes that the caller counts. */
  write(bytes: Buffer): void {
    this.#peer.write(bytes)
  }

  /** Writes a frame, and counts it. */
  send({ bytes, messages }: Framed): void {
    const { counters } = this.#desk
    counters.messagesSent[this.follower.channel] += messages
    counters.bytesSent += bytes.length
    this.#peer.write(bytes)
  }

  /** Follows another group, or none, from `cursor` on; what is on its way is forgotten. */
  follow(group: Source | undefined, cursor: number): void {
    this.#leave()
    this.#group = group
    if (group !== undefined) group.members++
    this.#apart = standingAt(cursor)
  }

  /** Falls out of step where it stood, since it does not keep up or needs more than one write. */
  fallOut(): void {
    if (!this.isInStep) return
    const apart = standingAt(this.position)
    this.#group?.stepOut(this)
    this.#apart = apart
    this.#fallBehind(apart)
    this.#desk.fellOut(this)
  }

  /** Starts to send a batch. */
  begin(batch: Batch): void {
    if (this.#apart === undefined) return
    this.#begin(this.#apart, batch)
    this.settle()
  }

  /** Sends what comes next, if the client keeps up, one part at most; falls into step when it has caught up. */
  advance(): void {
    const apart = this.#apart
    if (apart === undefined) return
    if (apart.sending) this.#sendPart(apart)
    else if (this.#group && apart.cursor < this.#desk.board.rev) this.#sendNews(apart, this.#group)
    this.settle()
  }

  /** One who has been told what the last sweep told is late no more, and in step. */
  settle(): void {
    const apart = this.#apart
    if (!apart || apart.sending || apart.cursor < this.#desk.sweptRev) return
    apart.isLate = false
    if (!this.#group) return
    this.#group.stepIn(this, apart.cursor)
    this.#apart = undefined
  }

  /** How long it has been late without progress, ms. */
  stuckFor(now: number): number {
    const apart = this.#apart
    if (!apart?.isLate) return 0
    const { unsentBytes } = this.#peer
    if (unsentBytes < apart.unsent) {
      apart.progressAt = now
      apart.unsent = unsentBytes
    }
    return now - apart.progressAt
  }

  #sendNews(apart: Apart, group: Source): void {
    const { keepsUp } = this
    if (!keepsUp && apart.isLate) return
    const batch = this.#canResume(apart) ? group.updatesSince(apart.cursor) : group.snapshot()
    if (batch.records === 0) apart.cursor = batch.rev
    else if (keepsUp) {
      if (apart.isLate) this.#countMissed(apart, group.passed - batch.records)
      this.#begin(apart, batch)
    } else this.#fallBehind(apart)
  }

  #begin(apart: Apart, batch: Batch): void {
    batch.begin()
    apart.sending = batch
    apart.next = 0
    this.#sendPart(apart)
  }

  #sendPart(apart: Apart): void {
    const { sending } = apart
    if (sending === undefined) return
    if (this.#peer.writable) {
      this.send(sending.take(apart.next++))
      apart.progressAt = this.#desk.clock.monotonic()
      apart.unsent = this.#peer.unsentBytes
      if (apart.next === sending.parts) this.#arrive(apart, sending)
    }
    if (apart.sending) this.#fallBehind(apart)
  }

  #arrive(apart: Apart, { rev, kind, parts }: Batch): void {
    apart.sending = undefined
    apart.cursor = rev
    if (kind === 'snapshot' || parts > 1) this.#excused = this.#peer.unsentBytes
  }

  /** False when the board has forgotten what was removed since. */
  #canResume({ cursor }: Apart): boolean {
    const { board } = this.#desk
    return board.canResume({ epoch: board.epoch, rev: cursor })
  }

  #fallBehind(apart: Apart): void {
    if (apart.isLate) return
    apart.isLate = true
    apart.missedFrom = this.#group?.passed ?? 0
    apart.progressAt = this.#desk.clock.monotonic()
    apart.unsent = this.#peer.unsentBytes
  }

  #countMissed(apart: Apart, passedBefore: number): void {
    this.#desk.counters.conflated += Math.max(0, passedBefore - apart.missedFrom)
    apart.missedFrom = this.#group?.passed ?? 0
  }

  #leave(): void {
    const group = this.#group
    const apart = this.#apart
    apart?.sending?.leave(apart.next)
    if (this.isInStep) group?.stepOut(this)
    if (group !== undefined) group.members--
  }
}
