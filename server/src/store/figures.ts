/** Counts and latencies of an endpoint for periods in a row: what is left of results when they are gone. */
import type { HistoryRow } from '../model.ts'
import { ByteWriter, readerOf } from './bytes.ts'
import type { Rollup } from './driver.ts'
import { Sketch } from './sketch.ts'

const VERSION = 1

/** Of one period. The sketch holds the latencies of what answered; what did not, such as a timeout, only counts. */
export class Figures {
  count = 0
  failures = 0
  readonly sketch = new Sketch()

  add({ failure, statusCode, latencyMs }: HistoryRow): void {
    this.count++
    if (failure !== null) this.failures++
    if (statusCode !== null) this.sketch.add(latencyMs)
  }

  merge(other: Figures): void {
    this.count += other.count
    this.failures += other.failures
    this.sketch.merge(other.sketch)
  }
}

/** Figures by the beginnings of their periods, epoch ms. */
export type Periods = Map<number, Figures>

/** The figures of the period that begins at `at`; made where there are none. */
export function figuresAt(periods: Periods, at: number): Figures {
  const known = periods.get(at)
  if (known !== undefined) return known
  const made = new Figures()
  periods.set(at, made)
  return made
}

/** The beginning of the period that a time lies in. */
export function periodOf(at: number, resolution: number): number {
  return Math.floor(at / resolution) * resolution
}

/** Packs periods of one endpoint into one row. */
export function packPeriods(
  endpoint: number,
  { periods, resolution }: { periods: Periods; resolution: number },
): Rollup {
  const sorted = [...periods].sort(([a], [b]) => a - b)
  const at = sorted[0]?.[0] ?? 0
  const writer = new ByteWriter()
  writer.byte(VERSION)
  let before = at
  for (const [begin, { count, failures, sketch }] of sorted) {
    writer.varint((begin - before) / resolution)
    writer.varint(count)
    writer.varint(failures)
    sketch.write(writer)
    before = begin
  }
  return { endpoint, at, resolution, packed: writer.finish() }
}

/** Adds a packed row's periods to those that `wanted` gives for their beginnings. @throws {StoreError} */
export function addPeriods(
  { at, resolution, packed }: Rollup,
  wanted: (begin: number) => Figures | null,
): void {
  const reader = readerOf(packed, VERSION)
  let begin = at
  while (!reader.done) {
    begin += reader.varint() * resolution
    const figures = wanted(begin) ?? new Figures()
    figures.count += reader.varint()
    figures.failures += reader.varint()
    figures.sketch.read(reader)
  }
}
