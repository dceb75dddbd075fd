import { StoreError } from '../lib/errors.ts'
import type { Span } from '../ports.ts'
import {
  bucketAt,
  bucketOf,
  newSeries,
  SEQUENCE,
  type Series,
  slotFor,
  slotOf,
  slotsOf,
} from './slots.ts'
import type { Database } from './sqlite-file.ts'

/** A chunk or a roll-up. */
export type Piece = { endpoint: number; at: number; rows: number; packed: Uint8Array }

/** Chunks and roll-ups, which differ in their series only. */
export class SqlitePieces {
  readonly #sql: ReturnType<typeof prepare>
  /** By resolution, as in the database. */
  readonly #series = new Map<number, Series>()
  /** When the oldest row of a series begins, by its number: finding it means reading a bucket. */
  readonly #oldest = new Map<number, number | null>()

  constructor(database: Database) {
    this.#sql = prepare(database)
  }

  /** The series of a resolution, ms; undefined where there are no such roll-ups. */
  series(resolution: number): Series | undefined {
    const known = this.#series.get(resolution)
    if (known !== undefined) return known
    const row = this.#sql.series.get(resolution) as Series | undefined
    if (row !== undefined) this.#series.set(resolution, row)
    return row
  }

  /** The same, made where it is missing; within a transaction. */
  ensureSeries(resolution: number): Series {
    const known = this.series(resolution)
    if (known !== undefined) return known
    const made = newSeries(Number(this.#sql.seriesCount.get()?.count), resolution)
    this.#sql.newSeries.run(made.number, resolution, made.bucketMs)
    return made
  }

  /** Forgets what may have been rolled back. */
  reset(): void {
    this.#series.clear()
    this.#oldest.clear()
  }

  add(series: Series, { endpoint, at, rows, packed }: Piece): void {
    const { changes } = this.#sql.add.run(slotFor(series, { endpoint, at }), at, rows, packed)
    if (changes === 0)
      throw new StoreError(`store: expected at most ${SEQUENCE} rows of an endpoint in a bucket`)
    const oldest = this.#oldest.get(series.number)
    if (oldest !== undefined) this.#oldest.set(series.number, Math.min(oldest ?? at, at))
  }

  /** Oldest first. */
  of(series: Series, endpoint: number, { from, to }: Span): Piece[] {
    const found: Piece[] = []
    const slots = slotsOf(series, { from, to })
    for (let next = this.#firstIn(slots); next !== null; next = this.#firstIn(slots)) {
      const bucket = bucketAt(next)
      const start = slotOf(series, bucket, endpoint)
      const rows = this.#sql.of.all(start, start + SEQUENCE, from, to) as Omit<Piece, 'endpoint'>[]
      for (const row of rows) found.push({ endpoint, ...row })
      slots.from = slotOf(series, bucket + 1)
    }
    return found
  }

  /** When the oldest row begins, epoch ms. */
  oldestAt(series: Series): number | null {
    const known = this.#oldest.get(series.number)
    if (known !== undefined) return known
    const all = slotsOf(series, { from: 0, to: Number.POSITIVE_INFINITY })
    const first = this.#firstIn(all)
    const next = first === null ? all.from : slotOf(series, bucketAt(first) + 1)
    const oldest = (this.#sql.oldest.get(all.from, next)?.at ?? null) as number | null
    this.#oldest.set(series.number, oldest)
    return oldest
  }

  expire(series: Series, before: number): void {
    const oldest = this.oldestAt(series)
    if (oldest === null || oldest >= before) return
    this.#oldest.delete(series.number)
    const bucket = bucketOf(series, before)
    const partly = slotOf(series, bucket)
    this.#sql.expireAll.run(slotOf(series, 0), partly)
    this.#sql.expireSome.run(partly, slotOf(series, bucket + 1), before)
  }

  #firstIn({ from, to }: Span): number | null {
    return (this.#sql.first.get(from, to)?.slot as number | undefined) ?? null
  }
}

function prepare(database: Database) {
  const sql = (text: string) => database.prepare(text)
  return {
    series: sql('SELECT number, bucket_ms AS bucketMs FROM series WHERE resolution = ?'),
    seriesCount: sql('SELECT count(*) AS count FROM series'),
    newSeries: sql('INSERT INTO series VALUES (?, ?, ?)'),
    add: sql(
      `INSERT INTO piece SELECT CAST(coalesce(max(slot) + 1, ?1) AS INTEGER), ?2, ?3, ?4 FROM piece
      WHERE slot >= ?1 AND slot < ?1 + ${SEQUENCE} HAVING coalesce(max(slot), 0) < ?1 + ${SEQUENCE - 1}`,
    ),
    first: sql('SELECT slot FROM piece WHERE slot >= ? AND slot < ? ORDER BY slot LIMIT 1'),
    of: sql(
      `SELECT at, rows, packed FROM piece WHERE slot >= ? AND slot < ? AND at >= ? AND at < ?
      ORDER BY at, slot`,
    ),
    oldest: sql('SELECT min(at) AS at FROM piece WHERE slot >= ? AND slot < ?'),
    expireAll: sql('DELETE FROM piece WHERE slot >= ? AND slot < ?'),
    expireSome: sql('DELETE FROM piece WHERE slot >= ? AND slot < ? AND at < ?'),
  }
}
