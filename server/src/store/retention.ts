import type { Config } from '../config/config.ts'
import type { Clock } from '../lib/clock.ts'
import { DAY_MS, dayOf } from './days.ts'
import type { Driver, Expiry } from './driver.ts'
import { periodOf } from './figures.ts'
import { FIVE_MINUTES_MS, GROUP_MS, HOUR_MS } from './pack.ts'
import type { Closed, State } from './state.ts'

/** How long and how much is kept: durations in ms, `maxSize` in bytes. `remember`: of the log, as for the hub. */
export type Limits = Pick<
  Config['store'],
  'resultsFor' | 'fiveMinutesFor' | 'historyFor' | 'maxSize'
> & { remember: number }

/** How far one step moves the time that expiry is told from. */
const STEP_MS = 5 * 60_000
/** The shortest time between two steps: a clock that runs ahead for ten minutes costs five hours of history at most. */
const BETWEEN_STEPS_MS = 10_000

/** Lets what is old go, a little at a time. */
export class Retention {
  /** Steps in which an hour of results went early because the store was full. */
  early = 0
  readonly #driver: Driver
  readonly #clock: Clock
  readonly #state: State
  readonly #limits: Limits
  #nextAt = 0
  #isFull = false

  constructor(deps: { driver: Driver; clock: Clock; state: State; limits: Limits }) {
    this.#driver = deps.driver
    this.#clock = deps.clock
    this.#state = deps.state
    this.#limits = deps.limits
  }

  /** One step; false where nothing is due. @throws {StoreError} */
  async step(now: number): Promise<boolean> {
    const { progress } = this.#state
    const isDue = this.#isFull || now - progress.expired >= STEP_MS
    if (!isDue || this.#clock.monotonic() < this.#nextAt) return false
    this.#nextAt = this.#clock.monotonic() + BETWEEN_STEPS_MS
    const expired = Math.max(progress.expired, Math.min(now, progress.expired + STEP_MS))
    const early = await this.#early()
    const expire = this.#expiry(expired)
    const forgotten = this.#forgotten(now)
    const floor = forgotten.reduce((most, { rev }) => Math.max(most, rev), progress.floor)
    const next = { ...progress, expired, floor }
    const chunks = Math.max(expire.chunks ?? 0, early ?? 0)
    await this.#driver.commit({
      meta: new Map([['progress', JSON.stringify(next)]]),
      expire: { ...expire, chunks },
      forgotten,
    })
    this.#state.progress = next
    for (const { kind, id } of forgotten) this.#state.closed.delete(`${kind} ${id}`)
    if (early !== null) this.early++
    return true
  }

  #expiry(now: number): Expiry {
    const { resultsFor, fiveMinutesFor, historyFor } = this.#limits
    const history = now - historyFor
    const fives = fiveMinutesFrom(now, fiveMinutesFor) - DAY_MS
    const notHourlyYet = this.#state.progress.hours.day * DAY_MS - GROUP_MS.fiveMinutes
    return {
      chunks: now - resultsFor - GROUP_MS.chunk,
      rollups: [
        { resolution: FIVE_MINUTES_MS, before: Math.min(fives, notHourlyYet) },
        { resolution: HOUR_MS, before: periodOf(history, DAY_MS) },
      ],
      days: dayOf(history),
      timeline: periodOf(history, DAY_MS),
      incidents: history,
    }
  }

  /** The end of the oldest hour of results, where the store is larger than it may be. */
  async #early(): Promise<number | null> {
    this.#isFull = (await this.#driver.size()) > this.#limits.maxSize
    const oldest = this.#isFull ? await this.#driver.oldestChunkAt() : null
    return oldest === null ? null : oldest + HOUR_MS
  }

  #forgotten(now: number): Closed[] {
    const before = now - this.#limits.remember
    return [...this.#state.closed.values()].filter(({ at }) => at < before)
  }
}

/** Since when five-minute figures are all there. */
export function fiveMinutesFrom(now: number, fiveMinutesFor: number): number {
  return periodOf(now - fiveMinutesFor, DAY_MS)
}
