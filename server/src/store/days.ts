/** How long each status was true, a UTC day at a time: exact, from the timeline. */
import type { DayMinutes } from '../model.ts'
import { ByteWriter, readerOf } from './bytes.ts'
import type { Told } from './line.ts'

export const DAY_MS = 86_400_000
const MINUTE_MS = 60_000
const VERSION = 1
/** An endpoint's mark in a packed day: nothing was observed; it was operational all day; five numbers follow. */
const [NONE, ALL_WELL, MIXED] = [0, 1, 2] as const

/** How long each status was true, ms. `planned`: of `down` and `maintenance`, what was announced. */
export type StatusTimes = {
  operational: number
  degraded: number
  down: number
  maintenance: number
  planned: number
}

const KINDS = ['operational', 'degraded', 'down', 'maintenance', 'planned'] as const
const ALL_WELL_TIMES = timesOf([DAY_MS, 0, 0, 0, 0])

/** The UTC day that a time lies in, as days since 1970-01-01. */
export function dayOf(at: number): number {
  return Math.floor(at / DAY_MS)
}

/** How long each status was true between two times; gaps count for none. */
export function statusTimes(rows: readonly Told[], from: number, to: number): StatusTimes {
  const times = timesOf([])
  for (const [i, { at, status, planned, gap }] of rows.entries()) {
    const end = Math.min(to, rows[i + 1]?.at ?? to)
    const ms = end - Math.max(from, at)
    if (ms <= 0 || gap || status === 'unknown') continue
    times[status] += ms
    if (planned && (status === 'down' || status === 'maintenance')) times.planned += ms
  }
  return times
}

/** Whether anything was observed. */
export function isObserved(times: StatusTimes): boolean {
  return times.operational + times.degraded + times.down + times.maintenance > 0
}

/** Packs the times of all endpoints, by their numbers: a byte for one that was operational all day. */
export function packDay(times: ReadonlyMap<number, StatusTimes>): Uint8Array {
  const writer = new ByteWriter()
  writer.byte(VERSION)
  const last = Math.max(-1, ...times.keys())
  for (let endpoint = 0; endpoint <= last; endpoint++) {
    const of = times.get(endpoint)
    if (of === undefined || !isObserved(of)) writer.byte(NONE)
    else if (of.operational === DAY_MS) writer.byte(ALL_WELL)
    else {
      writer.byte(MIXED)
      for (const kind of KINDS) writer.varint(of[kind])
    }
  }
  return writer.finish()
}

/** Calls `each` for every endpoint that was observed. @throws {StoreError} */
export function readDay(
  packed: Uint8Array,
  each: (endpoint: number, times: StatusTimes) => void,
): void {
  const reader = readerOf(packed, VERSION)
  for (let endpoint = 0; !reader.done; endpoint++) {
    const mark = reader.byte()
    if (mark === ALL_WELL) each(endpoint, ALL_WELL_TIMES)
    else if (mark === MIXED) each(endpoint, timesOf(KINDS.map(() => reader.varint())))
  }
}

/** The times as they are asked for. */
export function minutesOf(day: number, times: StatusTimes): DayMinutes {
  return {
    day,
    operational: times.operational / MINUTE_MS,
    degraded: times.degraded / MINUTE_MS,
    down: times.down / MINUTE_MS,
    maintenance: times.maintenance / MINUTE_MS,
    planned: times.planned / MINUTE_MS,
  }
}

function timesOf(numbers: readonly number[]): StatusTimes {
  const [operational = 0, degraded = 0, down = 0, maintenance = 0, planned = 0] = numbers
  return { operational, degraded, down, maintenance, planned }
}
