import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FailureKind, ReasonKind } from '@payer-status/protocol'
import { result, state } from '../../test/support/records.ts'
import { time } from './format.ts'
import { adviceTag, cellText, codeText, doingOf, reasonSentence, shortReason } from './words.ts'

const reason = (kind: ReasonKind, codes: string[] = [], message = '') => ({ kind, codes, message })

test('a code is shown without its place', () => {
  assert.equal(codeText('AAA:42@2100A/R'), 'AAA 42')
  assert.equal(codeText('HTTP:503'), 'HTTP 503')
  assert.equal(codeText('connect.refused'), 'connect refused')
})

test('every reason has a word that fits a cell', () => {
  for (const kind of ReasonKind.options) {
    const word = shortReason(reason(kind))
    assert.ok(word.length > 0 && word.length <= 18, `${kind}: ${word}`)
  }
  assert.ok(FailureKind.options.length < ReasonKind.options.length)
})

test('a code stands in the cell where it says more than the kind', () => {
  assert.equal(shortReason(reason('http_5xx', ['HTTP:503'])), 'HTTP 503')
  assert.equal(shortReason(reason('timeout', ['total'])), 'timeout')
  assert.equal(shortReason(reason('http_5xx', ['a-code-that-is-much-too-long'])), 'server error')
})

test('a sentence begins with a capital, holds its codes once, and ends', () => {
  const message = 'the payer\u2019s own system could not respond'

  assert.equal(
    reasonSentence(reason('application_unavailable', ['AAA:42@2100A/R'], message)),
    'The payer\u2019s own system could not respond (AAA 42).',
  )
  assert.equal(
    reasonSentence(reason('http_5xx', ['HTTP:503'], 'answers HTTP 503.')),
    'Answers HTTP 503.',
  )
  assert.equal(reasonSentence(reason('timeout')), 'Timeout.')
})

test('a code says how often it came, where that was counted', () => {
  const counts = { 'AAA:42': 31, 'AAA:80': 1 }
  const said = { kind: 'application_unavailable', message: '', counts } as const

  assert.equal(
    reasonSentence({ ...said, codes: ['AAA:42', 'AAA:80'] }),
    'Not responding (AAA 42, 31 times; AAA 80).',
  )
})

test('advice is what to do, announced maintenance before all', () => {
  const until = Date.UTC(2026, 0, 1, 6)

  assert.deepEqual(adviceTag({ action: 'hold' }, null), { text: 'Hold', tone: 'hold' })
  assert.equal(
    adviceTag({ action: 'retry_after', retryAfterMs: 300_000 }, null)?.text,
    'Retry after 5 min',
  )
  assert.equal(adviceTag({ action: 'retry_after' }, null)?.text, 'Retry later')
  assert.equal(adviceTag({ action: 'reroute' }, null)?.text, 'Reroute')
  assert.equal(adviceTag({ action: 'fix_request' }, null)?.text, 'Fix request')
  assert.equal(adviceTag({ action: 'hold' }, until)?.text, `Wait until ${time(until)}`)
  assert.equal(adviceTag({ action: 'proceed' }, null), undefined)
})

test('nobody is blamed where nothing was seen', () => {
  assert.equal(doingOf('none'), null)
  assert.equal(doingOf(null), null)
  assert.equal(doingOf('target'), 'address owner')
})

test('a cell shows the latency while it works or is slow, else the reason', () => {
  const slow = reason('slow', [], 'slower than 20 s')
  const down = reason('connect', ['connect.refused'])

  assert.equal(cellText(state('a/x', { result: result(412) }), null), '412 ms')
  assert.equal(
    cellText(state('a/x', { status: 'degraded', reason: slow, result: result(21_400) }), null),
    '21.4 s',
  )
  assert.equal(cellText(state('a/x', { status: 'down', reason: down }), null), 'no connection')
  assert.equal(cellText(state('a/x', { status: 'unknown', result: null }), null), 'waiting')
  const fresh = { status: 'unknown', result: null, reason: reason('unconfirmed') } as const
  assert.equal(cellText(state('a/x', fresh), null), 'waiting')
  const until = Date.UTC(2026, 0, 1, 6)
  assert.equal(cellText(state('a/x', { status: 'maintenance' }), until), `until ${time(until)}`)
})
