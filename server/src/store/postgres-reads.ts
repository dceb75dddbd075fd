import type { IncidentRecord, LogEntry } from '../model.ts'
import type { Span } from '../ports.ts'
import type { AskedIncidents, Change, Chunk, Day, Journal, Loaded, Rollup } from './driver.ts'
import type { PgRow } from './postgres-client.ts'
import type { PostgresSession } from './postgres-session.ts'

/** Answers from a connection of its own, so that a long question delays no commit. */
export class PostgresReads {
  readonly #session: PostgresSession
  readonly #isOfOneMoment: boolean

  /** `isOfOneMoment`: all is read in one transaction that has begun. */
  constructor(session: PostgresSession, isOfOneMoment: boolean) {
    this.#session = session
    this.#isOfOneMoment = isOfOneMoment
  }

  /** All of one moment. */
  load(): Promise<Loaded> {
    return this.#session.use(async (client) => {
      const all = async (sql: string): Promise<PgRow[]> => (await client.query(sql)).rows
      if (!this.#isOfOneMoment) await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ')
      try {
        const meta = await all('SELECT key, value FROM meta')
        const endpoints = await all('SELECT number, id FROM endpoint')
        const entries = await all(
          'SELECT kind, id, value, rev, status_rev AS "statusRev", result_rev AS "resultRev", at FROM entry ORDER BY rev',
        )
        const journal = await all('SELECT id, packed FROM journal ORDER BY id')
        return {
          meta: new Map(meta.map(({ key, value }) => [String(key), String(value)])),
          endpoints: new Map(endpoints.map(({ number, id }) => [Number(number), String(id)])),
          // safe: the columns were written from entries and journals
          entries: entries as unknown as LogEntry[],
          journal: journal as unknown as Journal[],
        }
      } finally {
        if (!this.#isOfOneMoment) await client.query('ROLLBACK')
      }
    })
  }

  async chunks(endpoint: number, { from, to }: Span): Promise<Chunk[]> {
    const rows = await this.#rows('chunks', CHUNKS, [endpoint, ...whole(from, to)])
    return rows as unknown as Chunk[]
  }

  async rollups(endpoint: number, asked: Span & { resolution: number }): Promise<Rollup[]> {
    const { resolution, from, to } = asked
    const rows = await this.#rows('rollups', ROLLUPS, [endpoint, ...whole(from, to), resolution])
    return rows as unknown as Rollup[]
  }

  async timeline(
    endpoint: number,
    { from, to, limit = null }: Span & { limit?: number | null },
  ): Promise<Change[]> {
    const rows = await this.#rows('timeline', TIMELINE, [endpoint, ...whole(from, to), limit])
    return rows as unknown as Change[]
  }

  async timelines(from: number): Promise<Change[]> {
    return (await this.#rows('timelines', TIMELINES, whole(from))) as unknown as Change[]
  }

  async days(from: number, to: number): Promise<Day[]> {
    const rows = await this.#rows('days', DAYS, [from, to])
    return rows as unknown as Day[]
  }

  async incidents({ payers, open, limit, before }: AskedIncidents): Promise<IncidentRecord[]> {
    const asked = [before ?? null, open ?? null, payers ?? null, limit]
    return (await this.#rows('incidents', INCIDENTS, asked)).map(recordOf)
  }

  async incident(id: string): Promise<IncidentRecord | null> {
    const [row] = await this.#rows('incident', 'SELECT record FROM incident WHERE id = $1', [id])
    return row === undefined ? null : recordOf(row)
  }

  async size(): Promise<number> {
    const [row] = await this.#rows('size', SIZE, [])
    return Number(row?.bytes)
  }

  async oldestChunkAt(): Promise<number | null> {
    const [row] = await this.#rows('oldest', OLDEST, [])
    return row === undefined || row.at === null ? null : Number(row.at)
  }

  #rows(name: string, text: string, values: unknown[]): Promise<PgRow[]> {
    return this.#session.rows(name, text, values)
  }
}

const COUNTS = (resolution: string) =>
  `coalesce((SELECT at FROM floor WHERE resolution = ${resolution}), 0)`

const CHUNKS = `SELECT endpoint, at, rows, packed FROM chunk
  WHERE endpoint = $1 AND at >= greatest($2::bigint, ${COUNTS('0')}) AND at < $3 ORDER BY at`
const ROLLUPS = `SELECT endpoint, at, resolution, packed FROM rollup
  WHERE resolution = $4 AND endpoint = $1 AND at >= greatest($2::bigint, ${COUNTS('$4')}) AND at < $3 ORDER BY at`
const OLDEST = `SELECT min(at) AS at FROM chunk WHERE at >= ${COUNTS('0')} AND at < coalesce((
    SELECT min(ends) FROM piece_partition WHERE resolution = 0 AND EXISTS (
      SELECT 1 FROM chunk WHERE at >= greatest(starts, ${COUNTS('0')}) AND at < ends)), 0)`
const TIMELINE = `SELECT endpoint, at, status, planned, gap FROM timeline
  WHERE endpoint = $1 AND at < $3 AND at >= coalesce(
    (SELECT max(at) FROM timeline WHERE endpoint = $1 AND at <= $2), $2) ORDER BY at LIMIT $4`
/** Leaps from endpoint to endpoint instead of reading every row there is. */
const TIMELINES = `WITH RECURSIVE one (endpoint) AS (
    SELECT min(endpoint) FROM timeline
    UNION ALL
    SELECT (SELECT min(endpoint) FROM timeline WHERE endpoint > one.endpoint) FROM one
    WHERE one.endpoint IS NOT NULL)
  SELECT timeline.* FROM one JOIN timeline ON timeline.endpoint = one.endpoint AND timeline.at >= coalesce(
    (SELECT max(at) FROM timeline WHERE endpoint = one.endpoint AND at <= $1), $1)
  ORDER BY timeline.endpoint, timeline.at`
const DAYS = 'SELECT day, packed FROM day WHERE day >= $1 AND day < $2 ORDER BY day'
const INCIDENTS = `SELECT record FROM incident WHERE ($1::text IS NULL OR id < $1)
  AND ($2::boolean IS NULL OR open = $2) AND ($3::text[] IS NULL OR payers && $3) ORDER BY id DESC LIMIT $4`
const SIZE = `SELECT coalesce(sum(pg_total_relation_size(pg_class.oid)), 0)::bigint AS bytes FROM pg_class
  WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r'`

/** Times as PostgreSQL's 64-bit numbers take them. */
function whole(...times: number[]): number[] {
  const most = Number.MAX_SAFE_INTEGER
  return times.map((at) => Math.ceil(Math.min(Math.max(at, -most), most)))
}

function recordOf(row: PgRow): IncidentRecord {
  return row.record as IncidentRecord
}
