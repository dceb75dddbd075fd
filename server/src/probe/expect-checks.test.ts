import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type AnswerParts, judged } from '../../test/support/an-answer.ts'
import type { Expect } from '../config/config.ts'
import { unmetExpectation } from './expect.ts'

const DAY = 86_400_000
const AT = Date.UTC(2026, 0, 1)

type Row = [what: string, expect: Expect, answer: AnswerParts, message: string | undefined]

const header = (is: NonNullable<Expect['headers']>[number][1]): Expect => ({
  headers: [['x-state', is]],
})
const state = (value: string | string[]): AnswerParts => ({ headers: { 'x-state': value } })
const type = (value: string): AnswerParts => ({ headers: { 'content-type': value } })
const until = (ms: number): AnswerParts => ({
  at: AT,
  tls: { version: 'TLSv1.3', verified: true, expiresAt: AT + ms },
})
const phases = { dnsMs: 5, connectMs: null, tlsMs: 90, firstByteMs: 800.2, transferMs: 1 }

const ROWS: Row[] = [
  ['a media type', { contentType: ['text/html'] }, type('text/html'), undefined],
  ['its parameters', { contentType: ['text/html'] }, type('TEXT/HTML ;charset=x'), undefined],
  ['any subtype', { contentType: ['text/*'] }, type('text/plain'), undefined],
  [
    'one of several types',
    { contentType: ['application/json', 'application/fhir+json'] },
    type('application/fhir+json'),
    undefined,
  ],
  [
    'another type',
    { contentType: ['application/json', 'text/*'] },
    type('application/jsonp'),
    'expected content type application/json, text/*',
  ],
  ['no type', { contentType: ['text/*'] }, {}, 'expected content type text/*'],

  ['a header', header('ready'), state(' ready '), undefined],
  ['another header value', header('ready'), state('busy'), 'expected header x-state to be "ready"'],
  [
    'a header in another case',
    header('ready'),
    state('Ready'),
    'expected header x-state to be "ready"',
  ],
  ['no header', header('ready'), {}, 'expected header x-state to be "ready"'],
  ['a header that is there', header({ exists: true }), state(''), undefined],
  ['a header that is not', header({ exists: true }), {}, 'expected header x-state to exist'],
  [
    'a header too many',
    header({ exists: false }),
    state('x'),
    'expected header x-state not to exist',
  ],
  [
    'a header ruled out',
    header({ ne: 'busy' }),
    state('busy'),
    'expected header x-state to be other than "busy"',
  ],
  [
    'a header to be other, absent',
    header({ ne: 'busy' }),
    {},
    'expected header x-state to be other than "busy"',
  ],
  ['a header that matches', header({ matches: '^v\\d+$' }), state('v12'), undefined],
  [
    'one that does not',
    header({ matches: '^v\\d+$' }),
    state('w'),
    'expected header x-state to match "^v\\\\d+$"',
  ],
  ['a header sent twice', header('a, b'), state(['a', 'b']), undefined],
  ['an inherited name', { headers: [['constructor', { exists: false }]] }, {}, undefined],

  ['enough days', { certificateDays: 14 }, until(14 * DAY), undefined],
  [
    'too few days',
    { certificateDays: 14 },
    until(14 * DAY - 1),
    'expected a certificate valid for at least 14 days more, got 13 days',
  ],
  [
    'no certificate',
    { certificateDays: 14 },
    {},
    'expected a certificate valid for at least 14 days more, got none',
  ],

  ['a phase in time', { latency: [['tls', 90]] }, { phases }, undefined],
  ['a phase not taken', { latency: [['connect', 1]] }, { phases }, undefined],
  [
    'a phase too long',
    {
      latency: [
        ['dns', 5],
        ['firstByte', 800],
      ],
    },
    { phases },
    'expected the first byte within 800 ms, got 801 ms',
  ],
  [
    'all too long',
    { latency: [['total', 1_000]] },
    { latencyMs: 1_500 },
    'expected the whole answer within 1000 ms, got 1500 ms',
  ],
]

for (const [what, expect, answer, message] of ROWS)
  test(`${what} is ${message === undefined ? 'met' : 'unmet'}, and what was seen is not told`, () => {
    assert.equal(unmetExpectation(expect, judged(answer))?.message, message)
    assert.doesNotMatch(message ?? '', /SECRET/)
  })

test('the first in order is the one that is told', () => {
  const all: Expect = {
    status: [[201, 201]],
    contentType: ['text/html'],
    headers: [['x', 'y']],
    body: 'text',
    json: [['$.a', 1]],
    xml: [['a', 'b']],
    certificateDays: 1,
    latency: [['total', 1]],
  }
  const order: string[] = []

  for (const { ...left } = all; Object.keys(left).length > 0; ) {
    const of = unmetExpectation({ status: [[200, 200]], ...left }, judged({ body: '<a/>' }))?.of
    order.push(of ?? 'none')
    delete left[Object.keys(left)[0] as keyof Expect]
  }

  assert.deepEqual(order, [
    'status',
    'content_type',
    'header',
    'body',
    'json',
    'xml',
    'certificate',
    'latency',
  ])
})

test('what only degrades comes after all else, and has no status of its own', () => {
  const degrade: Expect = { status: [[200, 200]], body: 'fine' }
  const expect: Expect = { body: 'good', degrade }

  const both = unmetExpectation(expect, judged({ body: 'bad', status: 204 }))
  const status = unmetExpectation(expect, judged({ body: 'good', status: 204 }))
  const body = unmetExpectation(expect, judged({ body: 'good' }))
  const none = unmetExpectation(expect, judged({ body: 'good and fine' }))

  assert.deepEqual(both, {
    of: 'body',
    message: 'expected the body to contain "good"',
    degrades: false,
  })
  assert.deepEqual(status, {
    of: 'status',
    message: 'expected status 200, got 204',
    degrades: true,
  })
  assert.deepEqual([body?.of, body?.degrades], ['body', true])
  assert.equal(none, undefined)
  assert.equal(unmetExpectation({ degrade: {} }, judged({ status: 302 })), undefined)
})
