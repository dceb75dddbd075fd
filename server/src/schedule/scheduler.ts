import { isDeepStrictEqual } from 'node:util'
import { BusyError, UnknownNameError } from '../lib/errors.ts'
import { Alarm } from './alarm.ts'
import { firstDelay } from './cadence.ts'
import { Calendar } from './calendar.ts'
import { Places } from './places.ts'
import { nextPoint, noteCourse, openAt, pointAfter, pointDueAt } from './rhythm.ts'
import {
  isSameRhythm,
  namesIn,
  noCounts,
  type Planned,
  type Run,
  rejectWaiters,
  type SchedulerDeps,
  type Slot,
} from './slot.ts'
import { Slots } from './slots.ts'

/** Decides when each endpoint is probed. One timer, set to the earliest due; what may not start is deferred, never dropped. */
export class Scheduler<Outcome, Subject extends { id: string } = Planned> {
  readonly counts = noCounts()
  readonly #deps: SchedulerDeps<Outcome, Subject>
  readonly #slots: Slots<Outcome, Subject>
  readonly #places: Places<Slot<Outcome>>
  readonly #calendar: Calendar
  readonly #running = new Set<Promise<unknown>>()
  readonly #abort = new AbortController()
  readonly #alarm: Alarm
  #isStopping = false

  constructor(deps: SchedulerDeps<Outcome, Subject>) {
    this.#deps = deps
    this.#slots = new Slots(deps.planOf)
    this.#places = new Places(deps.clock, deps.concurrency)
    this.#calendar = new Calendar(deps.clock)
    this.#alarm = new Alarm(deps.clock, () => this.#onTimer())
  }

  /** Probes that run now, and probes that are due and wait for a place. */
  get load(): { running: number; waiting: number } {
    return { running: this.#running.size, waiting: this.#places.waiting }
  }

  /** Replaces the endpoints to probe. Those that stay keep their rhythm; new ones get a quick first probe. */
  assign(subjects: readonly Subject[]): void {
    this.#calendar.forget()
    this.#slots.replace(subjects, {
      gone: (slot) => this.#drop(slot),
      added: (slot) => this.#begin(slot),
      stayed: (slot, plan) => this.#replan(slot, plan),
    })
    this.#places.keepOnly(namesIn(subjects, this.#deps.planOf))
    this.#startReady()
    this.#arm()
  }

  /** Makes endpoints, all if none are named, due again as in a first round: what was known of them is in doubt. A cron is kept to. */
  hurry(ids?: Iterable<string>): void {
    const now = this.#deps.clock.monotonic()
    for (const slot of this.#slots.among(ids)) {
      if (slot.plan.cron || slot.running || slot.isQueued) continue
      const soon = now + firstDelay(slot.plan, this.#slots.size)
      const at = this.#openAt(slot, Math.max(soon, slot.startedAt + slot.plan.minGap))
      if (at >= slot.dueAt) continue
      if (slot.setbacks > 0) slot.gridPoint = this.#pointAfter(slot, at)
      slot.setbacks = 0
      this.#push(slot, at, false)
    }
    this.#arm()
  }

  /**
   * Probes an endpoint now, within the limits, or joins the probe that already runs.
   * @throws {UnknownNameError} when it is not assigned here
   * @throws {BusyError} when it was probed less than its `minGap` ago, or waits for tokens for longer than `patience` ms
   */
  async probeNow(id: string, patience = Number.POSITIVE_INFINITY): Promise<Outcome> {
    const slot = this.#slots.find(id)
    if (slot === undefined) throw new UnknownNameError(`no endpoint ${id} is probed here`)
    if (slot.running !== undefined) return slot.running
    const wait = slot.startedAt + slot.plan.minGap - this.#deps.clock.monotonic()
    if (wait > 0) throw new BusyError('it was probed a moment ago', Math.ceil(wait))
    const tokensIn = this.#places.tokensIn(slot)
    if (tokensIn > patience)
      throw new BusyError('its host or payer is asked as often as it may be', Math.ceil(tokensIn))
    const asked = new Promise<Outcome>((resolve, reject) => slot.waiters.push({ resolve, reject }))
    if (!slot.isQueued) {
      this.#slots.keep(slot)
      this.#push(slot, this.#deps.clock.monotonic(), false)
      this.#onTimer()
    }
    return asked
  }

  /** Starts nothing more, lets what runs end within `grace` ms, then aborts it and waits for it. */
  async stop(grace: number): Promise<void> {
    this.#isStopping = true
    this.#alarm.stop()
    for (const slot of this.#slots.kept) rejectWaiters(slot)
    const cancel = this.#deps.clock.after(grace, () => this.#abort.abort())
    await Promise.all(this.#running)
    cancel()
    this.#abort.abort()
  }

  #begin(slot: Slot<Outcome>): void {
    const { plan } = slot
    const now = this.#deps.clock.monotonic()
    slot.startedAt = now - (plan.probedAgo ?? Number.POSITIVE_INFINITY)
    if (plan.cron !== undefined) {
      this.#restart(slot)
      return
    }
    const due = Math.max(now + firstDelay(plan, this.#slots.size), slot.startedAt + plan.minGap)
    slot.gridPoint = this.#pointAfter(slot, due)
    this.#plan(slot, due, false)
  }

  #replan(slot: Slot<Outcome>, plan: Planned): void {
    const isSame = isSameRhythm(slot.plan, plan)
    slot.plan = plan
    if (slot.running === undefined && !isDeepStrictEqual(slot.shares, plan.shares))
      this.#places.reshare(slot, plan.shares)
    if (!isSame) this.#restart(slot)
  }

  /** Begins the endpoint's rhythm anew, with the next point of it. */
  #restart(slot: Slot<Outcome>): void {
    slot.setbacks = 0
    slot.gridPoint = pointAfter(slot.plan, this.#deps.clock.monotonic(), this.#calendar)
    if (slot.running === undefined && !slot.isQueued)
      this.#plan(slot, Math.max(slot.gridPoint, slot.startedAt + slot.plan.minGap), true)
    else slot.isRegular = false // the grid point is the next probe's, not this one's
  }

  #drop(slot: Slot<Outcome>): void {
    slot.isGone = true
    this.#places.withdraw(slot)
    rejectWaiters(slot)
  }

  /** Plans a probe that nobody asked for: it keeps out of quiet hours. */
  #plan(slot: Slot<Outcome>, at: number, isRegular: boolean): void {
    const open = this.#openAt(slot, at)
    if (open !== at) {
      slot.gridPoint = this.#pointAfter(slot, open)
      this.counts.deferred.quiet_hours++
    }
    this.#push(slot, open, isRegular && open === at)
  }

  #openAt({ plan }: Slot<Outcome>, at: number): number {
    return openAt(plan, at, { calendar: this.#calendar, endpoints: this.#slots.size })
  }

  /** The regular point that follows a probe in between. */
  #pointAfter({ plan }: Slot<Outcome>, probedAt: number): number {
    return pointAfter(plan, probedAt + 0.9 * plan.interval, this.#calendar)
  }

  #push(slot: Slot<Outcome>, at: number, isRegular: boolean): void {
    slot.isRegular = isRegular
    slot.dueAt = at
  }

  #arm(): void {
    if (!this.#isStopping) this.#alarm.set(this.#slots.nextAt(), this.#places.nextTokenAt())
  }

  #onTimer(): void {
    if (this.#calendar.adjust())
      for (const slot of this.#slots.among())
        if (slot.plan.cron || slot.plan.quietHours) this.#restart(slot)
    for (const slot of this.#slots.takeDue(this.#deps.clock.monotonic())) this.#enqueue(slot)
    this.#startReady()
    this.#arm()
  }

  #enqueue(slot: Slot<Outcome>): void {
    if (this.#isHeld(slot)) return
    this.counts.due++
    this.#slots.keep(slot)
    const obstacle = this.#places.enqueue(slot)
    if (obstacle !== undefined) this.counts.deferred[obstacle]++
  }

  #startReady(): void {
    if (this.#isStopping) return
    for (let slot = this.#places.next(); slot; slot = this.#places.next())
      if (!this.#isHeld(slot)) this.#start(slot)
      else {
        this.#slots.rest(slot)
        this.#places.leave(slot.shares)
      }
  }

  /** Whether its quiet hours have begun meanwhile: then it is planned for their end. Whoever asks for a probe gets it. */
  #isHeld(slot: Slot<Outcome>): boolean {
    const now = this.#deps.clock.monotonic()
    if (slot.waiters.length > 0 || this.#openAt(slot, now) === now) return false
    this.#plan(slot, now, false)
    return true
  }

  #start(slot: Slot<Outcome>): void {
    const now = this.#deps.clock.monotonic()
    this.counts.started++
    this.#deps.onLag(Math.max(0, now - slot.dueAt))
    slot.startedAt = now
    const again = (within: number) => this.#again(slot, within)
    const run = this.#deps.onDue(slot.plan.id, this.#abort.signal, again)
    slot.running = run.then(({ outcome }) => outcome)
    for (const { resolve } of slot.waiters.splice(0)) resolve(slot.running)
    const done = run
      .then((run) => this.#finish(slot, run))
      .finally(() => this.#running.delete(done))
    this.#running.add(done)
  }

  #again(slot: Slot<Outcome>, within: number): number | undefined {
    const wait = this.#places.again(slot, within)
    this.counts.retries[wait === undefined ? 'refused' : 'granted']++
    return wait
  }

  #finish(slot: Slot<Outcome>, run: Run<Outcome>): void {
    slot.running = undefined
    this.#places.leave(slot.shares)
    if (!slot.isGone) {
      this.#planNext(slot, run)
      this.#slots.rest(slot)
    }
    this.#startReady()
    this.#arm()
  }

  /** The next regular point, at once when it passed meanwhile; sooner for a recheck; never within `minGap`. */
  #planNext(slot: Slot<Outcome>, { recheckIn, course }: Run<Outcome>): void {
    const now = this.#deps.clock.monotonic()
    noteCourse(slot, course, this.#calendar)
    const { point, missed } = nextPoint(slot, now, this.#calendar)
    slot.gridPoint = point
    this.counts.coalesced += missed
    const regular = pointDueAt(slot.plan, point, this.#deps.random)
    const isSooner = recheckIn !== null && now + recheckIn < regular
    const wanted = isSooner ? now + recheckIn : regular
    this.#plan(slot, Math.max(wanted, slot.startedAt + slot.plan.minGap), !isSooner)
  }
}
