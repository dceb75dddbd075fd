import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Attribution, FailureKind, Verdict } from '@payer-status/protocol'
import { statusMeaning } from './http-status.ts'

const plain = { hasRetryAfter: false, credentialed: false }

test('each status of the field means what the field says', () => {
  const cases: [number, Verdict, FailureKind, Attribution][] = [
    [400, 'probe_misconfigured', 'request_rejected', 'probe'],
    [401, 'edge_up', 'auth', 'none'],
    [403, 'edge_up', 'auth', 'none'],
    [404, 'down', 'http_4xx', 'target'],
    [405, 'edge_up', 'http_4xx', 'probe'],
    [406, 'probe_misconfigured', 'request_rejected', 'probe'],
    [408, 'degraded', 'timeout', 'target'],
    [410, 'down', 'http_4xx', 'target'],
    [413, 'probe_misconfigured', 'request_rejected', 'probe'],
    [415, 'probe_misconfigured', 'request_rejected', 'probe'],
    [422, 'probe_misconfigured', 'request_rejected', 'probe'],
    [429, 'degraded', 'rate_limited', 'probe'],
    [496, 'probe_misconfigured', 'tls_client_cert', 'probe'],
    [500, 'down', 'http_5xx', 'target'],
    [501, 'probe_misconfigured', 'request_rejected', 'probe'],
    [502, 'down', 'http_5xx', 'payer_behind_gateway'],
    [503, 'down', 'http_5xx', 'target'],
    [504, 'down', 'http_5xx', 'payer_behind_gateway'],
    [505, 'probe_misconfigured', 'request_rejected', 'probe'],
    [511, 'unknown', 'blocked', 'path'],
    [520, 'down', 'http_5xx', 'payer_behind_gateway'],
    [530, 'down', 'http_5xx', 'payer_behind_gateway'],
    [531, 'down', 'http_5xx', 'target'],
  ]

  for (const [status, verdict, kind, attribution] of cases)
    assert.deepEqual(statusMeaning(status, plain), { kind, verdict, attribution }, String(status))
})

test('a refusal of credentials is ours to mend', () => {
  for (const status of [401, 403]) {
    const { verdict, attribution } = statusMeaning(status, { ...plain, credentialed: true })

    assert.deepEqual([verdict, attribution], ['probe_misconfigured', 'probe'])
  }
})

test('only a 503 that says when to come back is maintenance', () => {
  const polite = { ...plain, hasRetryAfter: true }

  assert.equal(statusMeaning(503, polite).verdict, 'maintenance')
  assert.equal(statusMeaning(500, polite).verdict, 'down')
})

test('a good status that was not the expected one is a mismatch', () => {
  for (const status of [200, 204, 302])
    assert.equal(statusMeaning(status, plain).verdict, 'content_mismatch')
})

test('every status of any server has a meaning from the closed lists', () => {
  for (let status = 0; status <= 999; status++) {
    const { kind, verdict, attribution } = statusMeaning(status, plain)

    assert.ok(FailureKind.safeParse(kind).success)
    assert.ok(Verdict.safeParse(verdict).success)
    assert.ok(Attribution.safeParse(attribution).success)
    assert.notEqual(verdict, 'up')
  }
})
