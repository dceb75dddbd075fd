/**
 * What a database must be able to do for the store. The engine decides what is kept and how it is packed; a driver only
 * keeps it, so that SQLite, PostgreSQL and memory hold the same.
 */
import type { IncidentRecord, LogEntry, TimelineRow } from '../model.ts'
import type { Span, Store } from '../ports.ts'

/**
 * Results of one endpoint, packed; `at` is the earliest of them. Appended, never replaced: two with the same endpoint and
 * `at` both stay.
 */
export type Chunk = { endpoint: number; at: number; rows: number; packed: Uint8Array }

/**
 * Counts and latency sketches of one endpoint for some periods in a row, packed; `at` is when the first begins.
 * `resolution`: the length of each period, ms. Appended, never replaced: two with the same endpoint and `at` both stay,
 * and the engine adds them up.
 */
export type Rollup = { endpoint: number; at: number; resolution: number; packed: Uint8Array }

/** Minutes per status of all endpoints for one UTC day, packed. Replaces the row of the same day. */
export type Day = { day: number; packed: Uint8Array }

/** A batch of results as it was written, not yet packed into chunks: what a crash must not lose. */
export type Journal = { id: number; packed: Uint8Array }

/**
 * A row of the timeline with the endpoint's number. `gap`: from here on nothing was seen, so that `status` is only what
 * was told last. Replaces the row of the same endpoint and `at`.
 */
export type Change = Omit<TimelineRow, 'endpoint'> & { endpoint: number; gap: boolean }

/** What is there when the store is opened. */
export type Loaded = {
  meta: ReadonlyMap<string, string>
  /** Ids of endpoints by their numbers. */
  endpoints: ReadonlyMap<number, string>
  entries: readonly LogEntry[]
  journal: readonly Journal[]
}

/** One transaction. Everything in it is optional. */
export type Work = {
  meta?: ReadonlyMap<string, string>
  endpoints?: ReadonlyMap<number, string>
  /** Replaces the record of the same kind and id. */
  entries?: readonly LogEntry[]
  /** Records that are forgotten. */
  forgotten?: readonly Pick<LogEntry, 'kind' | 'id'>[]
  /** Kept for as long as history is, also after the log has forgotten them. */
  incidents?: readonly IncidentRecord[]
  journal?: Journal
  /** Journals up to this id are in chunks now. */
  packedUpTo?: number
  chunks?: readonly Chunk[]
  rollups?: readonly Rollup[]
  days?: readonly Day[]
  timeline?: readonly Change[]
  expire?: Expiry
}

/** Which incidents: of any of these payers; `open`: not resolved, or resolved; older by id than `before`. */
export type AskedIncidents = Parameters<Store['incidents']>[0]

/**
 * What began before these times is deleted, epoch ms; days before the one of this number. Of the timeline, the row in
 * force at the time stays; of the incidents, open ones.
 */
export type Expiry = {
  chunks?: number
  rollups?: readonly { resolution: number; before: number }[]
  days?: number
  timeline?: number
  incidents?: number
}

/** Keeps bytes and rows. One writer; all times are epoch ms. */
export interface Driver extends AsyncDisposable {
  load(): Promise<Loaded>
  /** All or nothing. @throws {StoreError} */
  commit(work: Work): Promise<void>
  /** Those whose `at` lies in the span, oldest first. */
  chunks(endpoint: number, span: Span): Promise<Chunk[]>
  /** Those whose `at` lies in the span, oldest first. */
  rollups(endpoint: number, asked: Span & { resolution: number }): Promise<Rollup[]>
  /** Oldest first, with the row in force at `from`; no more than `limit`, where that is given. */
  timeline(endpoint: number, asked: Span & { limit?: number }): Promise<Change[]>
  /** Of all endpoints, by endpoint and oldest first: the rows from this time on, with the one in force then. */
  timelines(from: number): Promise<Change[]>
  /** Days from and up to, the last exclusive. */
  days(from: number, to: number): Promise<Day[]>
  /** Newest first by id. Open is what has no `resolvedAt`. */
  incidents(asked: AskedIncidents): Promise<IncidentRecord[]>
  incident(id: string): Promise<IncidentRecord | null>
  /** Bytes in use on disk, without what was freed and waits for reuse. */
  size(): Promise<number>
  oldestChunkAt(): Promise<number | null>
  /** Copies everything into a new file. @throws {StoreError} where it cannot */
  backup(file: string): Promise<void>
}
