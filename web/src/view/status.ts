import type { Payer, State } from '@payer-status/client'

/** What an endpoint can be. */
export type Status = State['status']
/** What a payer can be. */
export type RollupStatus = Payer['status']

/** Every status, the worst first. */
export const WORST_FIRST: readonly RollupStatus[] = [
  'down',
  'partial_outage',
  'degraded',
  'maintenance',
  'unknown',
  'operational',
]

/** The statuses of endpoints in the order of the counts. */
export const STATUSES: readonly Status[] = [
  'operational',
  'degraded',
  'down',
  'maintenance',
  'unknown',
]

const RANK = new Map(WORST_FIRST.map((status, index) => [status, index]))

/** How bad a status is: 0 is the worst. A status of a later version ranks as unknown. */
export function rankOf(status: RollupStatus): number {
  return RANK.get(status) ?? WORST_FIRST.indexOf('unknown')
}

/** The status in words. */
export function wordOf(status: RollupStatus): string {
  return status.replace('_', ' ')
}

/** Whether someone should look: unknown is not wrong, it is not known. */
export function isWrong(status: RollupStatus): boolean {
  return rankOf(status) < rankOf('unknown')
}

/** The roll-up of a payer that none was sent for: some down is a partial outage. */
export function rolledUp(statuses: readonly Status[]): RollupStatus {
  const worst = [...statuses].sort((a, b) => rankOf(a) - rankOf(b))[0] ?? 'unknown'
  return worst === 'down' && statuses.some((status) => status !== 'down') ? 'partial_outage' : worst
}
