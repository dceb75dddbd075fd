import type { IncidentRecord, LogEntry } from '../model.ts'
import type { Span } from '../ports.ts'
import type { AskedIncidents, Change, Chunk, Day, Journal, Loaded, Rollup } from './driver.ts'
import {
  chunkBucket,
  firstSlot,
  rollupBucket,
  SLOT_SQL,
  slotsWithin,
  withinSlots,
} from './slots.ts'
import type { Database, Statement, Value } from './sqlite-file.ts'

/** Answers from an open database. It keeps its statements. */
export class SqliteReads {
  readonly #database: Database
  readonly #sql: ReturnType<typeof prepareReads>
  /** By what is asked: each filter is there or not. */
  readonly #incidents = new Map<string, Statement>()

  constructor(database: Database) {
    this.#database = database
    this.#sql = prepareReads(database)
  }

  load(): Loaded {
    const all = <T>(sql: string) => this.#database.prepare(sql).all() as T[]
    const meta = all<{ key: string; value: string }>('SELECT key, value FROM meta')
    const endpoints = all<{ number: number; id: string }>('SELECT number, id FROM endpoint')
    const entries = all<EntryRow>(
      'SELECT kind, id, rev, status_rev, result_rev, at, value FROM entry ORDER BY rev',
    )
    return {
      meta: new Map(meta.map(({ key, value }) => [key, value])),
      endpoints: new Map(endpoints.map(({ number, id }) => [number, id])),
      entries: entries.map(entryOf),
      journal: all<Journal>('SELECT id, packed FROM journal ORDER BY id').map((row) => ({
        ...row,
      })),
    }
  }

  chunks(endpoint: number, asked: Span): Chunk[] {
    const span = { from: withinSlots(asked.from), to: withinSlots(asked.to) }
    const end = firstSlot(chunkBucket(span.to) + 1)
    const found: Chunk[] = []
    let start = firstSlot(chunkBucket(span.from))
    for (;;) {
      const next = this.#sql.chunkBucket.get(start, end) as { bucket: number } | undefined
      if (next === undefined || span.from >= span.to) return found
      const rows = this.#sql.chunks.all(...slotsWithin(next.bucket, endpoint, span))
      for (const row of rows as Omit<Chunk, 'endpoint'>[]) found.push({ endpoint, ...row })
      start = firstSlot(next.bucket + 1)
    }
  }

  rollups(endpoint: number, { resolution, from, to }: Span & { resolution: number }): Rollup[] {
    const found: Rollup[] = []
    let start = rollupBucket(from, resolution)
    for (;;) {
      const next = this.#sql.rollupBucket.get(resolution, start, rollupBucket(to, resolution))
      if (next === undefined) return found
      const bucket = Number(next.bucket)
      const rows = this.#sql.rollups.all(resolution, bucket, endpoint, from, to)
      for (const row of rows as Pick<Rollup, 'at' | 'packed'>[])
        found.push({ endpoint, resolution, ...row })
      start = bucket + 1
    }
  }

  timeline(endpoint: number, span: Span): Change[] {
    const rows = this.#sql.timeline.all(endpoint, span.from, span.to)
    return rows.map((row) => ({ ...row, planned: row.planned === 1 }) as Change)
  }

  days(from: number, to: number): Day[] {
    return this.#sql.days.all(from, to).map((row) => ({ ...row }) as Day)
  }

  incidents(asked: AskedIncidents): IncidentRecord[] {
    const { payers, open, limit, before } = asked
    const filters: [string, Value][] = []
    if (before !== undefined) filters.push(['id < ?', before])
    if (open !== undefined) filters.push(['open = ?', open ? 1 : 0])
    if (payers !== undefined) filters.push([OF_PAYERS, JSON.stringify(payers)])
    const where = filters.map(([sql]) => `AND ${sql}`).join(' ')
    const statement = this.#incidentsWhere(where)
    return statement.all(...filters.map(([, value]) => value), limit).map(recordOf)
  }

  incident(id: string): IncidentRecord | null {
    const row = this.#sql.incident.get(id)
    return row === undefined ? null : recordOf(row)
  }

  oldestChunkAt(): number | null {
    const first = this.#sql.chunkBucket.get(0, firstSlot(chunkBucket(withinSlots(Infinity))))
    if (first === undefined) return null
    return this.#sql.oldest.get(firstSlot(Number(first.bucket) + 1))?.at as number
  }

  #incidentsWhere(where: string): Statement {
    const known = this.#incidents.get(where)
    if (known !== undefined) return known
    const made = this.#database.prepare(
      `SELECT record FROM incident WHERE true ${where} ORDER BY id DESC LIMIT ?`,
    )
    this.#incidents.set(where, made)
    return made
  }
}

const OF_PAYERS = `id IN (
  SELECT incident FROM incident_payer WHERE payer IN (SELECT value FROM json_each(?)))`

type EntryRow = {
  kind: string
  id: string
  rev: number
  status_rev: number
  result_rev: number
  at: number
  value: string | null
}

/** Compiles what is read more than once. */
function prepareReads(database: Database) {
  const sql = (text: string) => database.prepare(text)
  return {
    chunkBucket: sql(
      `SELECT ${SLOT_SQL.bucket} AS bucket FROM chunk WHERE slot >= ? AND slot < ? ORDER BY slot LIMIT 1`,
    ),
    chunks: sql(
      `SELECT ${SLOT_SQL.at} AS at, rows, packed FROM chunk WHERE slot >= ? AND slot < ? ORDER BY slot`,
    ),
    oldest: sql(`SELECT min(${SLOT_SQL.at}) AS at FROM chunk WHERE slot < ?`),
    rollupBucket: sql(
      `SELECT bucket FROM rollup WHERE resolution = ? AND bucket >= ? AND bucket <= ? ORDER BY bucket LIMIT 1`,
    ),
    rollups: sql(
      `SELECT at, packed FROM rollup WHERE resolution = ? AND bucket = ? AND endpoint = ? AND at >= ? AND at < ?
      ORDER BY at`,
    ),
    timeline: sql(
      `SELECT endpoint, at, status, planned FROM timeline WHERE endpoint = ?1 AND at < ?3 AND at >= coalesce(
        (SELECT max(at) FROM timeline WHERE endpoint = ?1 AND at < ?2), ?2) ORDER BY at`,
    ),
    days: sql('SELECT day, packed FROM day WHERE day >= ? AND day < ? ORDER BY day'),
    incident: sql('SELECT record FROM incident WHERE id = ?'),
  }
}

/** The columns were written from an entry of the log, so they make one again. */
function entryOf(row: EntryRow): LogEntry {
  const { kind, id, rev, status_rev: statusRev, result_rev: resultRev, at } = row
  const value = row.value === null ? null : JSON.parse(row.value)
  return { kind, id, value, rev, statusRev, resultRev, at } as LogEntry
}

function recordOf(row: Record<string, unknown>): IncidentRecord {
  return JSON.parse(String(row.record)) as IncidentRecord
}
