import type { Incident } from '@payer-status/protocol'
import type { IncidentRecord } from '../../model.ts'
import type { History } from '../../ports.ts'
import { ProblemError } from '../problem.ts'
import type { HttpDeps } from './deps.ts'
import { decodeCursor, encodeCursor } from './page.ts'

/** Which incidents: `open` undefined means both, `payers` empty means all. */
export type IncidentsAsked = {
  open: boolean | undefined
  payers: readonly string[]
  limit: number
  cursor: string | undefined
}

/** A page of incidents, newest first, each as JSON. */
type Page = { items: string[]; next: string | null }

const LIST = 'incidents'
const ID = /^inc_[0-9A-HJKMNP-TV-Z]{26}$/

/** Whether an incident may have this id: no other is asked of a database. */
export function isIncidentId(id: string): boolean {
  return ID.test(id)
}

/**
 * Incidents of the board and of history, each once. What the board knows goes before what history says, which may be a
 * moment behind. Ids begin with their time, so the largest is the newest.
 */
export async function incidentsPage(
  { board, history }: Pick<HttpDeps, 'board'> & { history: Pick<History, 'incidents'> },
  asked: IncidentsAsked,
): Promise<Page> {
  const { limit, cursor } = asked
  const before = cursor === undefined ? undefined : idIn(cursor)
  const past = await history.incidents(questionOf(asked, before))
  const horizon = past.length > limit ? (past.at(-1)?.id ?? '') : '' // beyond it, history may hold more than it said
  const merged = new Map<string, string>()
  for (const incident of past)
    if (!board.incident(incident.id)) merged.set(incident.id, forgotten(incident))
  const present = [...board.incidents()].filter(
    (incident) => isAfter(incident.id, { before, horizon }) && matches(incident, asked),
  )
  for (const { id } of present) merged.set(id, board.incident(id)?.json ?? '')
  const ids = [...merged.keys()].sort().reverse()
  const page = ids.slice(0, limit)
  const isEnd = horizon === '' && ids.length <= limit
  return {
    items: page.map((id) => merged.get(id) ?? ''),
    next: isEnd ? null : encodeCursor(LIST, page.at(-1) ?? horizon),
  }
}

/** @throws {ProblemError} 400 when the cursor is not one of this list */
function idIn(cursor: string): string {
  const id = decodeCursor(LIST, cursor)
  if (isIncidentId(id)) return id
  throw new ProblemError(
    'invalid_request',
    'query cursor: expected the `next` of an earlier answer',
  )
}

/** One more than the page takes, which tells whether there is more. */
function questionOf(
  { open, payers, limit }: IncidentsAsked,
  before: string | undefined,
): Parameters<History['incidents']>[0] {
  return {
    limit: limit + 1,
    ...(payers.length > 0 && { payers }),
    ...(open !== undefined && { open }),
    ...(before !== undefined && { before }),
  }
}

/** An incident that only history knows, as JSON; the log has no position for it any more. */
export function forgotten(incident: IncidentRecord): string {
  return JSON.stringify({ ...incident, rev: 0 } satisfies Incident)
}

function isAfter(id: string, { before, horizon }: { before: string | undefined; horizon: string }) {
  return (before === undefined || id < before) && id >= horizon
}

function matches(incident: IncidentRecord, { open, payers }: IncidentsAsked): boolean {
  return (
    (open === undefined || open === (incident.status !== 'resolved')) &&
    (payers.length === 0 || incident.payers.some((id) => payers.includes(id)))
  )
}
