/**
 * Where packed rows lie: the number of a place tells what, when and whose.
 *
 *     series | bucket of time | endpoint | one after the other
 *
 * So what is old lies together and goes at once, what is new is written in one place, and the rows of one endpoint lie
 * side by side within each bucket. All of it fits into a number that is exact (53 bits).
 */
import { StoreError } from '../lib/errors.ts'
import type { Span } from '../ports.ts'

/** Rows of one endpoint in a bucket at most. */
export const SEQUENCE = 2 ** 12
const ENDPOINTS = 2 ** 20
/** For six hours each, up to the year 2059. */
const BUCKETS = 2 ** 17
const SERIES = 2 ** 4

const CHUNK_BUCKET_MS = 6 * 3_600_000
/** Periods of a roll-up in a bucket. */
const PERIODS = 144

/** Rows of one kind: the chunks, or the roll-ups of one resolution. A bucket's length is kept with it. */
export type Series = { number: number; bucketMs: number }

/** The chunks. */
export const CHUNKS: Series = { number: 0, bucketMs: CHUNK_BUCKET_MS }

/** The series of a resolution, ms, that is new. @throws {StoreError} when there are too many */
export function newSeries(number: number, resolution: number): Series {
  if (number >= SERIES)
    throw new StoreError(`store: expected at most ${SERIES - 1} resolutions, got another`)
  return { number, bucketMs: Math.max(resolution * PERIODS, CHUNK_BUCKET_MS) }
}

/** The bucket that a time, epoch ms, is in; the nearest one for times that have none. */
export function bucketOf({ bucketMs }: Series, at: number): number {
  return Math.min(Math.max(Math.floor(at / bucketMs), 0), BUCKETS - 1)
}

/** The first slot of a bucket; of an endpoint in it, where one is given. */
export function slotOf({ number }: Series, bucket: number, endpoint = 0): number {
  return ((number * BUCKETS + bucket) * ENDPOINTS + endpoint) * SEQUENCE
}

/** The first slot for a row. @throws {StoreError} where there is none */
export function slotFor(
  series: Series,
  { endpoint, at }: { endpoint: number; at: number },
): number {
  if (endpoint < 0 || endpoint >= ENDPOINTS)
    throw new StoreError(`store: expected at most ${ENDPOINTS} endpoints, got number ${endpoint}`)
  return slotOf(series, bucketOf(series, at), endpoint)
}

/** The bucket of a slot. */
export function bucketAt(slot: number): number {
  return Math.floor(slot / (ENDPOINTS * SEQUENCE)) % BUCKETS
}

/** All slots of the buckets that a span, epoch ms, touches; the last exclusive. */
export function slotsOf(series: Series, { from, to }: Span): Span {
  return {
    from: slotOf(series, bucketOf(series, from)),
    to: slotOf(series, bucketOf(series, to) + 1),
  }
}
