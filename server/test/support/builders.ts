import type { Endpoint } from '../../src/config/config.ts'
import { Secret } from '../../src/lib/secret.ts'
import type { ProbeResult } from '../../src/model.ts'

/** An endpoint of Aetna's that is probed every minute; any part may be replaced. */
export function anEndpoint(parts: Partial<Endpoint> = {}): Endpoint {
  return {
    id: 'aetna/eligibility',
    payer: 'aetna',
    payerName: 'Aetna',
    type: 'eligibility',
    capability: 'eligibility',
    kind: 'http',
    via: 'direct',
    network: 'private',
    url: new Secret('http://127.0.0.1:1/eligibility'),
    shownUrl: 'http://127.0.0.1:1/eligibility',
    host: '127.0.0.1:1',
    method: 'GET',
    headers: [],
    interval: 60_000,
    timeouts: { dns: 2_000, connect: 3_000, tls: 5_000, firstByte: 10_000, total: 20_000 },
    maxBody: 262_144,
    expect: {},
    confirmAfter: 5_000,
    freshEvery: 5,
    judge: { window: 3, downAfter: 2, recoverAfter: 2 },
    unreviewed: false,
    ...parts,
  }
}

/** A healthy result; any part may be replaced. */
export function aResult(parts: Partial<ProbeResult> = {}): ProbeResult {
  return {
    endpoint: 'aetna/eligibility',
    probe: 'p1',
    at: Date.UTC(2026, 0, 1),
    latencyMs: 120,
    statusCode: 200,
    attempts: 1,
    connectionReused: false,
    tls: null,
    phases: { dnsMs: 1, connectMs: 1, tlsMs: null, firstByteMs: 100, transferMs: 2 },
    bytes: 10,
    truncated: false,
    via: 'direct',
    evidence: 'L1',
    verdict: 'up',
    attribution: 'none',
    codes: ['HTTP:200'],
    failure: null,
    progress: 'answered',
    ...parts,
  }
}

/** The answer of a payer whose server fails. */
export function aServerError(parts: Partial<ProbeResult> = {}): ProbeResult {
  return aResult({
    statusCode: 500,
    verdict: 'down',
    attribution: 'payer',
    codes: ['HTTP:500'],
    failure: { kind: 'http_5xx', message: 'expected status 200-399, got 500' },
    ...parts,
  })
}

/** A connection that was refused. */
export function aRefusal(parts: Partial<ProbeResult> = {}): ProbeResult {
  return aResult({
    statusCode: null,
    evidence: null,
    verdict: 'down',
    attribution: 'payer',
    codes: ['connect.refused'],
    failure: { kind: 'connect', message: 'connection refused' },
    progress: 'nothing',
    ...parts,
  })
}
