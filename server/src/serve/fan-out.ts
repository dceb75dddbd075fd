/**
 * Who wants what, and telling them. On each tick one frame is encoded for each distinct (wish, position), and written
 * once to every socket that keeps up; the others keep their position and get the latest when they drain.
 */
import type { Position } from '@payer-status/protocol'
import type { Board } from '../board/board.ts'
import type { Clock, Log } from '../ports.ts'
import { Group, type Wish, wishKey } from './group.ts'
import type { HubCounters } from './hub-counters.ts'
import type { Session } from './session.ts'

/** What a fan-out is made from. */
export type FanOutOf = {
  board: Board
  clock: Clock
  counters: HubCounters
  log: Log
  /** Shortest time between two frames to one client, ms. */
  tick: number
}

export class FanOut {
  /** Sessions that have not been sent all that is theirs. */
  readonly late = new Set<Session>()
  /** Those of them whose next part is due without waiting for anything. */
  readonly #goingOn = new Set<Session>()
  readonly #of: FanOutOf
  readonly #groups = new Map<string, Group<Session>>()
  readonly #groupOf = new Map<Session, Group<Session>>()
  #cancelTick: (() => void) | undefined
  #cancelPump: (() => void) | undefined
  #tickDueAt = 0
  #tickedAt = Number.NEGATIVE_INFINITY
  #sweptRev = 0
  #lateness = 0

  constructor(of: FanOutOf) {
    this.#of = of
  }

  /** Marks the next tick, which is at once after a quiet one. */
  changed(): void {
    if (this.#cancelTick || this.#groups.size === 0) return
    const { clock, tick } = this.#of
    const now = clock.monotonic()
    const wait = Math.max(0, this.#tickedAt + tick - now)
    this.#tickDueAt = now + wait
    this.#cancelTick = clock.after(wait, () => this.#tick())
  }

  /** Replaces what a session wants: v1 gets what is new from now on; the others a snapshot, or what they missed. */
  subscribe(session: Session, wish: Wish, since?: Position): void {
    const { board, counters } = this.#of
    const { feed } = session
    this.#leaveGroup(session)
    const group = this.#group(wish)
    group.members.add(session)
    this.#groupOf.set(session, group)
    const resumes = since !== undefined && board.canResume(since)
    if (since !== undefined) counters.resumes[resumes ? 'resumed' : 'snapshot']++
    feed.follow(group, resumes ? since.rev : board.rev)
    if (session.channel !== 'v1')
      feed.begin(resumes ? group.updatesSince(since.rev) : group.snapshot())
    this.#note(session)
  }

  /** No more updates for a session, which keeps its position. */
  unsubscribe(session: Session): void {
    this.#leaveGroup(session)
    session.feed.follow(undefined, session.feed.cursor)
    this.#note(session)
  }

  /** Forgets a session that has ended. */
  drop(session: Session): void {
    this.#leaveGroup(session)
    this.late.delete(session)
    this.#goingOn.delete(session)
    this.#of.counters.lagging = this.late.size
  }

  /** Goes on with a session whose socket takes more. */
  drained(session: Session): void {
    if (session.feed.isLate) this.#advance(session)
  }

  /** The worst lateness of a tick since the last call, ms. */
  takeLateness(): number {
    const lateness = this.#lateness
    this.#lateness = 0
    return lateness
  }

  /** Frees frames that were kept for sessions that come at the same time. */
  release(): void {
    for (const group of this.#groups.values()) group.release()
  }

  stop(): void {
    this.#cancelTick?.()
    this.#cancelPump?.()
  }

  #tick(): void {
    const { clock, board, counters, log } = this.#of
    this.#cancelTick = undefined
    this.#tickedAt = clock.monotonic()
    this.#lateness = Math.max(this.#lateness, this.#tickedAt - this.#tickDueAt)
    for (const group of this.#groups.values()) this.#sweep(group)
    this.#sweptRev = board.rev
    const ms = clock.monotonic() - this.#tickedAt
    counters.ticks.count++
    counters.ticks.totalMs += ms
    counters.ticks.maxMs = Math.max(counters.ticks.maxMs, ms)
    log.debug({ rev: board.rev, latencyMs: ms }, 'pushed')
  }

  #sweep(group: Group<Session>): void {
    let fresh: number | undefined
    for (const session of group.members) {
      this.#advance(session)
      if (!session.feed.isLate) continue
      fresh ??= group.updatesSince(this.#sweptRev).records
      session.feed.miss(fresh)
    }
  }

  /** Goes on, outside ticks, with a session that is late only because one part is written at a time. */
  #goOn(session: Session): void {
    this.#goingOn.add(session)
    this.#cancelPump ??= this.#of.clock.after(0, () => this.#pump())
  }

  #pump(): void {
    this.#cancelPump = undefined
    const sessions = [...this.#goingOn]
    this.#goingOn.clear()
    for (const session of sessions) if (session.feed.canGoOn) this.#advance(session)
  }

  #advance(session: Session): void {
    session.feed.advance()
    this.#note(session)
  }

  #note(session: Session): void {
    const { feed, isClosed } = session
    if (feed.isLate && !isClosed) this.late.add(session)
    else this.late.delete(session)
    this.#of.counters.lagging = this.late.size
    if (feed.canGoOn && !isClosed) this.#goOn(session)
  }

  #group(wish: Wish): Group<Session> {
    const known = this.#groups.get(wishKey(wish))
    if (known) return known
    const { board, counters } = this.#of
    if (this.#groups.size === 0) this.#sweptRev = board.rev
    const group = new Group<Session>(wish, { board, counters })
    this.#groups.set(group.key, group)
    counters.groups = this.#groups.size
    return group
  }

  #leaveGroup(session: Session): void {
    const group = this.#groupOf.get(session)
    group?.members.delete(session)
    this.#groupOf.delete(session)
    if (group === undefined || group.members.size > 0) return
    this.#groups.delete(group.key)
    group.release()
    this.#of.counters.groups = this.#groups.size
  }
}
