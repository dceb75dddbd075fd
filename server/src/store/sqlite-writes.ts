import type { IncidentRecord, LogEntry } from '../model.ts'
import type { Expiry, Work } from './driver.ts'
import { CHUNKS } from './slots.ts'
import type { Database } from './sqlite-file.ts'
import type { SqlitePieces } from './sqlite-pieces.ts'

/** Writes into an open database, within a transaction that the caller has begun. It keeps its statements. */
export class SqliteWrites {
  readonly #sql: ReturnType<typeof prepare>
  readonly #pieces: SqlitePieces

  constructor(database: Database, pieces: SqlitePieces) {
    this.#sql = prepare(database)
    this.#pieces = pieces
  }

  write(work: Work): void {
    this.#log(work)
    this.#history(work)
    for (const incident of work.incidents ?? []) this.#incident(incident)
    if (work.expire !== undefined) this.#expire(work.expire)
  }

  #log(work: Work): void {
    for (const [key, value] of work.meta ?? []) this.#sql.meta.run(key, value)
    for (const [number, id] of work.endpoints ?? []) this.#sql.endpoint.run(number, id)
    for (const entry of work.entries ?? []) this.#entry(entry)
    for (const { kind, id } of work.forgotten ?? []) this.#sql.forget.run(kind, id)
  }

  #entry({ kind, id, value, rev, statusRev, resultRev, at }: LogEntry): void {
    const text = value === null ? null : JSON.stringify(value)
    this.#sql.entry.run(kind, id, rev, statusRev, resultRev, at, text)
  }

  #history(work: Work): void {
    const { journal, packedUpTo } = work
    if (journal !== undefined) this.#sql.journal.run(journal.id, journal.packed)
    if (packedUpTo !== undefined) this.#sql.packedUpTo.run(packedUpTo)
    this.#packed(work)
    for (const { day, packed } of work.days ?? []) this.#sql.day.run(day, packed)
    for (const { endpoint, at, status, planned, gap } of work.timeline ?? [])
      this.#sql.change.run(endpoint, at, status, planned ? 1 : 0, gap ? 1 : 0)
  }

  #packed({ chunks, rollups }: Work): void {
    for (const chunk of chunks ?? []) this.#pieces.add(CHUNKS, chunk)
    for (const rollup of rollups ?? [])
      this.#pieces.add(this.#pieces.ensureSeries(rollup.resolution), { ...rollup, rows: 0 })
  }

  #incident(incident: IncidentRecord): void {
    const { id, openedAt, resolvedAt, payers } = incident
    const open = resolvedAt === null ? 1 : 0
    this.#sql.incident.run(id, Date.parse(openedAt), open, JSON.stringify(incident))
    this.#sql.noPayers.run(id)
    for (const payer of payers) this.#sql.payer.run(payer, id)
  }

  #expire({ chunks, rollups, days, timeline, incidents }: Expiry): void {
    if (chunks !== undefined) this.#pieces.expire(CHUNKS, chunks)
    for (const { resolution, before } of rollups ?? []) {
      const series = this.#pieces.series(resolution)
      if (series !== undefined) this.#pieces.expire(series, before)
    }
    if (days !== undefined) this.#sql.oldDays.run(days)
    if (timeline !== undefined) this.#sql.oldTimeline.run(timeline)
    if (incidents === undefined) return
    this.#sql.oldPayers.run(incidents)
    this.#sql.oldIncidents.run(incidents)
  }
}

function prepare(database: Database) {
  const sql = (text: string) => database.prepare(text)
  return {
    meta: sql('INSERT OR REPLACE INTO meta VALUES (?, ?)'),
    endpoint: sql('INSERT OR REPLACE INTO endpoint VALUES (?, ?)'),
    entry: sql(
      `INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (kind, id) DO UPDATE SET rev = excluded.rev,
      status_rev = excluded.status_rev, result_rev = excluded.result_rev, at = excluded.at, value = excluded.value`,
    ),
    forget: sql('DELETE FROM entry WHERE kind = ? AND id = ?'),
    incident: sql(
      `INSERT INTO incident VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET opened_at = excluded.opened_at,
      open = excluded.open, record = excluded.record`,
    ),
    noPayers: sql('DELETE FROM incident_payer WHERE incident = ?'),
    payer: sql('INSERT OR IGNORE INTO incident_payer VALUES (?, ?)'),
    journal: sql('INSERT OR REPLACE INTO journal VALUES (?, ?)'),
    packedUpTo: sql('DELETE FROM journal WHERE id <= ?'),
    day: sql('INSERT OR REPLACE INTO day VALUES (?, ?)'),
    change: sql('INSERT OR REPLACE INTO timeline VALUES (?, ?, ?, ?, ?)'),
    oldDays: sql('DELETE FROM day WHERE day < ?'),
    oldTimeline: sql(
      `DELETE FROM timeline AS old WHERE at < ?1 AND EXISTS (
        SELECT 1 FROM timeline WHERE endpoint = old.endpoint AND at > old.at AND at <= ?1)`,
    ),
    oldPayers: sql(
      `DELETE FROM incident_payer WHERE incident IN (
        SELECT id FROM incident WHERE opened_at < ? AND open = 0)`,
    ),
    oldIncidents: sql('DELETE FROM incident WHERE opened_at < ? AND open = 0'),
  }
}
