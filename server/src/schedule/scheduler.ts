import { isDeepStrictEqual } from 'node:util'
import { BusyError, UnknownNameError } from '../lib/errors.ts'
import type { Clock, Random } from '../ports.ts'
import { dueAt, firstDelay, gridPointAfter, nextGridPoint } from './cadence.ts'
import { Places } from './places.ts'
import type { Planned, Run, SchedulerCounts, Slot } from './slot.ts'
import { Timetable } from './timetable.ts'

type SchedulerDeps<Outcome> = {
  clock: Clock
  random: Random
  /** Probes at once, all in all. */
  concurrency: number
  /** Probes one endpoint. It must not throw. The scheduler waits for it, so an endpoint never overlaps itself. */
  onDue: (id: string, signal: AbortSignal) => Promise<Run<Outcome>>
  /** How late a probe started, ms. */
  onLag: (ms: number) => void
}

/** Decides when each endpoint is probed. One timer, set to the earliest due; what may not start is deferred, never dropped. */
export class Scheduler<Outcome> {
  readonly counts: SchedulerCounts = {
    due: 0,
    started: 0,
    deferred: { host: 0, payer: 0, host_rate: 0, payer_rate: 0, workers: 0 },
    coalesced: 0,
  }
  readonly #deps: SchedulerDeps<Outcome>
  readonly #slots = new Map<string, Slot<Outcome>>()
  readonly #timetable = new Timetable<Slot<Outcome>>()
  readonly #places: Places<Slot<Outcome>>
  readonly #running = new Set<Promise<unknown>>()
  readonly #abort = new AbortController()
  #isStopping = false
  #cancelTimer = () => {}

  constructor(deps: SchedulerDeps<Outcome>) {
    this.#deps = deps
    this.#places = new Places(deps.clock, deps.concurrency)
  }

  /** Probes that run now, and probes that are due and wait for a place. */
  get load(): { running: number; waiting: number } {
    return { running: this.#running.size, waiting: this.#places.waiting }
  }

  /** Replaces the endpoints to probe. Those that stay keep their rhythm; new ones get a quick first probe. */
  assign(plans: readonly Planned[]): void {
    const wanted = new Set(plans.map((plan) => plan.id))
    for (const [id, slot] of this.#slots) if (!wanted.has(id)) this.#drop(slot)
    for (const plan of plans) {
      const slot = this.#slots.get(plan.id)
      if (slot === undefined) this.#add(plan, plans.length)
      else this.#replan(slot, plan)
    }
    this.#places.keepOnly(namedIn(plans))
    this.#startReady()
    this.#arm()
  }

  /** Makes endpoints, all if none are named, due again as in a first round: what was known of them is in doubt. */
  hurry(ids: Iterable<string> = this.#slots.keys()): void {
    const now = this.#deps.clock.monotonic()
    for (const id of ids) {
      const slot = this.#slots.get(id)
      if (slot === undefined || slot.running !== undefined || slot.isQueued) continue
      const soon = now + firstDelay(slot.plan, this.#slots.size)
      const at = Math.max(soon, slot.startedAt + slot.plan.minGap)
      if (at < slot.dueAt) this.#push(slot, at, false)
    }
    this.#arm()
  }

  /**
   * Probes an endpoint now, within the limits, or joins the probe that already runs.
   * @throws {UnknownNameError} when it is not assigned here
   * @throws {BusyError} when it was probed less than its `minGap` ago
   */
  async probeNow(id: string): Promise<Outcome> {
    const slot = this.#slots.get(id)
    if (slot === undefined) throw new UnknownNameError(`no endpoint ${id} is probed here`)
    if (slot.running !== undefined) return slot.running
    const wait = slot.startedAt + slot.plan.minGap - this.#deps.clock.monotonic()
    if (wait > 0) throw new BusyError('it was probed a moment ago', Math.ceil(wait))
    const asked = new Promise<Outcome>((resolve, reject) => slot.waiters.push({ resolve, reject }))
    if (!slot.isQueued) {
      this.#push(slot, this.#deps.clock.monotonic(), false)
      this.#onTimer()
    }
    return asked
  }

  /** Starts nothing more, lets what runs end within `grace` ms, then aborts it and waits for it. */
  async stop(grace: number): Promise<void> {
    this.#isStopping = true
    this.#cancelTimer()
    for (const slot of this.#slots.values()) rejectWaiters(slot)
    const cancel = this.#deps.clock.after(grace, () => this.#abort.abort())
    await Promise.all(this.#running)
    cancel()
    this.#abort.abort()
  }

  #add(plan: Planned, endpoints: number): void {
    const now = this.#deps.clock.monotonic()
    const startedAt = now - (plan.probedAgo ?? Number.POSITIVE_INFINITY)
    const due = Math.max(now + firstDelay(plan, endpoints), startedAt + plan.minGap)
    const slot: Slot<Outcome> = {
      plan,
      shares: plan.shares,
      gridPoint: gridPointAfter(due + 0.9 * plan.interval, plan),
      isRegular: false,
      dueAt: due,
      startedAt,
      running: undefined,
      isQueued: false,
      isGone: false,
      waiters: [],
      row: -1,
    }
    this.#slots.set(plan.id, slot)
    this.#push(slot, due, false)
  }

  #replan(slot: Slot<Outcome>, plan: Planned): void {
    const isSameRhythm = slot.plan.interval === plan.interval
    slot.plan = plan
    if (slot.running === undefined && !isDeepStrictEqual(slot.shares, plan.shares))
      this.#places.reshare(slot, plan.shares)
    if (isSameRhythm) return
    slot.gridPoint = gridPointAfter(this.#deps.clock.monotonic(), plan)
    if (slot.running === undefined && !slot.isQueued)
      this.#push(slot, Math.max(slot.gridPoint, slot.startedAt + plan.minGap), true)
    else slot.isRegular = false // the grid point is the next probe's, not this one's
  }

  #drop(slot: Slot<Outcome>): void {
    slot.isGone = true
    this.#timetable.remove(slot)
    this.#places.withdraw(slot)
    this.#slots.delete(slot.plan.id)
    rejectWaiters(slot)
  }

  #push(slot: Slot<Outcome>, at: number, isRegular: boolean): void {
    slot.isRegular = isRegular
    this.#timetable.set(slot, at)
  }

  #arm(): void {
    this.#cancelTimer()
    const next = Math.min(
      this.#timetable.nextAt() ?? Number.POSITIVE_INFINITY,
      this.#places.nextTokenAt() ?? Number.POSITIVE_INFINITY,
    )
    if (next === Number.POSITIVE_INFINITY || this.#isStopping) return
    const wait = Math.max(0, next - this.#deps.clock.monotonic())
    this.#cancelTimer = this.#deps.clock.after(wait, () => this.#onTimer())
  }

  #onTimer(): void {
    for (const slot of this.#timetable.takeDue(this.#deps.clock.monotonic())) this.#enqueue(slot)
    this.#startReady()
    this.#arm()
  }

  #enqueue(slot: Slot<Outcome>): void {
    this.counts.due++
    const obstacle = this.#places.enqueue(slot)
    if (obstacle !== undefined) this.counts.deferred[obstacle]++
  }

  #startReady(): void {
    if (this.#isStopping) return
    for (let slot = this.#places.next(); slot; slot = this.#places.next()) this.#start(slot)
  }

  #start(slot: Slot<Outcome>): void {
    const now = this.#deps.clock.monotonic()
    this.counts.started++
    this.#deps.onLag(Math.max(0, now - slot.dueAt))
    slot.startedAt = now
    const run = this.#deps.onDue(slot.plan.id, this.#abort.signal)
    const outcome = run.then(({ outcome }) => outcome)
    slot.running = outcome
    for (const { resolve } of slot.waiters.splice(0)) resolve(outcome)
    const done = run
      .then(({ recheckIn }) => this.#finish(slot, recheckIn))
      .finally(() => this.#running.delete(done))
    this.#running.add(done)
  }

  #finish(slot: Slot<Outcome>, recheckIn: number | null): void {
    slot.running = undefined
    this.#places.leave(slot.shares)
    slot.shares = slot.plan.shares
    if (!slot.isGone) this.#planNext(slot, recheckIn)
    this.#startReady()
    this.#arm()
  }

  /** The next grid point, at once when it passed meanwhile; sooner for a recheck; never within `minGap`. */
  #planNext(slot: Slot<Outcome>, recheckIn: number | null): void {
    const { interval, minGap } = slot.plan
    const now = this.#deps.clock.monotonic()
    const { gridPoint, missed } = nextGridPoint(slot, interval, now)
    slot.gridPoint = gridPoint
    this.counts.coalesced += missed
    const regular = dueAt(gridPoint, interval, this.#deps.random)
    const isSooner = recheckIn !== null && now + recheckIn < regular
    const wanted = isSooner ? now + recheckIn : regular
    this.#push(slot, Math.max(wanted, slot.startedAt + minGap), !isSooner)
  }
}

function rejectWaiters(slot: { waiters: { reject: (error: Error) => void }[] }): void {
  for (const { reject } of slot.waiters.splice(0))
    reject(new BusyError('it is not probed any more', 0))
}

/** The hosts and payers whose budgets the plans count against. */
function namedIn(plans: readonly Planned[]): { host: Set<string>; payer: Set<string> } {
  const named = { host: new Set<string>(), payer: new Set<string>() }
  for (const { of, name } of plans.flatMap(({ shares }) => shares)) named[of].add(name)
  return named
}
