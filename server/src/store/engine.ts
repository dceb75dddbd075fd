/**
 * The store over any database:
 *
 *   write ->  journal + tail  -- by the hour ->  chunks, five-minute figures  -- by the day ->  hourly figures
 *             timeline                           -- by the day ->               minutes per status
 *
 * A batch is one transaction. What is packed later is in the journal until then, so that a crash loses nothing that was
 * written. Queries see both.
 */
import type { Clock } from '../lib/clock.ts'
import { errorCode, isInDoubt, StoreError } from '../lib/errors.ts'
import type { Log } from '../lib/log.ts'
import type { Remembered, Store, StoreBatch, StoreFigures } from '../ports.ts'
import type { Refusals } from './checked.ts'
import { draftOf, take } from './draft.ts'
import type { Driver, Loaded } from './driver.ts'
import * as queries from './queries.ts'
import { fiveMinutesFrom, type Limits } from './retention.ts'
import { linesFrom, type Progress, progressOf, type State, stateOf } from './state.ts'
import { Turns } from './turns.ts'
import { TAIL_BYTES, Upkeep } from './upkeep.ts'

/** How often it is asked whether there is something to do, and how soon again while there is. */
const IDLE_MS = 10_000
const BUSY_MS = 250
/** Beyond this the tail takes no more: packing fails. */
const MAX_TAIL_BYTES = 4 * TAIL_BYTES

/** What the engine needs. */
export type StoreDeps = { driver: Driver; clock: Clock; limits: Limits; log: Log }

/** What was counted since the start. */
export type StoreCounts = Refusals & {
  /** Steps of packing and expiry that failed, and are tried again. */
  upkeepFailures: number
  /** Hours of results that went early because the store was full. */
  early: number
}

/** Remembers everything through a driver. One writer. */
export class StoreEngine implements Store {
  readonly #deps: StoreDeps
  readonly #turns = new Turns()
  readonly #counts = { refused: 0, trimmed: 0, upkeepFailures: 0 }
  #open: { state: State; upkeep: Upkeep } | null = null
  /** Whether the last commit may or may not have happened. */
  #isInDoubt = false
  /** Hours that went early before what is open was read anew. */
  #early = 0
  #cancel: () => void = () => undefined
  /** Steps begun: a query that one began under is asked again, since rows moved. */
  #steps = 0
  #stepping: Promise<unknown> = Promise.resolve()

  constructor(deps: StoreDeps) {
    this.#deps = deps
  }

  get counts(): StoreCounts {
    return { ...this.#counts, early: this.#early + (this.#open?.upkeep.early ?? 0) }
  }

  restore(epoch: string): Promise<Remembered | null> {
    const { driver, clock, limits } = this.#deps
    return this.#turns.take(async () => {
      const { loaded, progress, state } = await this.#loaded()
      const before = loaded.meta.get('epoch')
      await driver.commit({
        meta: new Map([
          ['epoch', before ?? epoch],
          ['clean', '0'],
          ['progress', JSON.stringify(progress)],
        ]),
      })
      this.#open = { state, upkeep: new Upkeep({ driver, clock, state, limits }) }
      this.#tickIn(BUSY_MS)
      if (before === undefined) return null
      const clean = loaded.meta.get('clean') === '1'
      const { floor } = progress
      return { epoch: before, rev: state.rev, clean, floor, entries: loaded.entries }
    })
  }

  write(batch: StoreBatch): Promise<void> {
    return this.#turns.take(async () => {
      const { state } = await this.#certain()
      if (batch.id !== undefined && batch.id === state.batch) return
      if (state.tail.bytes > MAX_TAIL_BYTES)
        throw new StoreError('too many results wait to be packed')
      const { driver, clock, limits } = this.#deps
      const draft = await draftOf(batch, {
        state,
        driver,
        now: clock.now(),
        historyFor: limits.historyFor,
        counts: this.#counts,
      })
      await this.#orInDoubt(() => driver.commit(draft.work))
      take(state, draft)
    })
  }

  results(asked: Parameters<Store['results']>[0]): ReturnType<Store['results']> {
    return this.#ask((asking) => queries.results(asking, asked))
  }

  latency(asked: Parameters<Store['latency']>[0]): ReturnType<Store['latency']> {
    return this.#ask((asking) => queries.latency(asking, asked))
  }

  timeline(asked: Parameters<Store['timeline']>[0]): ReturnType<Store['timeline']> {
    return this.#ask((asking) => queries.timeline(asking, asked))
  }

  days(asked: Parameters<Store['days']>[0]): ReturnType<Store['days']> {
    return this.#ask((asking) => queries.days(asking, asked))
  }

  incidents(asked: Parameters<Store['incidents']>[0]): ReturnType<Store['incidents']> {
    return this.#deps.driver.incidents(asked)
  }

  incident(id: string): ReturnType<Store['incident']> {
    return this.#deps.driver.incident(id)
  }

  backup(file: string): Promise<void> {
    return this.#turns.take(() => this.#deps.driver.backup(file))
  }

  async figures(): Promise<StoreFigures> {
    const { driver } = this.#deps
    const { tail } = this.#opened().state
    const [bytes, oldest] = await Promise.all([driver.size(), driver.oldestChunkAt()])
    const oldestResultAt = oldest ?? (Number.isFinite(tail.oldest) ? tail.oldest : null)
    return { bytes, oldestResultAt, troubles: this.counts }
  }

  /** Does all that is due now. */
  async tidy(): Promise<void> {
    while (await this.#step()) {
      // Each step is a turn of its own.
    }
  }

  close(): Promise<void> {
    return this.#turns.take(async () => {
      this.#opened()
      await this.#deps.driver.commit({ meta: new Map([['clean', '1']]) })
      this.#open = null
      this.#cancel()
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#cancel()
    await this.#turns.take(async () => {
      this.#open = null
      this.#cancel()
      await this.#deps.driver[Symbol.asyncDispose]()
    })
  }

  #opened(): { state: State; upkeep: Upkeep } {
    if (this.#open === null) throw new StoreError('the store is not open')
    return this.#open
  }

  /** What is open, as it is in the database: read anew where nobody knows whether the last commit happened. */
  async #certain(): Promise<{ state: State; upkeep: Upkeep }> {
    const opened = this.#opened()
    if (!this.#isInDoubt) return opened
    const { driver, clock, limits } = this.#deps
    const { state } = await this.#loaded()
    this.#early += opened.upkeep.early
    this.#open = { state, upkeep: new Upkeep({ driver, clock, state, limits }) }
    this.#isInDoubt = false
    return this.#open
  }

  async #loaded(): Promise<{ loaded: Loaded; progress: Progress; state: State }> {
    const { driver, clock } = this.#deps
    const loaded = await driver.load()
    const progress = progressOf(loaded, clock.now())
    const state = stateOf(loaded, progress, await driver.timelines(linesFrom(progress)))
    return { loaded, progress, state }
  }

  async #orInDoubt<T>(run: () => Promise<T>): Promise<T> {
    try {
      return await run()
    } catch (error) {
      this.#isInDoubt = isInDoubt(error)
      throw error
    }
  }

  /** Reads, and reads again where rows moved from one place to another meanwhile. */
  async #ask<T>(read: (asking: queries.Asking) => Promise<T>): Promise<T> {
    for (let attempt = 0; attempt < 3; attempt++) {
      await this.#stepping
      const steps = this.#steps
      const answer = await read(this.#asking())
      if (steps === this.#steps) return answer
    }
    return this.#turns.take(() => read(this.#asking()))
  }

  #asking(): queries.Asking {
    const { driver, clock, limits } = this.#deps
    const { state } = this.#opened()
    const from = fiveMinutesFrom(state.progress.expired, limits.fiveMinutesFor)
    return { state, driver, now: clock.now(), fiveMinutesFrom: from }
  }

  #step(): Promise<boolean> {
    const step = this.#turns.take(async () => {
      if (this.#open === null) return false
      const { upkeep } = await this.#certain()
      this.#steps++
      return await this.#orInDoubt(() => upkeep.step())
    })
    this.#stepping = step.catch(() => undefined)
    return step
  }

  #tickIn(ms: number): void {
    this.#cancel = this.#deps.clock.after(ms, () => void this.#tick())
  }

  async #tick(): Promise<void> {
    let isBusy = false
    try {
      isBusy = await this.#step()
    } catch (error) {
      this.#counts.upkeepFailures++
      this.#deps.log.error({ code: errorCode(error) }, 'store upkeep failed')
    }
    if (this.#open !== null) this.#tickIn(isBusy ? BUSY_MS : IDLE_MS)
  }
}
