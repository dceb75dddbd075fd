import type { Detail, Filter, Position, ResolvedFilter } from '@payer-status/protocol'
import type { Names, UnknownName } from '../board/names.ts'

/** What a client wants to be told from now on, names already made ids. */
export type Subscription = {
  filter: ResolvedFilter
  detail: Detail
  /** Where the client already is; without it, it gets a snapshot. */
  since?: Position | undefined
}

/** Most single complaints in one error. */
const MAX_ISSUES = 20

const NOUN = { payers: 'payer', types: 'type or capability', endpoints: 'endpoint' } as const

/** The filter with ids for names, or what is wrong with it, in sentences that do not repeat what the client sent. */
export function resolveFilter(
  names: Names,
  filter: Filter,
): { filter: ResolvedFilter } | { issues: string[] } {
  const resolved = names.resolve(filter)
  if ('filter' in resolved) return resolved
  return { issues: bounded(resolved.unknown.map(unknownIssue)) }
}

/** A list of complaints that is not longer than a client can use. */
export function bounded(issues: readonly string[]): string[] {
  const shown = issues.slice(0, MAX_ISSUES)
  return issues.length > MAX_ISSUES ? [...shown, `and ${issues.length - MAX_ISSUES} more`] : shown
}

function unknownIssue({ list, near, clause, index }: UnknownName): string {
  const close = near.length > 0 ? `; near names: ${near.join(', ')}` : ''
  return `filter[${clause}].${list}[${index}]: no ${NOUN[list]} has this name${close}`
}
