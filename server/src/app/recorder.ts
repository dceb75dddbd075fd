import { isInDoubt, type Trouble, troubleIn } from '../lib/errors.ts'
import type { HistoryRow, LogEntry, ProbeResult } from '../model.ts'
import type { Clock, Log, Store, StoreBatch } from '../ports.ts'
import { Backlog, type Urgency } from './backlog.ts'
import type { Past } from './past.ts'

type RecorderDeps = {
  store: Pick<Store, 'write' | 'close'>
  clock: Clock
  log: Log
  /** Most results that wait. */
  queue: number
  /** What is in the store already. */
  past: Past
  /** Positions below this one may be given out. */
  reserved: number
  /** The position of the latest record. */
  rev: () => number
  /** Told of each write that ended, with its duration, ms. */
  wrote: (outcome: 'success' | 'failure', ms: number) => void
  /** The store works again, or no longer. */
  changed: () => void
}

/** How many positions are reserved at a time: about a week of ten thousand endpoints a minute, without a working store. */
export const RESERVE = 100_000_000
/** How long a batch is gathered, ms, or until it has so many rows. */
const GATHER = { ms: 250, rows: 500 } as const
/** How long what must not be lost waits for more of its kind, ms. */
const NOW_MS = 10
/** First pause after a failed write, ms; doubled each time. */
const RETRY_MS = { first: 500, most: 30_000 } as const
/** A write that takes longer than this counts as failing until it ends, ms. */
const PATIENCE_MS = 10_000
const LATE: Trouble = { code: 'ERR_TIMEOUT' }

/** Writes down what happens, behind whatever happens: a slow or failing store delays nothing. */
export class Recorder implements AsyncDisposable {
  readonly #deps: RecorderDeps
  readonly #backlog: Backlog
  #reserved: number
  #isUp = true
  #isOver = false
  #pauseMs = 0
  #timer: { at: number; cancel: () => void } | undefined
  #writing: Promise<void> | undefined
  /** A batch that may have been written although no answer came: it is sent again as it is. */
  #inDoubt: StoreBatch | undefined
  #batches = 0

  constructor(deps: RecorderDeps) {
    this.#deps = deps
    this.#reserved = deps.reserved
    this.#backlog = new Backlog(deps.queue, deps.past.entries)
  }

  /** Whether the last write went well, and none takes too long. */
  get isUp(): boolean {
    return this.#isUp
  }

  /** Results and changes of status that wait. */
  get waiting(): number {
    const { results, timeline } = this.#inDoubt ?? { results: [], timeline: [] }
    return this.#backlog.rows + results.length + timeline.length
  }

  /** What was dropped because too much waited. */
  get dropped(): { results: number; changes: number } {
    return this.#backlog.dropped
  }

  /** Takes in an entry of the log; one that is of the past is in the store. */
  onEntry(entry: LogEntry): void {
    if (this.#isOver || entry.rev <= this.#deps.past.rev) return
    this.#wake(this.#backlog.addEntry(entry, this.#deps.clock.now()))
  }

  onResult(row: HistoryRow): void {
    if (this.#isOver) return
    this.#backlog.addResult(row)
    this.#wake(this.#backlog.rows >= GATHER.rows ? 'now' : 'soon')
  }

  /** Writes down all that waits, and that it is all. What cannot be written now is lost, as in a crash. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true
    this.#timer?.cancel()
    const { store, clock } = this.#deps
    const late = Promise.withResolvers<false>()
    const cancel = clock.after(PATIENCE_MS, () => late.resolve(false))
    const isAll = await Promise.race([this.#writeAll(), late.promise])
    cancel()
    if (isAll) await store.close().catch((error) => this.#fail(error))
  }

  async #writeAll(): Promise<boolean> {
    await this.#writing
    this.#backlog.ripenAll()
    do await this.#write()
    while (this.#isUp && this.#backlog.isDue)
    return this.#isUp
  }

  #wake(urgency: Urgency): void {
    if (this.#isOver || this.#writing || this.#pauseMs > 0) return
    const ms = urgency === 'now' ? NOW_MS : GATHER.ms
    this.#writeIn(ms)
  }

  /** Writes in `ms`, or when it would have been done anyway, if that is sooner. */
  #writeIn(ms: number): void {
    const { clock } = this.#deps
    const at = clock.monotonic() + ms
    if (this.#timer && this.#timer.at <= at) return
    this.#timer?.cancel()
    this.#timer = { at, cancel: clock.after(ms, () => this.#begin()) }
  }

  #begin(): void {
    this.#timer = undefined
    this.#writing = this.#write().finally(() => {
      this.#writing = undefined
      if (this.#isOver) return
      if (this.#pauseMs > 0) this.#writeIn(this.#pauseMs)
      else if (this.#backlog.rows >= GATHER.rows) this.#writeIn(0)
      else if (this.#backlog.isDue) this.#writeIn(GATHER.ms)
    })
  }

  async #write(): Promise<void> {
    const { store, clock } = this.#deps
    const batch = this.#inDoubt ?? this.#nextBatch()
    const begun = clock.monotonic()
    const cancel = clock.after(PATIENCE_MS, () => this.#setUp(false, LATE))
    try {
      await store.write(batch)
      this.#inDoubt = undefined
      this.#reserved = batch.rev
      this.#pauseMs = 0
      this.#deps.wrote('success', clock.monotonic() - begun)
      this.#setUp(true)
    } catch (error) {
      this.#inDoubt = isInDoubt(error) ? batch : undefined
      if (this.#inDoubt === undefined) this.#backlog.putBack(batch)
      this.#pauseMs = Math.min(RETRY_MS.most, this.#pauseMs * 2 || RETRY_MS.first)
      this.#deps.wrote('failure', clock.monotonic() - begun)
      this.#fail(error)
    } finally {
      cancel()
    }
  }

  /** Positions are never given out twice, so that no other run has one that is called the same. */
  #nextBatch(): StoreBatch {
    const { clock, rev, reserved } = this.#deps
    const isShort = this.#reserved - rev() < RESERVE / 2
    return {
      ...this.#backlog.take(clock.now()),
      id: `${reserved}.${++this.#batches}`,
      rev: isShort ? rev() + RESERVE : this.#reserved,
    }
  }

  #fail(error: unknown): void {
    this.#setUp(false, troubleIn(error))
  }

  #setUp(isUp: boolean, trouble: Trouble = LATE): void {
    if (this.#isUp === isUp) return
    this.#isUp = isUp
    const { log, changed } = this.#deps
    if (isUp) log.info({ count: this.waiting }, 'history goes on')
    else log.error(trouble, 'history has stopped')
    changed()
  }
}

/** What history keeps of a result of an endpoint that is asked every `intervalMs`. */
export function historyRowOf(result: ProbeResult, intervalMs: number): HistoryRow {
  const { endpoint, at, latencyMs, statusCode, attempts } = result
  const { verdict, attribution, evidence, codes, phases, failure } = result
  return {
    endpoint,
    at,
    latencyMs,
    statusCode,
    attempts,
    verdict,
    attribution,
    evidence,
    codes,
    phases,
    failure: failure?.kind ?? null,
    intervalMs,
  }
}
