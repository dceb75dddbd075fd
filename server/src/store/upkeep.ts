/**
 * The work that comes by the hour and by the day, in small steps between writes: results into chunks and figures,
 * five-minute figures into hourly ones, timelines into days, and what is old out.
 */
import type { Clock } from '../lib/clock.ts'
import { DAY_MS, dayOf, isObserved, packDay, type StatusTimes } from './days.ts'
import { changesOf, reach, repairedDays, timesOn } from './draft.ts'
import type { Chunk, Driver, Rollup } from './driver.ts'
import { addPeriods, figuresAt, type Periods, periodOf } from './figures.ts'
import { type Line, settled } from './line.ts'
import {
  chunksOf,
  FIVE_MINUTES_MS,
  fiveMinuteRollups,
  fiveMinutesOf,
  GROUP_MS,
  HOUR_MS,
  hourlyRollups,
} from './pack.ts'
import { type Limits, Retention } from './retention.ts'
import {
  BLOCK,
  blockOf,
  cutLines,
  hourlyUpTo,
  lastsOf,
  linesFrom,
  type Progress,
  type State,
  takeLines,
} from './state.ts'

/** A round begins with the hour, or when unpacked results take this much memory, bytes. */
export const TAIL_BYTES = 64 * 1024 * 1024
/** How long after its end a day is packed: most of what comes late has come by then. */
const LAG_MS = HOUR_MS / 2

type Deps = { driver: Driver; clock: Clock; state: State; limits: Limits }

export class Upkeep {
  readonly #driver: Driver
  readonly #clock: Clock
  readonly #state: State
  readonly #retention: Retention

  constructor(deps: Deps) {
    this.#driver = deps.driver
    this.#clock = deps.clock
    this.#state = deps.state
    this.#retention = new Retention(deps)
  }

  /** Hours of results that went early because the store was full. */
  get early(): number {
    return this.#retention.early
  }

  /** Does one step; false where nothing is due. @throws {StoreError} */
  async step(): Promise<boolean> {
    const now = this.#clock.now()
    const { round, hours, days } = this.#state.progress
    if (round !== null) return this.#packBlock(round)
    if (this.#isRoundDue(now))
      return this.#advance({ round: { upTo: this.#state.journal, block: 0 } })
    if (days > dayOf(now)) return this.#turnBack(dayOf(now))
    if (now >= (days + 1) * DAY_MS + LAG_MS) return this.#packDay(days)
    if (now >= (hours.day + 1) * DAY_MS + LAG_MS) return this.#packHours(hours)
    return this.#retention.step(now)
  }

  #isRoundDue(now: number): boolean {
    const { tail } = this.#state
    if (tail.isEmpty) return false
    return tail.bytes > TAIL_BYTES || periodOf(tail.oldest, HOUR_MS) !== periodOf(now, HOUR_MS)
  }

  /** Packs the results of the next endpoints; after the last ones, forgets the journals. */
  async #packBlock({ upTo, block }: NonNullable<Progress['round']>): Promise<true> {
    const { tail } = this.#state
    const next = nextBlock(tail.endpoints(), block)
    if (next === null) {
      await this.#advance({ round: null }, { packedUpTo: upTo })
      tail.dropPages(upTo, this.#clock.now())
      return true
    }
    const numbers = numbersIn(next, (number) => tail.has(number))
    const work: { chunks: Chunk[]; rollups: Rollup[] } = { chunks: [], rollups: [] }
    for (const number of numbers) {
      const id = this.#state.names.get(number) ?? ''
      const rows = tail.rows({ endpoint: number, id }, upTo)
      const periods = fiveMinutesOf(rows)
      const late = [...periods].filter(([at]) => at < hourlyUpTo(this.#state, number))
      work.chunks.push(...chunksOf(number, rows, this.#state.shapes))
      work.rollups.push(...fiveMinuteRollups(number, periods))
      work.rollups.push(...hourlyRollups(number, new Map(late)))
    }
    const meta = new Map([lastsOf(this.#state, next)])
    await this.#advance({ round: { upTo, block: next + 1 } }, { ...work, meta })
    for (const number of numbers) tail.dropRows(number, upTo)
    return true
  }

  /** Makes the hourly figures of a day for a block of endpoints. */
  async #packHours({ day, block }: Progress['hours']): Promise<true> {
    const { names } = this.#state
    const [from, to] = [day * DAY_MS, (day + 1) * DAY_MS]
    const rollups: Rollup[] = []
    for (const number of numbersIn(block, (one) => names.has(one))) {
      const asked = { from: from - GROUP_MS.fiveMinutes, to, resolution: FIVE_MINUTES_MS }
      const periods: Periods = new Map()
      for (const row of await this.#driver.rollups(number, asked))
        addPeriods(row, (at) => (at >= from && at < to ? figuresAt(periods, at) : null))
      rollups.push(...hourlyRollups(number, periods))
    }
    const isLast = (block + 1) * BLOCK >= names.size
    const hours = isLast ? { day: day + 1, block: 0 } : { day, block: block + 1 }
    return this.#advance({ hours }, { rollups })
  }

  /** Packs the minutes of a day, and writes down where endpoints have fallen silent. */
  async #packDay(day: number): Promise<true> {
    const state = this.#state
    const now = this.#clock.now()
    const silent = new Map<number, Line>()
    const times = new Map<number, StatusTimes>()
    for (const [number, line] of state.lines) {
      const after = await this.#settled(number, line)
      if (after !== line) silent.set(number, after)
      times.set(number, timesOn(after, day, now))
    }
    const timeline = changesOf(silent, state)
    const world = { state, driver: this.#driver }
    const repaired = await repairedDays({ lines: silent, changes: timeline }, world)
    const isSeen = [...times.values()].some(isObserved)
    const packed = isSeen ? [{ day, packed: packDay(times) }] : []
    await this.#advance({ days: day + 1 }, { days: [...repaired, ...packed], timeline })
    for (const [number, line] of silent) state.lines.set(number, line)
    cutLines(state)
    return true
  }

  async #settled(number: number, line: Line): Promise<Line> {
    const now = this.#clock.now()
    const after = settled(line, now)
    if (after === line || line.last === null || line.last >= line.from) return after
    return settled(await reach(this.#driver, { number, line, from: line.last }), now)
  }

  /** The clock was set back over a day that is packed: it is packed again when it has ended. */
  async #turnBack(today: number): Promise<true> {
    const progress = { ...this.#state.progress, days: today }
    const changes = await this.#driver.timelines(linesFrom(progress))
    await this.#advance({ days: today })
    takeLines(this.#state, changes)
    return true
  }

  async #advance(
    progress: Partial<Progress>,
    work: Parameters<Driver['commit']>[0] = {},
  ): Promise<true> {
    const next = { ...this.#state.progress, ...progress }
    const meta = new Map([...(work.meta ?? []), ['progress', JSON.stringify(next)] as const])
    await this.#driver.commit({ ...work, meta })
    this.#state.progress = next
    return true
  }
}

/** The first block from this one on that has one of the endpoints. */
function nextBlock(endpoints: Iterable<number>, from: number): number | null {
  let next = Number.POSITIVE_INFINITY
  for (const number of endpoints) {
    const block = blockOf(number)
    if (block >= from && block < next) next = block
  }
  return Number.isFinite(next) ? next : null
}

function numbersIn(block: number, isWanted: (number: number) => boolean): number[] {
  return Array.from({ length: BLOCK }, (_, i) => block * BLOCK + i).filter(isWanted)
}
