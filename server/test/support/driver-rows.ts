import type { IncidentRecord } from '../../src/model.ts'
import type { Change, Driver } from '../../src/store/driver.ts'
import { incidentRecord } from './board-with.ts'

/** Says that a driver holds to something. */
export type Holds = (what: string, run: (open: () => Promise<Driver>) => Promise<void>) => void

export const HOUR = 3_600_000
/** A midnight, epoch ms. */
export const NOW = Date.UTC(2026, 2, 29)

export function bytes(...values: number[]): Uint8Array {
  return Uint8Array.from(values)
}

/** With bytes as arrays: whether a driver gives a Buffer does not matter. */
export function plain<T extends { packed: Uint8Array }>(rows: readonly T[]) {
  return rows.map((row) => ({ ...row, packed: [...row.packed] }))
}

/** A change of endpoint 1, hours from `NOW`. */
export function change(hour: number, status: Change['status']): Change {
  return { endpoint: 1, at: NOW + hour * HOUR, status, planned: false, gap: false }
}

/** An incident; a larger `order` is newer by id. */
export function incident(
  order: number,
  payers: string[],
  status: IncidentRecord['status'],
): IncidentRecord {
  const resolvedAt = status === 'resolved' ? '2026-01-01T01:00:00.000Z' : null
  return incidentRecord(order, { payers, status, resolvedAt }).value as IncidentRecord
}
