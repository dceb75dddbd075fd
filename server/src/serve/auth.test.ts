import assert from 'node:assert/strict'
import type { IncomingMessage } from 'node:http'
import { test } from 'node:test'
import { FakeClock } from '../../test/support/fake-clock.ts'
import { apiKey, memoryLog } from '../../test/support/http-monitor.ts'
import { ApiKeys } from './auth.ts'
import { ProblemError } from './problem.ts'

type Asked = { remote?: string; headers?: Record<string, string> }

function request({ remote = '127.0.0.1', headers = {} }: Asked = {}): IncomingMessage {
  const all = { host: 'localhost:8080', ...headers }
  return { headers: all, url: '/', socket: { remoteAddress: remote } } as unknown as IncomingMessage
}

const bearer = (key: string) => ({ authorization: `Bearer ${key}` })

function apiKeys({
  keys = () => [apiKey('k-probe', ['probe']), apiKey('k-admin', ['admin', 'probe'])],
  loopback = true,
} = {}) {
  const clock = new FakeClock()
  const log = memoryLog()
  return { keys: new ApiKeys({ keys, loopback, clock, log }), clock, log }
}

function problemOf(run: () => void): { code: string; status: string | undefined; detail: string } {
  try {
    run()
  } catch (error) {
    assert.ok(error instanceof ProblemError)
    return {
      code: error.code,
      status: error.extras.headers?.['www-authenticate'],
      detail: error.message,
    }
  }
  assert.fail('the request was let pass')
}

test('without any keys, a request from this machine to a loopback listener passes', () => {
  const { keys } = apiKeys({ keys: () => [] })

  for (const remote of ['127.0.0.1', '::1', '::ffff:127.0.0.1'])
    assert.doesNotThrow(() => keys.demand(request({ remote }), 'admin'))
})

test('without any keys, a listener beyond loopback lets nobody pass', () => {
  const { keys } = apiKeys({ keys: () => [], loopback: false })

  const problem = problemOf(() => keys.demand(request(), 'probe'))

  assert.equal(problem.code, 'unauthenticated')
  assert.match(problem.detail, /none is configured; add one under auth\.api_keys/)
})

test('without any keys, what came through a proxy or from elsewhere does not pass', () => {
  const { keys } = apiKeys({ keys: () => [] })
  const proxied = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via']

  for (const name of proxied)
    assert.equal(
      problemOf(() => keys.demand(request({ headers: { [name]: 'x' } }), 'probe')).code,
      'unauthenticated',
    )
  assert.equal(
    problemOf(() => keys.demand(request({ remote: '192.0.2.1' }), 'probe')).code,
    'unauthenticated',
  )
  assert.equal(
    problemOf(() => keys.demand(request({ headers: { host: 'status.example' } }), 'probe')).code,
    'unauthenticated',
  )
})

test('where keys are configured, loopback still needs none, but a key that is shown must be known', () => {
  const { keys } = apiKeys()

  assert.equal(keys.demand(request(), 'probe'), 'local')
  assert.partialDeepStrictEqual(
    problemOf(() =>
      keys.demand(request({ headers: { authorization: 'Bearer nonsense' } }), 'probe'),
    ),
    { code: 'unauthenticated' },
  )
})

test('a key passes for its own scopes only', () => {
  const { keys } = apiKeys()

  assert.equal(keys.demand(request({ headers: bearer('k-probe') }), 'probe'), 'k-probe')
  assert.equal(keys.demand(request({ headers: bearer('k-admin') }), 'admin'), 'k-admin')
  const problem = problemOf(() => keys.demand(request({ headers: bearer('k-probe') }), 'admin'))
  assert.equal(problem.code, 'forbidden')
  assert.equal(problem.status, 'Bearer error="insufficient_scope", scope="admin"')
})

test('anything but a known key as a bearer token is refused and never repeated', () => {
  const { keys, log } = apiKeys()
  const hostile = [
    '',
    'k-probe',
    'Bearer',
    'Bearer ',
    'Basic k-probe',
    'Bearer k-prob',
    'Bearer k-probe x',
    'Bearer k-probe,k-admin',
  ]

  for (const authorization of hostile) {
    const problem = problemOf(() => keys.demand(request({ headers: { authorization } }), 'probe'))
    assert.equal(problem.code, 'unauthenticated', authorization)
    assert.equal(problem.detail, 'this API key is not known')
  }
  assert.doesNotMatch(JSON.stringify(log.lines), /k-prob/)
})

test('after ten unknown keys an address may not try others until the minute is over', async () => {
  const { keys, clock } = apiKeys()
  const wrong = request({ headers: bearer('wrong') })
  const code = () => problemOf(() => keys.demand(wrong, 'probe')).code
  for (let i = 0; i < 10; i++) code()

  const limited = code()
  await clock.advance(60_000)
  const later = code()

  assert.deepEqual([limited, later], ['rate_limited', 'unauthenticated'])
})

test('ten unknown keys from an address do not lock out who shows a known one there', () => {
  const { keys } = apiKeys()
  const wrong = request({ headers: bearer('wrong') })
  for (let i = 0; i < 10; i++) problemOf(() => keys.demand(wrong, 'probe'))

  const good = request({ headers: bearer('k-probe') })

  assert.doesNotThrow(() => keys.demand(good, 'probe'))
  assert.equal(problemOf(() => keys.demand(good, 'admin')).code, 'forbidden')
})

test('a key that is taken out of the configuration is refused from then on, and a new one passes', () => {
  let configured = [apiKey('k-old', ['probe'])]
  const { keys } = apiKeys({ keys: () => configured })
  const demand = (key: string) => keys.demand(request({ headers: bearer(key) }), 'probe')
  assert.doesNotThrow(() => demand('k-old'))

  configured = [apiKey('k-new', ['probe'])]

  assert.equal(problemOf(() => demand('k-old')).code, 'unauthenticated')
  assert.doesNotThrow(() => demand('k-new'))
})

test('IPv6 addresses of one /64 share their failures', () => {
  const { keys } = apiKeys()
  const fail = (remote: string) =>
    problemOf(() => keys.demand(request({ remote, headers: bearer('wrong') }), 'probe')).code
  for (let i = 0; i < 10; i++) fail(`2001:db8:0:7::${i}`)

  assert.equal(fail('2001:db8:0:7:ffff::1'), 'rate_limited')
  assert.equal(fail('2001:db8:0:8::1'), 'unauthenticated')
})

test('ten thousand failing addresses later the first is forgotten, not the limit', () => {
  const { keys } = apiKeys()
  const fail = (remote: string) =>
    problemOf(() => keys.demand(request({ remote, headers: bearer('wrong') }), 'probe')).code
  for (let i = 0; i < 10; i++) fail('192.0.2.1')
  assert.equal(fail('192.0.2.1'), 'rate_limited')

  for (let i = 0; i < 10_000; i++) fail(`10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`)

  assert.equal(fail('192.0.2.1'), 'unauthenticated')
})
