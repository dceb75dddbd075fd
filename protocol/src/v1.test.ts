import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { State } from './model.ts'
import { toV1Result, V1ClientFrame } from './v1.ts'

const URL = 'https://host/path'

function aState(parts: Partial<State> = {}): State {
  return {
    endpoint: 'aetna/login',
    payer: 'aetna',
    payerName: 'Aetna',
    type: 'login',
    rev: 1,
    statusRev: 1,
    capability: 'provider_portal',
    via: 'direct',
    status: 'operational',
    intermittent: false,
    since: '2026-11-23T11:00:00.000Z',
    evidence: 'L1',
    verdict: 'up',
    attribution: 'none',
    advice: { action: 'proceed' },
    reason: null,
    vantage: 'local',
    result: {
      at: '2026-11-23T12:00:03.004Z',
      latencyMs: 122.6,
      statusCode: 200,
      attempts: 1,
      connectionReused: false,
      tls: null,
      phases: { dnsMs: null, connectMs: null, tlsMs: null, firstByteMs: null, transferMs: null },
      failure: null,
    },
    ...parts,
  }
}

test('a result is the flat frame of the original, latency an integer, no err on success', () => {
  assert.deepEqual(toV1Result(aState(), URL), {
    ts: '2026-11-23T12:00:03.004Z',
    payer: 'Aetna',
    type: 'login',
    url: URL,
    latency_ms: 123,
    status_code: 200,
  })
})

test('a failure without an answer has err and status code 0', () => {
  const { result } = aState()
  assert.ok(result)
  const failed = { ...result, statusCode: null, failure: { kind: 'timeout' as const } }

  const frame = toV1Result(aState({ result: failed }), URL)

  assert.equal(frame?.status_code, 0)
  assert.equal(frame?.err, 'timeout')
})

test('err explains itself where the reason of the status is the same failure', () => {
  const { result } = aState()
  assert.ok(result)
  const failed = { ...result, failure: { kind: 'dns' as const } }
  const reasons = [
    { kind: 'dns' as const, codes: [], message: 'the name does not resolve' },
    { kind: 'timeout' as const, codes: [], message: 'no answer' },
  ]

  const texts = reasons.map((reason) => toV1Result(aState({ result: failed, reason }), URL)?.err)

  assert.deepEqual(texts, ['dns: the name does not resolve', 'dns'])
})

test('without a result there is no frame', () => {
  assert.equal(toV1Result(aState({ result: null }), URL), undefined)
})

test('client frames take one name, several, null or none, under singular and plural keys', () => {
  const parsed = V1ClientFrame.parse({
    action: 'subscribe',
    payers: ['a', 'b'],
    payer: 'c',
    types: null,
    extra: true,
  })

  assert.deepEqual(
    [parsed.payers, parsed.payer, parsed.types, parsed.type],
    [['a', 'b'], ['c'], [], undefined],
  )
  assert.equal(V1ClientFrame.safeParse({ action: 'subscribe', payers: [1] }).success, false)
})
