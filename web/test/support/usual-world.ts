import type { State } from '@payer-status/client'
import { incident, result, window } from './records.ts'
import { rolledUp } from './roll-up.ts'
import { ago, calmWorld, type World } from './world.ts'

const MINUTE = 60_000
/** The window that is under way. */
const SUNDAY = 'mw_01JD0000000000000000000001'

/** 33 payers with 150 endpoints, some of them in trouble. */
export function usualWorld(): World {
  const world = calmWorld()
  const change = (id: string, over: Partial<State>) => {
    const found = world.endpoints.find(({ endpoint }) => endpoint === id)
    if (found) Object.assign(found, over)
  }
  for (const [id, over] of troubles()) change(id, over)
  world.incidents.push(
    incident('inc_01JD0000000000000000000001', {
      payers: ['aetna'],
      endpoints: ['aetna/eligibility'],
      openedAt: ago(12 * MINUTE),
    }),
    incident('inc_01JD0000000000000000000002', {
      scope: 'host',
      payers: ['elevance-p360', 'anthem', 'wellcare'],
      endpoints: ['elevance-p360/fhir', 'elevance-p360/directory', 'anthem/fhir', 'wellcare/fhir'],
      openedAt: ago(3.7 * MINUTE),
      cause: {
        kind: 'http_5xx',
        codes: ['HTTP:503'],
        attribution: 'intermediary',
        message: '4 endpoints of 3 payers on one host answer HTTP 503',
      },
    }),
  )
  world.maintenance.push(
    window(SUNDAY, { payer: 'medicaid-indiana', endsAt: ago(-131 * MINUTE) }),
    window('mw_01JD0000000000000000000002', {
      payer: 'medicaid-indiana',
      types: ['login'],
      state: 'scheduled',
      startsAt: ago(-3_000 * MINUTE),
      endsAt: ago(-3_060 * MINUTE),
    }),
  )
  return rolledUp(world)
}

function troubles(): [string, Partial<State>][] {
  const hold = { action: 'hold' } as const
  const down503: Partial<State> = {
    status: 'down',
    verdict: 'down',
    attribution: 'intermediary',
    advice: hold,
    since: ago(3.7 * MINUTE),
    reason: { kind: 'http_5xx', codes: ['HTTP:503'], message: 'the server answered with an error' },
    result: result(93, { statusCode: 503, failure: { kind: 'http_5xx' } }),
  }
  const maintenance: Partial<State> = {
    status: 'maintenance',
    verdict: 'maintenance',
    window: SUNDAY,
    attribution: 'payer',
    since: ago(49 * MINUTE),
    reason: { kind: 'maintenance', codes: [], message: 'announced Sunday window' },
  }
  return [
    [
      'aetna/eligibility',
      {
        status: 'down',
        attribution: 'payer',
        advice: hold,
        since: ago(12 * MINUTE),
        reason: {
          kind: 'application_unavailable',
          codes: ['AAA:42@2100A/R'],
          message: 'the payer\u2019s own system could not respond',
        },
      },
    ],
    ['elevance-p360/fhir', down503],
    ['elevance-p360/directory', down503],
    ['anthem/fhir', down503],
    ['wellcare/fhir', down503],
    [
      'delta-dental-of-washington/eligibility',
      {
        status: 'degraded',
        intermittent: true,
        attribution: 'payer',
        advice: { action: 'retry_after', retryAfterMs: 5 * MINUTE },
        since: ago(27 * MINUTE),
        reason: { kind: 'slow', codes: [], message: 'slower than 20 s in 2 of the last 3 results' },
        result: result(21_400),
      },
    ],
    ['medicaid-indiana/login', maintenance],
    ['medicaid-indiana/eligibility', maintenance],
    [
      'metlife/eligibility',
      {
        status: 'unknown',
        attribution: 'unknown',
        since: ago(8 * MINUTE),
        reason: {
          kind: 'blocked',
          codes: ['HTTP:403'],
          message: 'a bot wall answered instead of the payer',
        },
      },
    ],
    [
      'sun-life/login',
      {
        status: 'unknown',
        attribution: 'unknown',
        since: ago(8 * MINUTE),
        reason: { kind: 'never_reached', codes: [], message: 'never reached from here' },
        result: result(3_000, { statusCode: null, tls: null, failure: { kind: 'timeout' } }),
      },
    ],
    [
      'tricare/api',
      {
        status: 'unknown',
        since: ago(8 * MINUTE),
        reason: { kind: 'not_probeable', codes: [], message: 'the configuration gives no address' },
        result: null,
      },
    ],
  ]
}

/** A few payers of the usual world: as varied, and quick to examine. */
export function smallWorld(): World {
  const { payers, endpoints, incidents, maintenance } = usualWorld()
  const chosen = new Set([
    'aetna',
    'delta-dental-of-washington',
    'medicaid-indiana',
    'metlife',
    'sun-life',
  ])
  return {
    payers: payers.filter(({ payer }) => chosen.has(payer)),
    endpoints: endpoints.filter(({ payer }) => chosen.has(payer)),
    incidents: incidents.filter(({ scope }) => scope === 'endpoint'),
    maintenance,
  }
}
