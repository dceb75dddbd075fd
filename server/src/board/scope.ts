/** What windows are about, for filters. */
import type { Filterable } from '@payer-status/protocol'
import type { Plan } from '../config/config.ts'
import type { EndpointState } from '../model.ts'

/** Payer, types and route of a window or of what announces it. */
export type Scope = Pick<Plan, 'payer' | 'via'> & { types: readonly string[] }

/** What a scope is asked about. */
type Scoped = Pick<EndpointState, 'payer' | 'type' | 'capability' | 'via'>

/** Whether an endpoint is in the scope. Types match as in filters: by type or capability, whatever their case. */
export function isInScope({ payer, types, via }: Scope, endpoint: Scoped): boolean {
  if (payer !== endpoint.payer || (via !== null && via !== endpoint.via)) return false
  if (types.length === 0) return true
  const named = namesOf(types)
  const { type, capability } = endpoint
  return named.has(type.toLowerCase()) || (capability !== null && named.has(capability))
}

/** A scope is asked about every result of its payer, and never changed: its names are read once. */
const known = new WeakMap<readonly string[], ReadonlySet<string>>()

function namesOf(types: readonly string[]): ReadonlySet<string> {
  const before = known.get(types)
  if (before !== undefined) return before
  const names = new Set(types.map((type) => type.toLowerCase()))
  known.set(types, names)
  return names
}

/** What filters are asked about a window: the endpoints in its scope, and its own words for when there are none. */
export function subjectsOfWindow(window: Scope, endpoints: Iterable<EndpointState>): Filterable[] {
  const { payer, types } = window
  const words = types.length === 0 ? [''] : types
  return [
    ...Array.from(endpoints).filter((endpoint) => isInScope(window, endpoint)),
    ...words.map((type) => ({ endpoint: '', payer, type, capability: type.toLowerCase() })),
  ]
}
