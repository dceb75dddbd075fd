import type { IncidentRecord, LogEntry } from '../model.ts'
import type { Span } from '../ports.ts'
import type { AskedIncidents, Change, Day, Journal, Loaded } from './driver.ts'
import type { Database, Statement, Value } from './sqlite-file.ts'

/** Answers from an open database, all but chunks and roll-ups. It keeps its statements. */
export class SqliteReads {
  readonly #database: Database
  readonly #sql: ReturnType<typeof prepare>
  /** By what is asked: each filter is there or not. */
  readonly #incidents = new Map<string, Statement>()

  constructor(database: Database) {
    this.#database = database
    this.#sql = prepare(database)
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

  timeline(endpoint: number, { from, to, limit = -1 }: Span & { limit?: number }): Change[] {
    return this.#sql.timeline.all(endpoint, from, to, limit).map(changeOf)
  }

  timelines(from: number): Change[] {
    return this.#sql.timelines.all(from).map(changeOf)
  }

  days(from: number, to: number): Day[] {
    return this.#sql.days.all(from, to).map((row) => ({ ...row }) as Day)
  }

  incidents({ payers, open, limit, before }: AskedIncidents): IncidentRecord[] {
    const filters: [string, Value][] = []
    if (before !== undefined) filters.push(['id < ?', before])
    if (open !== undefined) filters.push(['open = ?', open ? 1 : 0])
    if (payers !== undefined) filters.push([OF_PAYERS, JSON.stringify(payers)])
    const statement = this.#incidentsWhere(filters.map(([sql]) => `AND ${sql}`).join(' '))
    return statement.all(...filters.map(([, value]) => value), limit).map(recordOf)
  }

  incident(id: string): IncidentRecord | null {
    const row = this.#sql.incident.get(id)
    return row === undefined ? null : recordOf(row)
  }

  #incidentsWhere(filters: string): Statement {
    const known = this.#incidents.get(filters)
    if (known !== undefined) return known
    const made = this.#database.prepare(
      `SELECT record FROM incident WHERE true ${filters} ORDER BY id DESC LIMIT ?`,
    )
    this.#incidents.set(filters, made)
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

function prepare(database: Database) {
  const sql = (text: string) => database.prepare(text)
  return {
    timeline: sql(
      `SELECT endpoint, at, status, planned, gap FROM timeline WHERE endpoint = ?1 AND at < ?3 AND at >= coalesce(
        (SELECT max(at) FROM timeline WHERE endpoint = ?1 AND at <= ?2), ?2) ORDER BY at LIMIT ?4`,
    ),
    // Leaps from endpoint to endpoint instead of reading every row there is.
    timelines: sql(
      `WITH RECURSIVE one (endpoint) AS (
        SELECT min(endpoint) FROM timeline
        UNION ALL
        SELECT (SELECT min(endpoint) FROM timeline WHERE endpoint > one.endpoint) FROM one
        WHERE one.endpoint IS NOT NULL)
      SELECT row.endpoint, row.at, row.status, row.planned, row.gap
      FROM one JOIN timeline AS row ON row.endpoint = one.endpoint AND row.at >= coalesce(
        (SELECT max(at) FROM timeline WHERE endpoint = one.endpoint AND at <= ?1), ?1)
      ORDER BY row.endpoint, row.at`,
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

/** The columns were written from a change. */
function changeOf(row: Record<string, unknown>): Change {
  return { ...row, planned: row.planned === 1, gap: row.gap === 1 } as Change
}

function recordOf(row: Record<string, unknown>): IncidentRecord {
  return JSON.parse(String(row.record)) as IncidentRecord
}
