import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type AnswerParts, judged } from '../../test/support/an-answer.ts'
import type { Expect } from '../config/config.ts'
import { expectsRedirect, unmetExpectation } from './expect.ts'

test('without configuration, 200 to 399 is success and nothing else is', () => {
  for (const status of [200, 204, 301, 399]) assert.equal(unmetOf({}, { status }), undefined)

  for (const status of [0, 199, 400, 503, 999])
    assert.equal(unmetOf({}, { status }), `expected status 200-399, got ${status}`)
})

test('a status that is named is success, whatever it is', () => {
  const expect: Expect = {
    status: [
      [200, 200],
      [401, 403],
    ],
  }

  assert.equal(unmetOf(expect, { status: 401 }), undefined)
  assert.equal(unmetOf(expect, { status: 404 }), 'expected status 200, 401-403, got 404')
})

test('the status is held against the configuration before the body', () => {
  const unmet = unmetOf({ body: 'Sign in' }, { status: 500, body: 'oops' })

  assert.equal(unmet, 'expected status 200-399, got 500')
})

test('a body must contain its text, read as UTF-8', () => {
  assert.equal(unmetOf({ body: 'Añadir' }, { body: '<b>Añadir</b>' }), undefined)
  assert.equal(
    unmetOf({ body: 'Sign in' }, { body: 'we are moving' }),
    'expected the body to contain "Sign in"',
  )
})

test('what was seen of a body is never told, but for numbers', () => {
  const body = '{"status":"SECRET-1234","count":3}'

  const text = unmetOf({ json: [['$.status', 'active']] }, { body })
  const number = unmetOf({ json: [['$.count', 4]] }, { body })

  assert.equal(text, 'expected $.status to be "active"')
  assert.equal(number, 'expected $.count to be 4, got 3')
})

test('values are found by path through objects and arrays', () => {
  const body = '{"a":{"b-c":[{"d":null},[1,true]]}}'
  const json: Expect['json'] = [
    ['$.a.b-c[0].d', null],
    ['$.a.b-c[1][1]', true],
  ]

  assert.equal(unmetOf({ json }, { body }), undefined)
})

test('equality is strict', () => {
  const cases: [string, string | number | boolean | null][] = [
    ['{"a":"1"}', 1],
    ['{"a":1}', '1'],
    ['{"a":0}', false],
    ['{"b":1}', null],
    ['{"a":[1]}', 1],
    ['{"a":{}}', null],
  ]

  for (const [body, value] of cases)
    assert.ok(unmetOf({ json: [['$.a', value]] }, { body })?.startsWith('expected $.a to be'), body)
})

test('what an object only inherits is not there', () => {
  const paths = ['$.constructor.name', '$.__proto__.x', '$.a.length', '$[0]']

  for (const path of paths)
    assert.ok(unmetOf({ json: [[path, 'Object']] }, { body: '{"a":"x"}' }), path)
})

test('a body that is not JSON is said to be none', () => {
  for (const body of ['', '<html>', '{"a":', '['.repeat(200_000)])
    assert.equal(unmetOf({ json: [['$.a', 1]] }, { body }), 'expected a JSON body')
})

test('the first unmet value is the one that is named', () => {
  const json: Expect['json'] = [
    ['$.a', 1],
    ['$.b', 1],
    ['$.c', 1],
  ]

  assert.equal(unmetOf({ json }, { body: '{"a":1,"b":2,"c":3}' }), 'expected $.b to be 1, got 2')
})

test('a cut body fails only an expectation that needed more of it', () => {
  const cut = { body: '{"a":1, "Sign in', truncated: true }

  const found = unmetOf({ body: 'Sign in' }, cut)
  const missing = unmetExpectation({ body: 'Log out' }, judged(cut))
  const json = unmetExpectation({ json: [['$.a', 1]] }, judged(cut))

  assert.equal(found, undefined)
  assert.equal(missing?.of, 'size')
  assert.equal(json?.message, 'expected a JSON body, and it is larger than the 16 bytes read')
})

test('a compressed body matters only where the body does', () => {
  const answer = judged({ encoded: true })

  assert.equal(unmetExpectation({}, answer), undefined)
  assert.equal(unmetExpectation({ body: 'x' }, answer)?.of, 'encoding')
})

test('a redirect is what is waited for only where a redirect is named', () => {
  assert.equal(expectsRedirect(302, { status: [[302, 302]] }), true)
  assert.equal(expectsRedirect(302, { status: [[300, 399]] }), true)
  assert.equal(expectsRedirect(302, { status: [[200, 399]] }), false)
  assert.equal(expectsRedirect(302, {}), false)
})

test('any body and any value end in a short message or none', () => {
  const bodies = fc.oneof(fc.json(), fc.string({ unit: 'binary-ascii' }))
  const value = fc.oneof(
    fc.string({ maxLength: 1_000 }),
    fc.double(),
    fc.boolean(),
    fc.constant(null),
  )

  fc.assert(
    fc.property(bodies, value, (body, expected) => {
      const unmet = unmetOf(
        { body: String(expected) || 'x', json: [['$.a[0].b', expected]] },
        { body },
      )

      assert.ok(unmet === undefined || unmet.length <= 300)
    }),
  )
})

function unmetOf(expect: Expect, answer: AnswerParts): string | undefined {
  return unmetExpectation(expect, judged(answer))?.message
}
