import type { IncidentRecord, LogEntry } from '../model.ts'
import type { Change, Chunk, Expiry, Rollup, Work } from './driver.ts'
import type { PgClient } from './postgres-client.ts'
import type { PostgresPartitions } from './postgres-partitions.ts'

/** Does everything in `work`, within a transaction that the caller has begun. */
export async function write(
  client: PgClient,
  work: Work,
  partitions: PostgresPartitions,
): Promise<void> {
  const writer = { client, partitions }
  await writeLog(writer, work)
  await writeJournal(writer, work)
  await writePieces(writer, work)
  await writeRows(writer, work)
  if (work.expire !== undefined) await expire(writer, work.expire)
}

type Writer = { client: PgClient; partitions: PostgresPartitions }

async function writeLog(to: Writer, work: Work): Promise<void> {
  await bulk(to, META, [...(work.meta ?? [])])
  await bulk(to, ENDPOINT, [...(work.endpoints ?? [])])
  await bulk(to, ENTRY, latest(work.entries, keyOf).map(entryRow))
  await bulk(
    to,
    FORGET,
    (work.forgotten ?? []).map(({ kind, id }) => [kind, id]),
  )
  await bulk(to, INCIDENT, latest(work.incidents, ({ id }) => id).map(incidentRow))
}

async function writeJournal({ client }: Writer, { journal, packedUpTo }: Work): Promise<void> {
  if (journal !== undefined) await client.query(JOURNAL, [journal.id, journal.packed])
  if (packedUpTo !== undefined)
    await client.query('DELETE FROM journal WHERE id <= $1', [packedUpTo])
}

async function writePieces(to: Writer, { chunks = [], rollups = [] }: Work): Promise<void> {
  const { client, partitions } = to
  await partitions.ensure(
    client,
    0,
    chunks.map(({ at }) => at),
  )
  const byResolution = Map.groupBy(rollups, ({ resolution }) => resolution)
  for (const [resolution, rows] of byResolution)
    await partitions.ensure(
      client,
      resolution,
      rows.map(({ at }) => at),
    )
  await bulk(to, CHUNK, chunks.map(chunkRow))
  await bulk(to, ROLLUP, rollups.map(rollupRow))
}

async function writeRows(to: Writer, { days, timeline }: Work): Promise<void> {
  await bulk(
    to,
    DAY,
    latest(days, ({ day }) => day).map(({ day, packed }) => [day, packed]),
  )
  const changes = latest(timeline, ({ endpoint, at }) => `${endpoint} ${at}`)
  await bulk(to, CHANGE, changes.map(changeRow))
}

async function expire({ client, partitions }: Writer, expiry: Expiry): Promise<void> {
  const { chunks, rollups, days, timeline, incidents } = expiry
  if (chunks !== undefined) await partitions.expire(client, 0, chunks)
  for (const { resolution, before } of rollups ?? [])
    await partitions.expire(client, resolution, before)
  if (days !== undefined) await client.query('DELETE FROM day WHERE day < $1', [days])
  if (timeline !== undefined) await client.query(OLD_TIMELINE, [timeline])
  if (incidents !== undefined)
    await client.query('DELETE FROM incident WHERE opened_at < $1 AND NOT open', [incidents])
}

/** Rows of one kind go in one statement, a parameter for each column. */
type Bulk = { name: string; text: string; columns: number }

const META = upsert('meta', { columns: 'text text', key: 'key', set: 'value' })
const ENDPOINT = upsert('endpoint', { columns: 'int text', key: 'number', set: 'id' })
const ENTRY = upsert('entry', {
  columns: 'text text bigint bigint bigint bigint jsonb',
  key: 'kind, id',
  set: 'rev status_rev result_rev at value',
})
const INCIDENT = upsert('incident', {
  columns: 'text bigint boolean jsonb',
  key: 'id',
  set: 'opened_at open payers record',
  select: "a, b, c, ARRAY(SELECT jsonb_array_elements_text(d->'payers')), d",
})
const DAY = upsert('day', { columns: 'int bytea', key: 'day', set: 'packed' })
const CHANGE = upsert('timeline', {
  columns: 'int bigint text boolean boolean',
  key: 'endpoint, at',
  set: 'status planned gap',
})
const CHUNK = insert('chunk', { columns: 'int bigint int bytea' })
const ROLLUP = insert('rollup', { columns: 'bigint int bigint bytea' })
const FORGET: Bulk = {
  name: 'forget',
  text: 'DELETE FROM entry USING unnest($1::text[], $2::text[]) AS old (kind, id) WHERE entry.kind = old.kind AND entry.id = old.id',
  columns: 2,
}
const JOURNAL =
  'INSERT INTO journal VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET packed = excluded.packed'
const OLD_TIMELINE = `DELETE FROM timeline AS old WHERE at < $1 AND EXISTS (
  SELECT 1 FROM timeline AS next WHERE next.endpoint = old.endpoint AND next.at > old.at AND next.at <= $1)`

type Into = { columns: string; select?: string }

function insert(table: string, { columns, select }: Into): Bulk {
  const types = columns.split(' ')
  const arrays = types.map((type, i) => `$${i + 1}::${type}[]`).join(', ')
  const names = types.map((_, i) => String.fromCharCode(97 + i)).join(', ')
  const text = `INSERT INTO ${table} SELECT ${select ?? names} FROM unnest(${arrays}) AS given (${names})`
  return { name: `write ${table}`, text, columns: types.length }
}

function upsert(table: string, into: Into & { key: string; set: string }): Bulk {
  const made = insert(table, into)
  const set = into.set.split(' ').map((column) => `${column} = excluded.${column}`)
  return { ...made, text: `${made.text} ON CONFLICT (${into.key}) DO UPDATE SET ${set.join(', ')}` }
}

async function bulk({ client }: Writer, sql: Bulk, rows: readonly unknown[][]): Promise<void> {
  if (rows.length === 0) return
  const values = Array.from({ length: sql.columns }, (_, column) => rows.map((row) => row[column]))
  await client.query({ name: sql.name, text: sql.text, values })
}

/** Of those with the same key the last: a statement may touch a row once only. */
function latest<T>(rows: readonly T[] = [], key: (row: T) => string | number): T[] {
  return [...new Map(rows.map((row) => [key(row), row])).values()]
}

function keyOf({ kind, id }: LogEntry): string {
  return `${kind} ${id}`
}

function entryRow({ kind, id, rev, statusRev, resultRev, at, value }: LogEntry): unknown[] {
  return [kind, id, rev, statusRev, resultRev, at, value === null ? null : jsonb(value)]
}

function incidentRow(incident: IncidentRecord): unknown[] {
  const { id, openedAt, resolvedAt } = incident
  return [id, Date.parse(openedAt), resolvedAt === null, jsonb(incident)]
}

function chunkRow({ endpoint, at, rows, packed }: Chunk): unknown[] {
  return [endpoint, at, rows, bytea(packed)]
}

function rollupRow({ resolution, endpoint, at, packed }: Rollup): unknown[] {
  return [resolution, endpoint, at, bytea(packed)]
}

function changeRow({ endpoint, at, status, planned, gap }: Change): unknown[] {
  return [endpoint, at, status, planned, gap]
}

/** Inside an array, pg knows bytes by Buffers only. */
function bytea(packed: Uint8Array): Buffer {
  return Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength)
}

/** What JSON may say and PostgreSQL does not take: NUL, and halves of characters. */
const UNTAKEN = /\\u(?:0000|d[89a-f])/i

function jsonb(value: object): string {
  const text = JSON.stringify(value)
  if (!UNTAKEN.test(text)) return text
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'string' ? part.replaceAll('\0', '\ufffd').toWellFormed() : part,
  )
}
