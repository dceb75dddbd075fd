/**
 * A sketch of latencies: counts in buckets whose bounds grow by 2 %, so that every percentile is right to 1 %, and
 * sketches add up without loss. After DDSketch (Masson, Rim, Lee: VLDB 2019).
 */
import type { ByteReader, ByteWriter } from './bytes.ts'

const ACCURACY = 0.01
const GROWTH = (1 + ACCURACY) / (1 - ACCURACY)
const PER_LOG = 1 / Math.log(GROWTH)
/** Values are counted in tenths of a millisecond, to which latencies are kept. */
const TENTHS = 10

/** How often which latency was seen. At most some 1,850 buckets, since latencies are below 2^53 tenths of a millisecond. */
export class Sketch {
  /** Counts by bucket: 0 holds zeros, n + 1 what lies in (GROWTH^(n-1), GROWTH^n] tenths of a millisecond. */
  readonly #buckets = new Map<number, number>()
  #count = 0

  get count(): number {
    return this.#count
  }

  add(latencyMs: number): void {
    const tenths = Math.round(latencyMs * TENTHS)
    const bucket = tenths < 1 ? 0 : 1 + Math.ceil(Math.log(tenths) * PER_LOG)
    this.#add(bucket, 1)
  }

  merge(other: Sketch): void {
    for (const [bucket, count] of other.#buckets) this.#add(bucket, count)
  }

  /** Nearest-rank percentiles, ms, for shares from 0 to 1 in growing order; null where nothing was counted. */
  percentiles(shares: readonly number[]): (number | null)[] {
    const sorted = this.#sorted()
    let i = 0
    let below = 0
    return shares.map((share) => {
      const rank = Math.max(1, Math.ceil(share * this.#count))
      for (; i < sorted.length; i++) {
        const [bucket, count] = sorted[i] as [number, number]
        if (below + count >= rank) return middleOf(bucket)
        below += count
      }
      return null
    })
  }

  /** A bucket takes a byte or two: its distance to the one before and, where it is not 1, its count. */
  write(writer: ByteWriter): void {
    const sorted = this.#sorted()
    writer.varint(sorted.length)
    let before = 0
    for (const [bucket, count] of sorted) {
      writer.varint(2 * (bucket - before) + (count === 1 ? 0 : 1))
      if (count !== 1) writer.varint(count)
      before = bucket
    }
  }

  /** Adds a sketch that was written. */
  read(reader: ByteReader): void {
    let bucket = 0
    for (let left = reader.varint(); left > 0; left--) {
      const step = reader.varint()
      bucket += Math.floor(step / 2)
      this.#add(bucket, step % 2 === 0 ? 1 : reader.varint())
    }
  }

  #add(bucket: number, count: number): void {
    this.#buckets.set(bucket, (this.#buckets.get(bucket) ?? 0) + count)
    this.#count += count
  }

  #sorted(): [number, number][] {
    return [...this.#buckets].sort(([a], [b]) => a - b)
  }
}

/** The value that is within 1 % of both bounds, ms. */
function middleOf(bucket: number): number {
  if (bucket === 0) return 0
  return (2 * GROWTH ** (bucket - 1)) / (GROWTH + 1) / TENTHS
}
