import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ask } from '../../test/support/http-client.ts'
import { settings, startAdmin, startHttp } from '../../test/support/http-monitor.ts'
import type { Answered } from './listener.ts'

const app = 'https://app.example'
const allowing = { settings: settings({ server: { allowedOrigins: [`${app}/`] } }) }

test('a foreign Host gets 421 on every path of both listeners, found or not', async (t) => {
  const { port } = await startHttp(t)
  const admin = await startAdmin(t)
  const headers = { host: 'rebound.example' }

  for (const path of [
    '/',
    '/health',
    '/status',
    '/api/v1/endpoints',
    '/events',
    '/docs',
    '/nothing',
  ])
    assert.equal((await ask(port, { path, headers })).status, 421, path)
  for (const path of ['/metrics', '/livez', '/debug/stats', '/nothing'])
    assert.equal((await ask(admin.port, { path, headers })).status, 421, path)
  const probe = { method: 'POST', path: '/api/v1/endpoints/aetna/login/probe', headers }
  assert.equal((await ask(port, probe)).status, 421)
})

test('a foreign Origin gets 403 and no permission to read', async (t) => {
  const { port } = await startHttp(t, allowing)

  for (const origin of ['null', 'https://evil.example', 'https://app.example.evil']) {
    const answer = await ask(port, { path: '/status', headers: { host: 'localhost', origin } })
    assert.equal(answer.status, 403)
    assert.equal(answer.headers['access-control-allow-origin'], undefined)
    assert.doesNotMatch(answer.text, /evil/)
  }
})

test('an allowed Origin may read, also problems, and every answer varies by Origin', async (t) => {
  const { port } = await startHttp(t, allowing)

  for (const [path, status] of [
    ['/status', 200],
    ['/status/nobody', 404],
  ] as const) {
    const answer = await ask(port, { path, headers: { host: 'localhost', origin: app } })
    assert.equal(answer.status, status)
    assert.equal(answer.headers['access-control-allow-origin'], app)
    assert.equal(answer.headers['access-control-allow-credentials'], undefined)
    assert.equal(answer.headers.vary, 'Origin')
  }
  const own = await ask(port, {
    path: '/status',
    headers: { host: 'localhost', origin: 'http://localhost' },
  })
  assert.equal(own.status, 200)
  assert.equal(own.headers['access-control-allow-origin'], undefined)
  assert.equal(own.headers.vary, 'Origin')
})

test('a preflight is answered for an allowed Origin only', async (t) => {
  const { port } = await startHttp(t, allowing)
  const preflight = (origin: string) =>
    ask(port, {
      method: 'OPTIONS',
      path: '/api/v1/endpoints/aetna/login/probe',
      headers: { host: 'localhost', origin, 'access-control-request-method': 'POST' },
    })

  const allowed = await preflight(app)

  assert.equal(allowed.status, 204)
  assert.equal(allowed.headers['access-control-allow-methods'], 'GET, HEAD, POST, DELETE')
  assert.match(allowed.headers['access-control-allow-headers'] as string, /authorization/)
  assert.equal((await preflight('https://evil.example')).status, 403)
})

test('the operators’ listener takes no foreign Origin, not even one the public listener allows', async (t) => {
  const { port } = await startAdmin(t, allowing)

  const answer = await ask(port, { path: '/metrics', headers: { host: 'localhost', origin: app } })

  assert.equal(answer.status, 403)
})

test('every answer carries the security headers, whatever it is', async (t) => {
  const { port } = await startHttp(t)
  const headers = { host: 'localhost' }

  for (const path of [
    '/',
    '/health',
    '/status',
    '/docs',
    '/docs/style.css',
    '/nothing',
    '/%zz',
    '/ws',
    '/events',
  ]) {
    const answer = await ask(port, { path, headers })
    const csp = answer.headers['content-security-policy'] as string
    assert.match(csp, /^default-src 'self';.*frame-ancestors 'none'$/, path)
    assert.doesNotMatch(csp, /unsafe|\*/)
    assert.equal(answer.headers['x-content-type-options'], 'nosniff', path)
    assert.equal(answer.headers['referrer-policy'], 'no-referrer', path)
    assert.match(answer.headers['x-request-id'] as string, /^[0-9a-f-]{36}$/, path)
  }
})

test('an event stream is handed over with the common headers on it', async (t) => {
  const { port } = await startHttp(t, allowing)

  const answer = await ask(port, {
    path: '/events?payers=x',
    headers: { host: 'localhost', origin: app },
  })

  assert.equal(answer.text, 'event: hello\n\n')
  assert.equal(answer.headers['content-type'], 'text/event-stream')
  assert.equal(answer.headers['access-control-allow-origin'], app)
})

test('answers are counted by route pattern, known method and status, never by path', async (t) => {
  const counted: Answered[] = []
  const { promise: allCounted, resolve } = Promise.withResolvers<void>()
  const answered = (answer: Answered) => {
    if (counted.push(answer) === 5) resolve()
  }
  const { port } = await startHttp(t, { answered })
  const headers = { host: 'localhost' }

  await ask(port, { path: '/status/nobody?x=1', headers })
  await ask(port, { path: '/status/aetna', headers })
  await ask(port, { path: '/no/such/thing', method: 'PROPFIND', headers })
  await ask(port, { path: '/health', headers: { host: 'evil.example' } })
  await ask(port, { path: '/events', headers })
  await allCounted

  assert.deepEqual(counted, [
    { route: '/status/:payer', method: 'GET', status: 404 },
    { route: '/status/:payer', method: 'GET', status: 200 },
    { route: 'unmatched', method: 'other', status: 404 },
    { route: '/health', method: 'GET', status: 421 },
    { route: '/events', method: 'GET', status: 200 },
  ])
})

test('an upgrade to something else than a WebSocket is declined, not refused', async (t) => {
  const { port } = await startHttp(t)
  const headers = { host: 'localhost', connection: 'upgrade', upgrade: 'h2c' }

  assert.equal((await ask(port, { path: '/livez', headers })).status, 200)
})
