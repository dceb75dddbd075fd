/**
 * One timer for all clients: who is due for a heartbeat or a ping, who has answered none, who is too old, who is stuck.
 */
import { CloseCode } from '@payer-status/protocol'
import { every } from '../lib/clock.ts'
import type { Feed } from './feed.ts'
import { encodeFrame } from './frames.ts'
import type { Desk, Session } from './session.ts'

/** Between two pings; proxies commonly cut what is silent for 60 s. */
const PING_MS = 25_000
/** How long the last ping may take, so that a dead far side is noticed within 60 s. */
const GRACE_MS = 8_000
const MAX_MISSED = 2
const STEP_MS = 1_000
const STEPS_IN_HEARTBEAT = 15

/** Members spread over buckets; each turn visits the next, so that every member is visited once in a round. */
export class Wheel<T> {
  readonly #buckets: Set<T>[]
  #at = 0
  /** How many were added since the last turn. */
  #added = 0

  constructor(size: number) {
    this.#buckets = Array.from({ length: Math.max(1, size) }, () => new Set<T>())
  }

  /** Adds a member to the bucket that is visited last; the next one of the same turn to the one before it, and so on. */
  add(member: T): void {
    this.#bucket(this.#at - this.#added).add(member)
    this.#added++
  }

  /** Looks through the buckets, of which there are few: remembering each member's would cost memory for ever. */
  delete(member: T): void {
    this.#buckets.some((bucket) => bucket.delete(member))
  }

  /** Moves on by one bucket and returns its members. */
  turn(): T[] {
    this.#at++
    this.#added = 0
    return [...this.#bucket(this.#at)]
  }

  /** The members that were visited so many turns ago. */
  visited(turnsAgo: number): T[] {
    return [...this.#bucket(this.#at - turnsAgo)]
  }

  #bucket(at: number): Set<T> {
    const size = this.#buckets.length
    return this.#buckets[((at % size) + size) % size] ?? new Set()
  }
}

/** What the timer does besides visiting. */
export type Rounds = {
  late: ReadonlySet<Feed>
  /** The age at which a v2 connection is closed, ms; 0 for never. */
  ageLimit: () => number
  /** The worst lateness of a tick since the last call, ms. */
  takeLateness: () => number
  afterRound: () => void
}

/** Visits every session in its turn. The timer runs while there is a session. */
export class Liveness {
  readonly #desk: Desk
  readonly #rounds: Rounds
  readonly #step: number
  readonly #heartbeats: Wheel<Session>
  readonly #pings: Wheel<Session>
  #stop: (() => void) | undefined
  #dueAt = 0

  constructor(desk: Desk, rounds: Rounds) {
    const { heartbeat } = desk.settings
    this.#desk = desk
    this.#rounds = rounds
    this.#step = Math.max(10, Math.min(STEP_MS, heartbeat / STEPS_IN_HEARTBEAT))
    this.#heartbeats = new Wheel(Math.floor(heartbeat / this.#step))
    this.#pings = new Wheel(Math.floor(PING_MS / this.#step))
  }

  add(session: Session): void {
    const { clock } = this.#desk
    if (session.channel !== 'v1') this.#heartbeats.add(session)
    this.#pings.add(session)
    const limit = session.channel === 'v2' ? this.#rounds.ageLimit() : 0
    if (limit > 0) session.closeAt = clock.monotonic() + limit
    if (this.#stop) return
    this.#dueAt = clock.monotonic() + this.#step
    this.#stop = every(clock, this.#step, () => this.#round())
  }

  delete(session: Session): void {
    this.#heartbeats.delete(session)
    this.#pings.delete(session)
  }

  stop(): void {
    this.#stop?.()
    this.#stop = undefined
  }

  #round(): void {
    const { late, takeLateness, afterRound } = this.#rounds
    const now = this.#desk.clock.monotonic()
    const lagMs = Math.max(takeLateness(), now - this.#dueAt, 0)
    this.#dueAt = now + this.#step
    for (const { follower } of [...late]) follower.retry()
    this.#beat(Math.round(lagMs * 10) / 10)
    const graceTurns = Math.ceil(GRACE_MS / this.#step)
    for (const session of this.#pings.visited(graceTurns - 1))
      if (session.unanswered >= MAX_MISSED) session.terminate()
    for (const session of this.#pings.turn()) this.#check(session, now)
    afterRound()
  }

  /** One frame for all who stand at the same position. `lagMs` is how late our own timers were in the last round. */
  #beat(lagMs: number): void {
    const { clock, board, counters } = this.#desk
    const frames = new Map<string, Buffer>()
    const at = new Date(clock.now()).toISOString()
    const encode = (channel: 'v2' | 'sse', rev: number): Buffer => {
      const key = `${channel} ${rev}`
      const heartbeat = { type: 'heartbeat', rev, at, stale: false, lagMs } as const
      const frame = frames.get(key) ?? encodeFrame(channel, heartbeat, board.epoch)
      frames.set(key, frame)
      return frame
    }
    for (const session of this.#heartbeats.turn()) session.heartbeat(encode)
    counters.framesEncoded += frames.size
  }

  #check(session: Session, now: number): void {
    if (now >= session.closeAt) session.close(CloseCode.MaximumAge, 'maximum age')
    else {
      this.#desk.counters.unacknowledgedBytes.observe(session.unsentBytes)
      session.ping()
    }
  }
}
