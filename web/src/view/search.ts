import type { Row } from './row.ts'
import type { Status } from './status.ts'

/** What the reader asked for. */
export type Query = {
  readonly text: string
  readonly statuses: ReadonlySet<Status>
  readonly sort: 'worst' | 'name'
}

/** Everything, the worst first. */
export const everything: Query = { text: '', statuses: new Set(), sort: 'worst' }

/** Whether the query leaves anything out. */
export function isNarrow({ text, statuses }: Query): boolean {
  return text.trim() !== '' || statuses.size > 0
}

/**
 * The test of a query. Every word must be found in the payer, or together with the payer in one of its endpoints, so
 * that `eligibility down` means an eligibility endpoint that is down.
 */
export function matcherOf({ text, statuses }: Query): (row: Row) => boolean {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  return (row) => hasStatus(row, statuses) && hasWords(row, words)
}

function hasStatus(row: Row, statuses: ReadonlySet<Status>): boolean {
  return statuses.size === 0 || row.endpoints.some(({ status }) => statuses.has(status))
}

function hasWords(row: Row, words: readonly string[]): boolean {
  const missing = words.filter((word) => !row.words.includes(word))
  if (missing.length === 0) return true
  return row.endpointWords.some((hay) => missing.every((word) => hay.includes(word)))
}
