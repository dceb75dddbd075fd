import { anIncident } from '../../../server/test/support/a-store.ts'
import type { Past } from './past.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** Forty days in which Aetna's eligibility was out now and then, and is down since twelve minutes. */
export function usualPast(): Past {
  const endpoint = 'aetna/eligibility'
  const at = (ago: number) => new Date(Date.now() - ago).toISOString()
  return {
    length: 40 * DAY,
    close: [endpoint],
    troubles: [
      { endpoint, status: 'down', from: 12 * MINUTE, to: 0 },
      { endpoint, status: 'degraded', from: 5 * HOUR, to: 4.5 * HOUR },
      { endpoint, status: 'down', from: 9 * HOUR, to: 8.2 * HOUR },
      { endpoint, status: 'maintenance', from: 15 * HOUR, to: 13 * HOUR, planned: true },
      { endpoint, status: 'down', from: 6 * DAY, to: 5.8 * DAY },
      { endpoint: 'metlife/login', status: 'degraded', from: 11 * DAY, to: 10.9 * DAY },
      { endpoint: 'sun-life/eligibility', status: 'maintenance', from: 8 * DAY, to: 7.8 * DAY },
    ],
    incidents: [
      anIncident(2, {
        payers: ['aetna'],
        endpoints: [endpoint],
        status: 'resolved',
        openedAt: at(9 * HOUR),
        confirmedAt: at(9 * HOUR - MINUTE),
        resolvedAt: at(8.2 * HOUR),
        acknowledgedBy: 'night-shift',
        notes: [{ at: at(8.5 * HOUR), by: 'night-shift', text: 'The payer has been called.' }],
      }),
      anIncident(1, {
        payers: ['metlife'],
        endpoints: ['metlife/login'],
        status: 'resolved',
        openedAt: at(11 * DAY),
        resolvedAt: at(10.9 * DAY),
      }),
    ],
  }
}
