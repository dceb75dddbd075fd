import type { Hello, Incident, Payer, State } from '@payer-status/protocol'

/** The first frame of a server. */
export function hello(over: Partial<Hello> = {}): Hello {
  return {
    type: 'hello',
    epoch: 'e1',
    rev: 0,
    server: 'test',
    node: 'n1',
    heartbeatMs: 15_000,
    auth: 'none',
    limits: {
      maxFrameBytes: 65_536,
      framesPerSecond: 10,
      frameBurst: 20,
      framesPerMinute: 120,
      maxFilterClauses: 32,
      maxFilterNames: 1_000,
    },
    ...over,
  }
}

/** An endpoint that works, at `rev`. */
export function state(endpoint: string, rev: number, over: Partial<State> = {}): State {
  const [payer = '', type = ''] = endpoint.split('/')
  return {
    endpoint,
    payer,
    payerName: payer,
    type,
    rev,
    statusRev: rev,
    capability: null,
    via: 'direct',
    status: 'operational',
    intermittent: false,
    since: '2026-01-01T00:00:00.000Z',
    evidence: 'L1',
    verdict: 'up',
    attribution: 'none',
    advice: { action: 'proceed' },
    reason: null,
    vantage: 'here',
    result: null,
    ...over,
  }
}

/** A payer's roll-up, at `rev`. */
export function payer(id: string, rev: number, over: Partial<Payer> = {}): Payer {
  return {
    payer: id,
    name: id,
    aliases: [],
    identifiers: [],
    rev,
    status: 'operational',
    types: {},
    ...over,
  }
}

/** An open incident, at `rev`. */
export function incident(id: string, rev: number, over: Partial<Incident> = {}): Incident {
  return {
    id,
    rev,
    key: id,
    parent: null,
    scope: 'endpoint',
    payers: [],
    endpoints: [],
    types: [],
    status: 'identified',
    severity: 'major',
    openedAt: '2026-01-01T00:00:00.000Z',
    confirmedAt: null,
    resolvedAt: null,
    cause: { kind: 'http_5xx', codes: [], attribution: 'target', message: 'it failed' },
    advice: { action: 'hold' },
    planned: false,
    acknowledgedBy: null,
    notes: [],
    ...over,
  }
}
