/** Answers from what is packed and what is not yet. */
import type { DayMinutes, HistoryRow, LatencyStep, TimelineRow } from '../model.ts'
import type { Span, Store } from '../ports.ts'
import { DAY_MS, dayOf, isObserved, minutesOf, readDay, type StatusTimes } from './days.ts'
import { timesOn } from './draft.ts'
import type { Change, Driver } from './driver.ts'
import { addPeriods, type Figures, figuresAt, type Periods, periodOf } from './figures.ts'
import { EMPTY_LINE, type Line, settled, shown } from './line.ts'
import { FIVE_MINUTES_MS, GROUP_MS, HOUR_MS } from './pack.ts'
import { readChunk } from './rows.ts'
import { hourlyUpTo, type State } from './state.ts'

/** What answering needs. `fiveMinutesFrom`: older five-minute figures may be gone. */
export type Asking = { state: State; driver: Driver; now: number; fiveMinutesFrom: number }

/** How far the first look for results goes back; each further one goes twice as far. */
const FIRST_LOOK_MS = 6 * HOUR_MS
const SHARES = [0.5, 0.9, 0.95, 0.99]

export async function results(
  { state, driver }: Asking,
  { endpoint, from, to, limit }: Parameters<Store['results']>[0],
): Promise<HistoryRow[]> {
  const number = state.numbers.get(endpoint)
  if (number === undefined) return []
  const tail = state.tail.rows({ endpoint: number, id: endpoint })
  const found: HistoryRow[] = []
  let [end, look] = [to, FIRST_LOOK_MS]
  while (end > from && found.length < limit) {
    const begin = Math.max(from, end - look)
    const chunks = await driver.chunks(number, { from: begin - GROUP_MS.chunk, to: end })
    const rows = chunks
      .flatMap(({ packed }) => readChunk(packed, endpoint, state.shapes))
      .concat(tail)
      .filter(({ at }) => at >= begin && at < end)
    found.push(...rows.sort((a, b) => b.at - a.at))
    end = begin
    look *= 2
  }
  return found.slice(0, limit)
}

export async function latency(
  asking: Asking,
  { endpoint, ...asked }: Parameters<Store['latency']>[0],
): Promise<LatencyStep[]> {
  const number = asking.state.numbers.get(endpoint)
  if (number === undefined) return []
  const stepMs = Math.max(asked.stepMs, FIVE_MINUTES_MS)
  const steps: Periods = new Map()
  const inSpan = (span: Span) => (begin: number) =>
    begin >= span.from && begin < span.to ? figuresAt(steps, periodOf(begin, stepMs)) : null
  await addPacked(asking, { ...asked, number, stepMs }, inSpan)
  const want = inSpan({ from: periodOf(asked.from, FIVE_MINUTES_MS), to: asked.to })
  for (const row of asking.state.tail.rows({ endpoint: number, id: endpoint }))
    want(periodOf(row.at, FIVE_MINUTES_MS))?.add(row)
  return [...steps].sort(([a], [b]) => a - b).map(([at, figures]) => stepOf(at, figures))
}

/** Hourly figures where they do for the step or nothing finer is left; five-minute ones for the rest. */
async function addPacked(
  { state, driver, fiveMinutesFrom }: Asking,
  { number, stepMs, from, to }: Span & { number: number; stepMs: number },
  inSpan: (span: Span) => (begin: number) => Figures | null,
): Promise<void> {
  const upTo = hourlyUpTo(state, number)
  const border = stepMs % HOUR_MS === 0 ? upTo : Math.min(upTo, fiveMinutesFrom)
  const hours = { from: periodOf(from, HOUR_MS), to: Math.min(to, border) }
  if (hours.from < hours.to) {
    const asked = { from: hours.from - GROUP_MS.hours, to: hours.to, resolution: HOUR_MS }
    for (const row of await driver.rollups(number, asked)) addPeriods(row, inSpan(hours))
  }
  const fives = { from: Math.max(border, periodOf(from, FIVE_MINUTES_MS)), to }
  if (fives.from < fives.to) {
    const begin = fives.from - GROUP_MS.fiveMinutes
    const asked = { from: begin, to, resolution: FIVE_MINUTES_MS }
    for (const row of await driver.rollups(number, asked)) addPeriods(row, inSpan(fives))
  }
}

function stepOf(at: number, { count, failures, sketch }: Figures): LatencyStep {
  const [p50Ms, p90Ms, p95Ms, p99Ms] = sketch.percentiles(SHARES)
  return {
    ...{ at, count, failures },
    ...{ p50Ms: p50Ms ?? null, p90Ms: p90Ms ?? null, p95Ms: p95Ms ?? null, p99Ms: p99Ms ?? null },
  }
}

export async function timeline(
  { state, driver, now }: Asking,
  { endpoint, from, to, limit = Number.POSITIVE_INFINITY }: Parameters<Store['timeline']>[0],
): Promise<TimelineRow[]> {
  const number = state.numbers.get(endpoint)
  if (number === undefined) return []
  const known = state.lines.get(number) ?? EMPTY_LINE
  const piece = Number.isFinite(limit) ? { limit: limit + MORE } : {}
  const rows: Change[] = []
  for (let isAll = false; !isAll && !isEnough(rows, known, { to, limit }); ) {
    const after = rows.at(-1)?.at
    const asked = { from: after ?? from, to: Number.MAX_SAFE_INTEGER, ...piece }
    const some = await driver.timeline(number, asked)
    isAll = some.length < (piece.limit ?? Number.POSITIVE_INFINITY)
    rows.push(...some.filter(({ at }) => after === undefined || at > after))
  }
  const line = settled({ ...known, rows }, now)
  const found = shown(endpoint, line.rows).filter(({ at }) => at < to)
  return found.slice(0, limit)
}

/** Rows that are read beyond the limit: the one in force, and one that tells whether there are more. */
const MORE = 2

/** Whether all that is asked for is known, and none of it may be part of a silence that lasts. */
function isEnough(
  rows: readonly Change[],
  { last }: Line,
  { to, limit }: { to: number; limit: number },
): boolean {
  const end = rows.at(-1)?.at
  if (end === undefined || (last !== null && end >= last)) return false
  return end >= to || (rows.length >= limit && shown('', rows).length >= limit)
}

export async function days(
  asking: Asking,
  { endpoints, from, to }: Parameters<Store['days']>[0],
): Promise<Map<string, DayMinutes[]>> {
  const { state, driver, now } = asking
  const wanted = numbersOf(state, endpoints)
  const found = new Map<string, DayMinutes[]>()
  const add = (number: number, day: DayMinutes) => {
    const id = state.names.get(number)
    if (id === undefined) return
    const list = found.get(id)
    if (list === undefined) found.set(id, [day])
    else list.push(day)
  }
  const [first, end] = [dayOf(from), Math.ceil(to / DAY_MS)]
  const open = state.progress.days
  for (const { day, packed } of await driver.days(first, Math.min(end, open))) {
    const known = new Map<StatusTimes, DayMinutes>()
    readDay(packed, (number, times) => {
      if (wanted !== null && !wanted.has(number)) return
      const minutes = known.get(times) ?? minutesOf(day, times)
      known.set(times, minutes)
      add(number, minutes)
    })
  }
  const last = Math.min(end, dayOf(now) + 1)
  for (const number of wanted ?? state.names.keys()) {
    const line = settled(state.lines.get(number) ?? EMPTY_LINE, now)
    for (let day = Math.max(first, open); day < last; day++) {
      const times = timesOn(line, day, now)
      if (isObserved(times)) add(number, minutesOf(day, times))
    }
  }
  return found
}

function numbersOf(state: State, ids: readonly string[] | undefined): Set<number> | null {
  if (ids === undefined) return null
  return new Set(ids.map((id) => state.numbers.get(id)).filter((number) => number !== undefined))
}
