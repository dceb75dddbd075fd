/** What readers ask the board, and what they are told. */
import type { ResolvedFilter } from '@payer-status/protocol'
import type { BoardEntry, EntryOf } from './entry.ts'

/** What a reader wants: which records, and which kind of change counts. */
export type Query = {
  filter: ResolvedFilter
  /** `rev`: any change. `statusRev`: status, reason, advice or flags. `resultRev`: a new result of an endpoint. */
  by: 'rev' | 'statusRev' | 'resultRev'
}

/** Records that match a query, each once, oldest change first. */
export type Changes = {
  payers: EntryOf<'payer'>[]
  endpoints: EntryOf<'endpoint'>[]
  incidents: EntryOf<'incident'>[]
  maintenance: EntryOf<'window'>[]
  /** Endpoints that matched at the reader's position and, having another type now, match no more. */
  left: EntryOf<'endpoint'>[]
}

/** None yet. */
export function noChanges(): Changes {
  return { payers: [], endpoints: [], incidents: [], maintenance: [], left: [] }
}

/** Whether a reader at `rev` who wants changes of one kind has not seen this entry. Removals and incidents always count. */
export function isNews(entry: BoardEntry, by: Query['by'], rev: number): boolean {
  const { log, aboutRev } = entry
  if (log[by] > rev) return true
  return by === 'statusRev' && (log.kind === 'incident' || log.value === null || aboutRev > rev)
}

/** Whether an endpoint matched at `rev` and has another type since. */
export function hasLeft(
  entry: BoardEntry,
  filter: ResolvedFilter,
  rev: number,
): entry is EntryOf<'endpoint'> {
  return entry.former.some(({ about, until }) => until > rev && filter.matches(about))
}

/** Puts an entry among those of its kind. */
export function put(changes: Changes, entry: BoardEntry): void {
  if (entry.is('endpoint')) changes.endpoints.push(entry)
  else if (entry.is('payer')) changes.payers.push(entry)
  else if (entry.is('incident') && entry.log.value) changes.incidents.push(entry)
  else if (entry.is('window') && entry.log.value) changes.maintenance.push(entry)
}
