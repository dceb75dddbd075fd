import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ask, askRaw } from '../../test/support/http-client.ts'
import { settings, startHttp } from '../../test/support/http-monitor.ts'
import { Problem } from './problem.ts'

const host = { host: 'localhost' }

async function problemAt(port: number, path: string, method = 'GET') {
  const answer = await ask(port, { path, method, headers: host })
  assert.equal(answer.headers['content-type'], 'application/problem+json; charset=utf-8')
  const problem = Problem.parse(JSON.parse(answer.text))
  assert.equal(problem.status, answer.status)
  assert.equal(problem.requestId, answer.headers['x-request-id'])
  return { ...problem, headers: answer.headers }
}

test('an unknown payer or endpoint is 404 with the closest names', async (t) => {
  const { port } = await startHttp(t)

  const payer = await problemAt(port, '/api/v1/payers/aetnna')
  const original = await problemAt(port, '/status/cigma')
  const endpoint = await problemAt(port, '/api/v1/endpoints/aetna/logn')

  assert.deepEqual([payer.status, payer.code, payer.near], [404, 'unknown_name', ['aetna']])
  assert.deepEqual(original.near, ['cigna'])
  assert.deepEqual(endpoint.near, ['aetna/login'])
})

test('an unknown name in a query is 400 with the closest names', async (t) => {
  const { port } = await startHttp(t)

  const payer = await problemAt(port, '/api/v1/endpoints?payer=aetna,cignaa')
  const type = await problemAt(port, '/status?type=eligibilty')
  const endpoint = await problemAt(port, '/api/v1/endpoints?endpoint=aetna/logim')
  const incident = await problemAt(port, '/api/v1/incidents?payer=zzzzzzzzzz')

  assert.deepEqual([payer.status, payer.code, payer.near], [400, 'unknown_name', ['cigna']])
  assert.deepEqual(type.near, ['eligibility'])
  assert.deepEqual(endpoint.near, ['aetna/login'])
  assert.equal(incident.near, undefined)
})

test('every bad value of a query is named with what was expected, and none is echoed', async (t) => {
  const { port } = await startHttp(t)

  const { code, issues } = await problemAt(
    port,
    '/api/v1/endpoints?limit=s3cret&status=s3cret&s3cret=1',
  )

  assert.equal(code, 'invalid_request')
  assert.deepEqual(issues, [
    'query status: expected one or more of operational, degraded, down, maintenance, unknown',
    'query limit: expected a whole number from 1 to 1000',
    'query: unknown parameter; expected payer, type, endpoint, status, limit, cursor',
  ])
})

test('limits out of range, foreign cursors and flags that are none are 400', async (t) => {
  const { port } = await startHttp(t)
  const cursor = Buffer.from('payers:aetna').toString('base64url')
  const bad = [
    'limit=0',
    'limit=-1',
    'limit=1001',
    'limit=1.5',
    'limit=',
    'limit=1&limit=2',
    'limit=NaN',
    'cursor=',
    'cursor=x',
    `cursor=${cursor}`,
    `cursor=${cursor}=`,
    `cursor=${'a'.repeat(3_000)}`,
    'open=yes',
    'open=true&open=false',
    '__proto__=1',
    `payer=${'a,'.repeat(101)}`,
  ]

  for (const query of bad) {
    const { status, code } = await problemAt(port, `/api/v1/incidents?${query}`)
    assert.deepEqual([status, code], [400, 'invalid_request'], query)
  }
})

test('nothing is where nothing is, and a wrong method is told which ones are right', async (t) => {
  const { port } = await startHttp(t)

  assert.equal((await problemAt(port, '/nothing')).code, 'not_found')
  assert.equal((await problemAt(port, '/api/v1/incidents/inc_0')).code, 'not_found')
  for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'PROPFIND']) {
    const problem = await problemAt(port, '/api/v1/payers/aetna', method)
    assert.deepEqual([problem.status, problem.code], [405, 'method_not_allowed'], method)
    assert.equal(problem.headers.allow, 'GET, HEAD')
  }
  assert.equal((await problemAt(port, '/api/v1/endpoints/a/b/probe')).headers.allow, 'POST')
})

test('a WebSocket address without an upgrade says so', async (t) => {
  const { port } = await startHttp(t)

  const problem = await problemAt(port, '/ws')

  assert.deepEqual([problem.status, problem.headers.upgrade], [426, 'websocket'])
})

test('paths that cannot be read and names that are too long are problems', async (t) => {
  const { port } = await startHttp(t)

  assert.equal((await problemAt(port, '/%zz')).code, 'invalid_request')
  assert.equal((await problemAt(port, `/status/${'a'.repeat(201)}`)).code, 'invalid_request')
  assert.equal((await problemAt(port, `/status/${'a'.repeat(4_000)}`)).status, 400)
  assert.equal((await problemAt(port, '/status/%00')).code, 'unknown_name')
  assert.equal((await problemAt(port, '/status/__proto__')).code, 'unknown_name')
  assert.equal((await problemAt(port, '/api/v1/endpoints/aetna/..%2flogin')).code, 'unknown_name')
})

test('a harmless request id is kept and any other replaced', async (t) => {
  const { port } = await startHttp(t)
  const idFor = async (id: string) => {
    const { headers } = await ask(port, {
      path: '/livez',
      headers: { ...host, 'x-request-id': id },
    })
    return headers['x-request-id']
  }

  assert.equal(await idFor('req-1234.A_b'), 'req-1234.A_b')
  for (const id of [
    'short',
    'has space in it',
    '<script>alert(1)</script>',
    'x'.repeat(65),
    'ü2345678',
  ])
    assert.match((await idFor(id)) as string, /^[0-9a-f]{8}-[0-9a-f-]{27}$/)
})

test('HEAD answers as GET does, without a body', async (t) => {
  const { port } = await startHttp(t)

  for (const path of ['/health', '/api/v1/endpoints', '/docs', '/openapi.json', '/', '/events']) {
    const head = await ask(port, { method: 'HEAD', path, headers: host })
    const get = await ask(port, { path, headers: host })
    assert.equal(head.status, 200, path)
    assert.equal(head.headers['content-type'], get.headers['content-type'], path)
    assert.equal(head.text, '')
  }
  assert.equal((await ask(port, { method: 'HEAD', path: '/nothing', headers: host })).status, 404)
})

test('an unexpected error is 500 without its message, and the log has the request id but no message either', async (t) => {
  const board = {
    epoch: 'e',
    rev: 1,
    payers: () => {
      throw new Error('secret payload')
    },
  }
  const { port, log } = await startHttp(t, { board: board as never, names: {} as never })

  const problem = await problemAt(port, '/api/v1/payers')

  assert.equal(problem.code, 'internal')
  const [line] = log.lines
  assert.deepEqual(
    [line?.level, line?.message, line?.session],
    ['error', 'request failed', problem.requestId],
  )
  assert.doesNotMatch(JSON.stringify([problem, log.lines]), /secret payload/)
})

test('headers beyond 16 KB are 431 and text that is no HTTP is 400, both as problems', async (t) => {
  const { port } = await startHttp(t)
  const flood = `GET / HTTP/1.1\r\nHost: localhost\r\n${'x-pad: aaaaaaaaaa\r\n'.repeat(1_200)}\r\n`

  for (const [bytes, status] of [
    [flood, 431],
    ['nonsense\r\n\r\n', 400],
    ['GET / HTTP/1.1\r\n\r\n', 400],
  ] as const) {
    const text = await askRaw(port, bytes)
    assert.match(text, new RegExp(`^HTTP/1.1 ${status} `))
    if (text.includes('problem+json'))
      assert.equal(Problem.parse(JSON.parse(text.split('\r\n\r\n')[1]!)).status, status)
  }
})

test('Node’s limits against slow and oversized requests are set', async (t) => {
  const { app } = await startHttp(t, { settings: settings({}) })
  const { headersTimeout, requestTimeout, keepAliveTimeout, maxHeadersCount, maxConnections } =
    app.server

  assert.deepEqual([headersTimeout, requestTimeout, keepAliveTimeout], [10_000, 30_000, 5_000])
  assert.deepEqual([maxHeadersCount, maxConnections], [64, 1_100])
})

test('no query of any list is ever a server error', async (t) => {
  const { app } = await startHttp(t)
  const key = fc.oneof(
    fc.constantFrom('payer', 'type', 'endpoint', 'status', 'open', 'limit', 'cursor', 'toString'),
    fc.string(),
  )
  const pair = fc.tuple(
    key,
    fc.oneof(fc.string(), fc.constantFrom('aetna', 'down', '1', 'true', '%', '%00', ',')),
  )
  const path = fc.constantFrom(
    '/status',
    '/api/v1/payers',
    '/api/v1/endpoints',
    '/api/v1/incidents',
    '/api/config',
    '/health',
  )

  await fc.assert(
    fc.asyncProperty(
      path,
      fc.array(pair, { maxLength: 5 }),
      fc.boolean(),
      async (at, pairs, encode) => {
        const code = encode ? encodeURIComponent : (text: string) => text.replace(/[^!-~]|#/g, '')
        const query = pairs
          .map(([name, value]) => `${safely(code, name)}=${safely(code, value)}`)
          .join('&')
        const { statusCode } = await app.inject({ url: `${at}?${query}`, headers: host })
        assert.ok(statusCode === 200 || statusCode === 400, `${statusCode}`)
      },
    ),
    { numRuns: 300 },
  )
})

/** Lone surrogates cannot be encoded. */
function safely(code: (text: string) => string, text: string): string {
  return code(text.toWellFormed())
}
