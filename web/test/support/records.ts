import type { Incident, Payer, State, Window } from '@payer-status/client'

type Over<T> = Partial<T>

/** An endpoint that works. */
export function state(endpoint: string, over: Over<State> = {}): State {
  const [payer = '', type = ''] = endpoint.split('/')
  return {
    endpoint,
    payer,
    payerName: payer,
    type,
    rev: 1,
    statusRev: 1,
    capability: null,
    via: 'direct',
    status: 'operational',
    intermittent: false,
    since: '2026-01-01T08:00:00.000Z',
    evidence: 'L1',
    verdict: 'up',
    attribution: 'none',
    advice: { action: 'proceed' },
    reason: null,
    vantage: 'us-east',
    result: result(412),
    ...over,
  }
}

type Result = NonNullable<State['result']>

/** A result with this latency. */
export function result(latencyMs: number, over: Over<Result> = {}): Result {
  return {
    at: '2026-01-01T12:00:00.000Z',
    latencyMs,
    statusCode: 200,
    attempts: 1,
    connectionReused: true,
    tls: { version: 'TLSv1.3', verified: true, expiresAt: '2027-03-01T00:00:00.000Z' },
    phases: { dnsMs: null, connectMs: null, tlsMs: null, firstByteMs: latencyMs, transferMs: 1 },
    failure: null,
    ...over,
  }
}

/** A payer's roll-up. */
export function payer(id: string, over: Over<Payer> = {}): Payer {
  return {
    payer: id,
    name: id,
    aliases: [],
    identifiers: [],
    rev: 1,
    status: 'operational',
    types: {},
    ...over,
  }
}

/** An open incident. */
export function incident(id: string, over: Over<Incident> = {}): Incident {
  return {
    id,
    rev: 1,
    key: id,
    parent: null,
    scope: 'endpoint',
    payers: [],
    endpoints: [],
    types: [],
    status: 'identified',
    severity: 'major',
    openedAt: '2026-01-01T11:00:00.000Z',
    confirmedAt: null,
    resolvedAt: null,
    cause: {
      kind: 'application_unavailable',
      codes: ['AAA:42@2100A/R'],
      attribution: 'payer',
      message: 'the payer\u2019s own system could not respond',
    },
    advice: { action: 'hold' },
    planned: false,
    acknowledgedBy: null,
    notes: [],
    ...over,
  }
}

/** A maintenance window that is under way. */
export function window(id: string, over: Over<Window> = {}): Window {
  return {
    id,
    rev: 1,
    plan: 'mp_00000000000000000000000000',
    via: null,
    payer: '',
    types: [],
    kind: 'routine',
    startsAt: '2026-01-01T10:00:00.000Z',
    endsAt: '2026-01-01T14:00:00.000Z',
    rrule: null,
    timeZone: 'America/New_York',
    announcedAt: null,
    noticeOk: true,
    state: 'in_progress',
    sourceUrl: null,
    ...over,
  }
}
