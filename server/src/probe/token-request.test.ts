import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ProbeError } from './failure.ts'
import { grantIn } from './token-request.ts'

const HOUR = 3_600_000

test('a token lasts as long as its server says, a day at most', () => {
  const cases: [unknown, number][] = [
    [3_600, HOUR],
    ['3600', HOUR],
    [0.5, 500],
    [undefined, 300_000],
    [null, 300_000],
    ['', 300_000],
    ['soon', 300_000],
    [0, 0],
    [-5, 0],
    [1e300, 24 * HOUR],
  ]

  for (const [expires_in, life] of cases)
    assert.deepEqual(grantIn(answer({ access_token: 't', expires_in })), { token: 't', life })
})

test('only a bearer token is one, however it is written', () => {
  for (const token_type of ['bearer', 'Bearer', undefined])
    assert.equal(grantIn(answer({ access_token: 't', token_type })).token, 't')
  for (const token_type of ['mac', 5, null])
    assert.equal(codeOf({ access_token: 't', token_type }), 'token.invalid')
})

test('what is no token is none', () => {
  const hostile = ['', 'a b', 'a\r\nX: y', 'é', 5, null, {}, ['t'], 'x'.repeat(12_289)]
  for (const access_token of hostile)
    assert.equal(codeOf({ access_token }), 'token.invalid', String(access_token).slice(0, 20))
  for (const text of ['', '<html>', '[]', 'null', '"t"', '{"access_token":"t"'])
    assert.equal(codeOf(text), 'token.invalid', text)
})

test('an answer that is cut is none', () => {
  const cut = { ...answer({ access_token: 't' }), truncated: true }

  assert.throws(() => grantIn(cut), { code: 'token.invalid' })
})

test('a refusal is ours to mend; it repeats no word but those of the standard', () => {
  const said = messageOf({ error: 'invalid_client', error_description: 'CANARY' }, 401)
  const unsaid = messageOf({ error: 'CANARY' }, 400)

  assert.equal(said, 'the token server refused our credentials with status 401 (invalid_client)')
  assert.equal(unsaid, 'the token server refused our credentials with status 400')
  for (const status of [400, 401, 403]) assert.equal(codeOf('', status), 'token.refused')
})

test('any other status is the token server’s failure', () => {
  for (const status of [201, 204, 302, 404, 429, 500, 503])
    assert.equal(codeOf({ access_token: 't' }, status), 'token.failed', String(status))
})

test('whatever comes, it is a grant or a failure with a message of ours', () => {
  fc.assert(
    fc.property(fc.json(), fc.integer({ min: 200, max: 599 }), (text, status) => {
      try {
        const { life } = grantIn(answer(text, status))
        assert.ok(life >= 0 && life <= 24 * HOUR)
      } catch (error) {
        assert.ok(error instanceof ProbeError)
        assert.match(error.code, /^token\./)
      }
    }),
  )
})

function answer(content: unknown, status = 200) {
  const text = typeof content === 'string' ? content : JSON.stringify(content)
  return { status, headers: {}, body: Buffer.from(text), truncated: false }
}

function failureOf(content: unknown, status = 200): ProbeError {
  try {
    grantIn(answer(content, status))
  } catch (error) {
    if (error instanceof ProbeError) return error
  }
  throw new Error('no failure')
}

function codeOf(content: unknown, status?: number): string {
  return failureOf(content, status).code
}

function messageOf(content: unknown, status?: number): string {
  return failureOf(content, status).message
}
