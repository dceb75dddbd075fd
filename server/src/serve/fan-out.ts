/**
 * Who wants what, and telling them. On each tick one frame is encoded for each distinct (wish, position), and written
 * once to every socket that keeps up; the others keep their position and get the latest when they drain.
 */
import type { Position } from '@payer-status/protocol'
import type { Board } from '../board/board.ts'
import type { BoardEntry } from '../board/entry.ts'
import type { Clock, Log } from '../ports.ts'
import type { Feed } from './feed.ts'
import { Group, type Wish, wishKey } from './group.ts'
import type { HubCounters } from './hub-counters.ts'
import { Interests } from './interests.ts'
import { Ticker } from './ticker.ts'

/** What a fan-out is made from. */
export type FanOutOf = {
  board: Board
  clock: Clock
  counters: HubCounters
  log: Log
  /** Longest time between two frames to one client, while there is news for it, ms. */
  tick: number
  /** How many clients are told between two looks at the clock. */
  step: number
}

export class FanOut {
  /** Feeds that are owed something that their clients do not take. */
  readonly late = new Set<Feed>()
  /** Feeds that are not in step. */
  readonly #apart = new Set<Feed>()
  /** Those whose next part is due without waiting for anything. */
  readonly #goingOn = new Set<Feed>()
  readonly #of: FanOutOf
  readonly #groups = new Map<string, Group>()
  readonly #interests = new Interests<Group>()
  readonly #ticker: Ticker
  #cancelPump: (() => void) | undefined
  #sweptRev: number

  constructor(of: FanOutOf) {
    this.#of = of
    this.#sweptRev = of.board.rev
    this.#ticker = new Ticker({
      clock: of.clock,
      tick: of.tick,
      sweep: () => this.#sweep(),
      ended: (ms) => this.#ended(ms),
    })
  }

  /** The position that everybody in step has been told up to, at least. */
  get sweptRev(): number {
    return this.#sweptRev
  }

  /** Marks the next tick, which is at once after a quiet time. */
  changed(): void {
    if (this.#groups.size > 0) this.#ticker.mark()
  }

  /** Somebody comes in, and goes before the rest of a sweep. */
  newcomer(): void {
    this.#ticker.newcomer()
  }

  /** Replaces what a client wants: v1 gets what is new from now on; the others a snapshot, or what they missed. */
  subscribe(feed: Feed, wish: Wish, since?: Position): void {
    const { board, counters } = this.#of
    const group = this.#group(wish)
    const resumes = since !== undefined && board.canResume(since)
    if (since !== undefined && feed.follower.isClient)
      counters.resumes[resumes ? 'resumed' : 'snapshot']++
    this.#follow(feed, group, resumes ? since.rev : board.rev)
    if (wish.channel === 'v1') feed.settle()
    else feed.begin(resumes ? group.updatesSince(since.rev) : group.snapshot())
    this.#note(feed)
  }

  /** No more updates for a client, which keeps its position, or has left. */
  unsubscribe(feed: Feed): void {
    this.#follow(feed, undefined, feed.position)
    this.#forget(feed)
  }

  /** Notes a feed that has fallen out of step. */
  fellOut(feed: Feed): void {
    this.#note(feed)
  }

  /** Goes on with a client whose socket takes more. */
  drained(feed: Feed): void {
    if (feed.isLate) this.#advance(feed)
  }

  /** The worst lateness of a tick since the last call, ms. */
  takeLateness(): number {
    return this.#ticker.takeLateness()
  }

  /** Frees frames that were kept for clients that come at the same time. */
  release(): void {
    for (const group of this.#groups.values()) group.release()
  }

  stop(): void {
    this.#ticker.stop()
    this.#cancelPump?.()
  }

  /** One tick: everybody whose filter may match what changed is told once, and everybody else moves on. */
  *#sweep(): Generator<undefined> {
    const { board, step } = this.#of
    const changes = [...board.entriesSince(this.#sweptRev)]
    const concerned = this.#concerned(changes)
    for (const group of this.#groups.values()) if (!concerned.has(group)) group.lift(board.rev)
    this.#sweptRev = board.rev
    for (const [group, records] of concerned) yield* group.tell(step, records)
    for (const feed of [...this.#apart]) {
      this.#advance(feed)
      yield
    }
    this.#measureDelivery(changes)
  }

  #ended(ms: number): void {
    const { board, counters, log } = this.#of
    counters.tickSeconds.observe(ms / 1_000)
    log.debug({ rev: this.#sweptRev, latencyMs: ms }, 'pushed')
    if (board.rev > this.#sweptRev) this.changed()
  }

  /** From the end of the probe until the last socket of the sweep was written to. */
  #measureDelivery(changes: readonly BoardEntry[]): void {
    const now = this.#of.clock.now()
    for (const { log } of changes) {
      if (log.kind !== 'endpoint' || log.resultRev !== log.rev || !log.value?.result) continue
      this.#of.counters.deliverySeconds.observe((now - log.value.result.at) / 1_000)
    }
  }

  /** The groups that may want to hear of some of the changes, and of how many. All, when the log forgot what came before. */
  #concerned(changes: readonly BoardEntry[]): Map<Group, number> {
    const { board } = this.#of
    const isWhole = board.canResume({ epoch: board.epoch, rev: this.#sweptRev })
    const concerned = new Map(isWhole ? [] : [...this.#groups.values()].map((group) => [group, 0]))
    for (const entry of changes)
      for (const group of this.#interests.in(board.subjectsOf(entry)))
        concerned.set(group, (concerned.get(group) ?? 0) + 1)
    return concerned
  }

  /** Goes on, outside ticks, with a client that is late only because one part is written at a time. */
  #goOn(feed: Feed): void {
    this.#goingOn.add(feed)
    this.#cancelPump ??= this.#of.clock.after(0, () => this.#pump())
  }

  #pump(): void {
    this.#cancelPump = undefined
    const feeds = [...this.#goingOn]
    this.#goingOn.clear()
    for (const feed of feeds) if (feed.canGoOn) this.#advance(feed)
  }

  #advance(feed: Feed): void {
    feed.advance()
    this.#note(feed)
  }

  #note(feed: Feed): void {
    if (feed.group === undefined) return
    if (feed.isInStep) this.#apart.delete(feed)
    else this.#apart.add(feed)
    if (feed.isLate) this.late.add(feed)
    else this.late.delete(feed)
    this.#of.counters.lagging = this.late.size
    if (feed.canGoOn) this.#goOn(feed)
  }

  #forget(feed: Feed): void {
    this.#apart.delete(feed)
    this.#goingOn.delete(feed)
    this.late.delete(feed)
    this.#of.counters.lagging = this.late.size
  }

  #follow(feed: Feed, group: Group | undefined, cursor: number): void {
    const { counters } = this.#of
    const before = feed.group as Group | undefined // safe: nobody else gives it one
    feed.follow(group, cursor)
    if (feed.follower.isClient)
      counters.subscriptions += Number(group !== undefined) - Number(before !== undefined)
    if (before === undefined || before.members > 0) return
    this.#groups.delete(wishKey(before.wish))
    this.#interests.delete(before.wish.filter, before)
    before.release()
    counters.groups = this.#groups.size
  }

  #group(wish: Wish): Group {
    const known = this.#groups.get(wishKey(wish))
    if (known) return known
    const { board, counters } = this.#of
    if (this.#groups.size === 0) this.#sweptRev = board.rev
    const group = new Group(wish, { board, counters })
    this.#groups.set(wishKey(wish), group)
    this.#interests.add(wish.filter, group)
    counters.groups = this.#groups.size
    return group
  }
}
