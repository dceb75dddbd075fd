/** What filters are asked about an incident. */
import type { Filterable } from '@payer-status/protocol'
import type { IncidentRecord } from '../model.ts'

/** Of these endpoints, those that it touches: an announcement names payers and types, not endpoints. */
export function touchedBy(
  { endpoints, types }: Pick<IncidentRecord, 'endpoints' | 'types'>,
  known: readonly Filterable[],
): readonly Filterable[] {
  if (endpoints.length > 0 || types.length === 0) return known
  const words = new Set(types.map((type) => type.toLowerCase()))
  return known.filter(
    ({ type, capability }) =>
      words.has(type.toLowerCase()) || (capability !== null && words.has(capability)),
  )
}

/** An incident's endpoints by its own words, for those that are forgotten already. */
export function subjectsByWord({ endpoints, types }: IncidentRecord): Filterable[] {
  return endpoints.flatMap((endpoint) =>
    types.map((type) => ({
      endpoint,
      payer: endpoint.split('/')[0] ?? '',
      type,
      capability: null,
    })),
  )
}
