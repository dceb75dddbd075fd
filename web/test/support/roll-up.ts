import type { State } from '@payer-status/client'
import type { World } from './world.ts'

const CORE = new Set(['eligibility', 'claim_status', 'provider_portal'])

/** Gives each payer the status that its endpoints add up to. */
export function rolledUp(world: World): World {
  for (const one of world.payers) {
    const own = world.endpoints.filter(({ payer: id }) => id === one.payer)
    const has = (status: State['status']) => own.some((endpoint) => endpoint.status === status)
    const core = own.filter(({ capability }) => CORE.has(capability ?? ''))
    if (core.length > 0 && core.every(({ status }) => status === 'down')) one.status = 'down'
    else if (has('down')) one.status = 'partial_outage'
    else if (has('maintenance')) one.status = 'maintenance'
    else if (has('degraded')) one.status = 'degraded'
    else if (own.every(({ status }) => status === 'unknown')) one.status = 'unknown'
  }
  return world
}
