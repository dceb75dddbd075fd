import assert from 'node:assert/strict'
import { test } from 'node:test'
import { judged as anAnswer } from '../../../test/support/an-answer.ts'
import { endpointAt } from '../../../test/support/far-side-endpoint.ts'
import type { Endpoint } from '../../config/config.ts'
import { type FullAnswer, judgeAnswer, ownerOf } from './answer.ts'

test('an answer as expected says so with its status alone', () => {
  assert.deepEqual(judged({}, {}), {
    verdict: 'up',
    attribution: 'none',
    codes: ['HTTP:200'],
    evidence: 'L1',
    failure: null,
  })
})

test('an answer at exactly the time configured is not slow', () => {
  assert.equal(judged({ degradeOver: 500 }, { latencyMs: 500 }).verdict, 'up')
  assert.equal(judged({ degradeOver: 500 }, { latencyMs: 500.1 }).verdict, 'degraded')
})

test('a slow answer that is wrong is wrong', () => {
  const { verdict, codes } = judged({ degradeOver: 500 }, { latencyMs: 9_000, status: 500 })

  assert.deepEqual([verdict, codes], ['down', ['HTTP:500']])
})

test('a good status with the wrong content is a mismatch, seen in the body', () => {
  const text = judged({ expect: { body: 'Sign in' } }, {})
  const json = judged({ expect: { json: [['$.a', 1]] } }, {})

  assert.deepEqual([text.verdict, text.evidence], ['content_mismatch', 'L2'])
  assert.deepEqual(text.codes, ['HTTP:200', 'expect.body'])
  assert.deepEqual(json.codes, ['HTTP:200', 'expect.json'])
  assert.deepEqual([json.failure?.kind, json.attribution], ['expectation', 'payer'])
})

const POOR: [what: string, expect: Endpoint['expect'], kind: string, verdict: string][] = [
  ['a header', { headers: [['x', 'y']] }, 'expectation', 'content_mismatch'],
  ['a content type', { contentType: ['text/html'] }, 'expectation', 'content_mismatch'],
  ['XML', { xml: [['a', 'b']] }, 'expectation', 'content_mismatch'],
  ['a certificate', { certificateDays: 1 }, 'tls_cert', 'down'],
  ['latency', { latency: [['total', 1]] }, 'expectation', 'down'],
]

for (const [what, expect, kind, verdict] of POOR)
  test(`${what} that is not as expected is the far side's fault, or only degrades`, () => {
    const failed = judged({ expect }, {})
    const degraded = judged({ expect: { degrade: expect } }, {})

    assert.deepEqual([failed.failure?.kind, failed.verdict], [kind, verdict])
    assert.deepEqual([degraded.failure?.kind, degraded.verdict], [kind, 'degraded'])
    assert.equal(degraded.attribution, 'payer')
    assert.deepEqual(degraded.codes, failed.codes)
    assert.match(failed.codes[1] ?? '', /^expect\.[a-z_]+$/)
  })

test('a status that only degrades is told by a code of its own', () => {
  const { verdict, codes, failure } = judged(
    { expect: { status: [[200, 599]], degrade: { status: [[200, 299]] } } },
    { status: 503 },
  )

  assert.deepEqual([verdict, failure?.kind], ['degraded', 'expectation'])
  assert.deepEqual(codes, ['HTTP:503', 'expect.status'])
})

test('what is wrong with a status is told on evidence of the edge', () => {
  const { evidence, failure } = judged({ expect: { body: 'Sign in' } }, { status: 404 })

  assert.equal(evidence, 'L1')
  assert.deepEqual(failure, { kind: 'http_4xx', message: 'expected status 200-399, got 404' })
})

test('the owner of an address is the payer on a direct route, and who stands between on others', () => {
  assert.equal(ownerOf('target', { via: 'direct' }), 'payer')
  assert.equal(ownerOf('target', { via: 'clearinghouse-a' }), 'intermediary')
  assert.equal(ownerOf('path', { via: 'clearinghouse-a' }), 'path')
  assert.equal(judged({ via: 'clearinghouse-a' }, { status: 500 }).attribution, 'intermediary')
  assert.equal(
    judged({ via: 'clearinghouse-a' }, { status: 502 }).attribution,
    'payer_behind_gateway',
  )
})

function judged(endpoint: Partial<Endpoint>, answer: Partial<FullAnswer>) {
  return judgeAnswer(endpointAt('http://127.0.0.1/', endpoint), {
    ...anAnswer({ body: 'hello' }),
    hasRetryAfter: false,
    credentialed: false,
    ...answer,
  })
}
