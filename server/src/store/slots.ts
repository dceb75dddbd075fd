/**
 * Where packed rows lie. Time comes first in coarse steps, then the endpoint, then the time within the step:
 *
 *     bucket | endpoint | time within the bucket
 *
 * So what is old lies together and goes at once, what is new is written in one place, and the rows of one endpoint lie
 * side by side within each bucket.
 */

/** How long a bucket of chunks is, ms. */
const CHUNK_BUCKET_MS = 6 * 3_600_000
/** Enough for a bucket's milliseconds. */
const TIME_BITS = 25n
/** Enough for a million endpoints. */
const ENDPOINT_BITS = 20n
/** Up to the year 2059; so a slot and the end of all slots fit into 63 bits. */
const BUCKETS = 2 ** 17
/** How many roll-ups of one endpoint a bucket holds. */
const ROLLUPS_IN_BUCKET = 72

/** Parts of a slot, for SQL. */
export const SLOT_SQL = {
  bucket: `(slot >> ${ENDPOINT_BITS + TIME_BITS})`,
  /** Epoch ms. */
  at: `((slot >> ${ENDPOINT_BITS + TIME_BITS}) * ${CHUNK_BUCKET_MS} + (slot & ${(1n << TIME_BITS) - 1n}))`,
}

/** The nearest time, epoch ms, that has a slot or is the end of all that have. */
export function withinSlots(at: number): number {
  return Math.ceil(Math.min(Math.max(at, 0), BUCKETS * CHUNK_BUCKET_MS))
}

/** The bucket of chunks that a time, epoch ms, is in. */
export function chunkBucket(at: number): number {
  return Math.floor(at / CHUNK_BUCKET_MS)
}

/** The first slot of a bucket. */
export function firstSlot(bucket: number): bigint {
  return BigInt(bucket) << (ENDPOINT_BITS + TIME_BITS)
}

/** The place of an endpoint's chunk that begins at a time, epoch ms. @throws {RangeError} where there is none */
export function slotOf(endpoint: number, at: number): bigint {
  const bucket = chunkBucket(at)
  const isPlace = at >= 0 && bucket < BUCKETS && endpoint >= 0 && endpoint < 1n << ENDPOINT_BITS
  if (!isPlace) throw new RangeError(`no slot for endpoint ${endpoint} at ${at}`)
  return slotWithin(bucket, endpoint, at - bucket * CHUNK_BUCKET_MS)
}

/** The slots that an endpoint has in a bucket, between two times, epoch ms; the last exclusive. */
export function slotsWithin(
  bucket: number,
  endpoint: number,
  span: { from: number; to: number },
): [bigint, bigint] {
  const start = bucket * CHUNK_BUCKET_MS
  const place = (at: number) =>
    slotWithin(bucket, endpoint, Math.min(Math.max(at - start, 0), CHUNK_BUCKET_MS))
  return [place(span.from), place(span.to)]
}

/** The bucket of roll-ups of this resolution, ms, that a time, epoch ms, is in. */
export function rollupBucket(at: number, resolution: number): number {
  return Math.floor(at / (resolution * ROLLUPS_IN_BUCKET))
}

function slotWithin(bucket: number, endpoint: number, ms: number): bigint {
  return firstSlot(bucket) | (BigInt(endpoint) << TIME_BITS) | BigInt(ms)
}
