import type { IncidentRecord, LogEntry } from '../model.ts'
import type { Chunk, Expiry, Rollup, Work } from './driver.ts'
import { chunkBucket, firstSlot, rollupBucket, SLOT_SQL, slotOf, withinSlots } from './slots.ts'
import type { Database } from './sqlite-file.ts'

const DAY_MS = 86_400_000

/** What is prepared to write with. */
export type Writes = ReturnType<typeof prepareWrites>

/** Compiles every statement that writes. */
export function prepareWrites(database: Database) {
  const sql = (text: string) => database.prepare(text)
  return {
    meta: sql('INSERT INTO meta VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value'),
    endpoint: sql('INSERT INTO endpoint VALUES (?, ?) ON CONFLICT DO UPDATE SET id = excluded.id'),
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
    journal: sql(
      'INSERT INTO journal VALUES (?, ?) ON CONFLICT DO UPDATE SET packed = excluded.packed',
    ),
    packedUpTo: sql('DELETE FROM journal WHERE id <= ?'),
    chunk: sql(
      'INSERT INTO chunk VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET rows = excluded.rows, packed = excluded.packed',
    ),
    rollup: sql(
      'INSERT INTO rollup VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET packed = excluded.packed',
    ),
    day: sql('INSERT INTO day VALUES (?, ?) ON CONFLICT DO UPDATE SET packed = excluded.packed'),
    change: sql(
      'INSERT INTO timeline VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET status = excluded.status, planned = excluded.planned',
    ),
    expire: prepareExpiry(database),
  }
}

/** Does everything in `work`; the caller has begun a transaction. */
export function write(to: Writes, work: Work): void {
  writeLog(to, work)
  writeHistory(to, work)
  for (const incident of work.incidents ?? []) writeIncident(to, incident)
  if (work.expire !== undefined) expire(to.expire, work.expire)
}

function writeLog(to: Writes, work: Work): void {
  for (const [key, value] of work.meta ?? []) to.meta.run(key, value)
  for (const [number, id] of work.endpoints ?? []) to.endpoint.run(number, id)
  for (const entry of work.entries ?? []) writeEntry(to, entry)
  for (const { kind, id } of work.forgotten ?? []) to.forget.run(kind, id)
}

function writeHistory(to: Writes, work: Work): void {
  if (work.journal !== undefined) to.journal.run(work.journal.id, work.journal.packed)
  if (work.packedUpTo !== undefined) to.packedUpTo.run(work.packedUpTo)
  for (const chunk of work.chunks ?? []) writeChunk(to, chunk)
  for (const rollup of work.rollups ?? []) writeRollup(to, rollup)
  for (const { day, packed } of work.days ?? []) to.day.run(day, packed)
  for (const { endpoint, at, status, planned } of work.timeline ?? [])
    to.change.run(endpoint, at, status, planned ? 1 : 0)
}

function writeEntry(to: Writes, entry: LogEntry): void {
  const value = entry.value === null ? null : JSON.stringify(entry.value)
  const { kind, id, rev, statusRev, resultRev, at } = entry
  to.entry.run(kind, id, rev, statusRev, resultRev, at, value)
}

function writeIncident(to: Writes, incident: IncidentRecord): void {
  const { id, openedAt, status, payers } = incident
  const isOpen = status !== 'resolved'
  to.incident.run(id, Date.parse(openedAt), isOpen ? 1 : 0, JSON.stringify(incident))
  to.noPayers.run(id)
  for (const payer of payers) to.payer.run(payer, id)
}

function writeChunk(to: Writes, { endpoint, at, rows, packed }: Chunk): void {
  to.chunk.run(slotOf(endpoint, at), rows, packed)
}

function writeRollup(to: Writes, { endpoint, at, resolution, packed }: Rollup): void {
  to.rollup.run(resolution, rollupBucket(at, resolution), endpoint, at, packed)
}

function prepareExpiry(database: Database) {
  const sql = (text: string) => database.prepare(text)
  return {
    chunkBuckets: sql('DELETE FROM chunk WHERE slot < ?'),
    chunks: sql(`DELETE FROM chunk WHERE slot >= ? AND slot < ? AND ${SLOT_SQL.at} < ?`),
    rollupBuckets: sql('DELETE FROM rollup WHERE resolution = ? AND bucket < ?'),
    rollups: sql('DELETE FROM rollup WHERE resolution = ? AND bucket = ? AND at < ?'),
    days: sql('DELETE FROM day WHERE day < ?'),
    timeline: sql(
      `DELETE FROM timeline AS old WHERE at < ?1 AND EXISTS (
        SELECT 1 FROM timeline WHERE endpoint = old.endpoint AND at > old.at AND at < ?1)`,
    ),
    payers: sql(
      `DELETE FROM incident_payer WHERE incident IN (
        SELECT id FROM incident WHERE opened_at < ? AND open = 0)`,
    ),
    incidents: sql('DELETE FROM incident WHERE opened_at < ? AND open = 0'),
  }
}

function expire(old: ReturnType<typeof prepareExpiry>, expiry: Expiry): void {
  if (expiry.chunks !== undefined) {
    const before = withinSlots(expiry.chunks)
    const bucket = chunkBucket(before)
    old.chunkBuckets.run(firstSlot(bucket))
    old.chunks.run(firstSlot(bucket), firstSlot(bucket + 1), before)
  }
  for (const { resolution, before } of expiry.rollups ?? []) {
    const bucket = rollupBucket(before, resolution)
    old.rollupBuckets.run(resolution, bucket)
    old.rollups.run(resolution, bucket, before)
  }
  if (expiry.days !== undefined) old.days.run(Math.ceil(expiry.days / DAY_MS))
  if (expiry.timeline !== undefined) old.timeline.run(expiry.timeline)
  if (expiry.incidents === undefined) return
  old.payers.run(expiry.incidents)
  old.incidents.run(expiry.incidents)
}
