/**
 * What a client wants to see: clauses joined by OR, the lists inside a clause by AND, an empty list meaning all.
 */
import * as z from 'zod'

/** Most clauses in a filter. */
export const MAX_FILTER_CLAUSES = 32
/** Most names in one list of a clause. */
export const MAX_FILTER_NAMES = 1_000

const Names = z.array(z.string().min(1).max(200)).max(MAX_FILTER_NAMES)

export const Clause = z.strictObject({
  payers: Names.optional(),
  types: Names.optional(),
  endpoints: Names.optional(),
})
export type Clause = z.infer<typeof Clause>

export const Filter = z.array(Clause).max(MAX_FILTER_CLAUSES)
export type Filter = z.infer<typeof Filter>

/** What a filter can be asked about. */
export type Filterable = {
  endpoint: string
  payer: string
  type: string
  capability: string | null
}

/** A filter whose names are ids: sorted, without repetition, lower case; equal filters are equal text. */
export type ResolvedFilter = {
  /** Identity of the filter: two clients with the same key see the same. Empty for everything. */
  readonly key: string
  /** What it asks for, so that it can be found by it; undefined when that cannot be told beforehand. */
  readonly clauses?: readonly FullClause[]
  matches(item: Filterable): boolean
}

/** A clause with all its lists: sorted, without repetition, lower case. */
export type FullClause = Readonly<Record<'payers' | 'types' | 'endpoints', readonly string[]>>

/** Makes the predicate of a filter whose payers and endpoints are already ids. Types match by type or capability. */
export function resolved(filter: Filter): ResolvedFilter {
  const clauses = filter.map(canonicalClause)
  if (clauses.length === 0 || clauses.some(isEmpty)) return EVERYTHING
  const tests = clauses.map(clauseTest)
  return {
    key: JSON.stringify([...new Set(clauses.map((clause) => JSON.stringify(clause)))].sort()),
    clauses,
    matches: (item) => tests.some((test) => test(item)),
  }
}

const EVERYTHING: ResolvedFilter = { key: '', matches: () => true }

function canonicalClause({ payers = [], types = [], endpoints = [] }: Clause): FullClause {
  return { payers: names(payers), types: names(types), endpoints: names(endpoints) }
}

function names(list: readonly string[]): string[] {
  return [...new Set(list.map((name) => name.toLowerCase()))].sort()
}

function isEmpty({ payers, types, endpoints }: FullClause): boolean {
  return payers.length === 0 && types.length === 0 && endpoints.length === 0
}

function clauseTest(clause: FullClause): (item: Filterable) => boolean {
  const payers = new Set(clause.payers)
  const types = new Set(clause.types)
  const endpoints = new Set(clause.endpoints)
  return ({ payer, type, capability, endpoint }) =>
    (payers.size === 0 || payers.has(payer)) &&
    (types.size === 0 ||
      types.has(type.toLowerCase()) ||
      (capability !== null && types.has(capability))) &&
    (endpoints.size === 0 || endpoints.has(endpoint))
}
