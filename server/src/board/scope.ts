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
  const names = [endpoint.type.toLowerCase(), endpoint.capability]
  return types.some((type) => names.includes(type.toLowerCase()))
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
