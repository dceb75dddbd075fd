import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { boardWith, endpointRecord, payerRecord } from '../../test/support/board-with.ts'
import { aResult } from '../../test/support/builders.ts'
import { ask } from '../../test/support/http-client.ts'
import { apiKey, busWith, settings, startHttp } from '../../test/support/http-monitor.ts'
import { BusyError, UnknownNameError } from '../lib/errors.ts'
import type { Command } from '../ports.ts'
import { Problem } from './problem.ts'

const path = '/api/v1/endpoints/aetna/login/probe'
const host = { host: 'localhost' }
const proxied = { ...host, 'x-forwarded-for': '192.0.2.1' }
const keys = [apiKey('prober', ['probe']), apiKey('writer', ['write'])]

test('probe-now asks the endpoint’s owner and answers with the result', async (t) => {
  const asked: Command[] = []
  const probe = async (command: Command<'probe'>) => {
    asked.push(command)
    return aResult({ endpoint: command.endpoint, probe: 'p-7', latencyMs: 12.34 })
  }
  const { port } = await startHttp(t, { bus: busWith({ probe }) })

  const answer = await ask(port, {
    method: 'POST',
    path: path.replace('aetna', 'AETNA'),
    headers: host,
  })

  assert.equal(answer.status, 200)
  assert.deepEqual(asked, [{ command: 'probe', endpoint: 'aetna/login', patience: 60_000 }])
  const { probe: id, verdict, result } = JSON.parse(answer.text)
  assert.deepEqual([id, verdict, result.latencyMs], ['p-7', 'up', 12.3])
})

test('through a proxy probe-now needs a key with the scope', async (t) => {
  const { port } = await startHttp(t, { settings: settings({ keys }) })
  const statusWith = async (authorization?: string) => {
    const headers = { ...proxied, ...(authorization !== undefined && { authorization }) }
    const answer = await ask(port, { method: 'POST', path, headers })
    return [answer.status, answer.headers['www-authenticate']]
  }

  assert.deepEqual(await statusWith(), [401, 'Bearer'])
  assert.deepEqual(await statusWith('Bearer nobody'), [401, 'Bearer error="invalid_token"'])
  assert.deepEqual(await statusWith('Bearer writer'), [
    403,
    'Bearer error="insufficient_scope", scope="probe"',
  ])
  assert.deepEqual(await statusWith('Bearer prober'), [200, undefined])
})

test('a caller without a key learns nothing of which endpoints there are', async (t) => {
  const { port } = await startHttp(t, { settings: settings({ keys }) })

  const known = await ask(port, { method: 'POST', path, headers: proxied })
  const unknown = await ask(port, {
    method: 'POST',
    path: '/api/v1/endpoints/a/b/probe',
    headers: proxied,
  })

  assert.deepEqual([known.status, unknown.status], [401, 401])
})

test('after ten wrong keys the address has to wait', async (t) => {
  const { port } = await startHttp(t, { settings: settings({ keys }) })
  const wrong = { method: 'POST', path, headers: { ...host, authorization: 'Bearer wrong' } }
  for (let i = 0; i < 10; i++) assert.equal((await ask(port, wrong)).status, 401)

  const limited = await ask(port, wrong)

  assert.deepEqual([limited.status, limited.headers['retry-after']], [429, '60'])
})

test('an endpoint nobody knows or owns is 404', async (t) => {
  const probe = async () => {
    throw new UnknownNameError('nobody probes aetna/login', ['aetna/eligibility'])
  }
  const { port } = await startHttp(t, { bus: busWith({ probe }) })

  const unknown = await ask(port, {
    method: 'POST',
    path: '/api/v1/endpoints/aetna/logon/probe',
    headers: host,
  })
  const unowned = await ask(port, { method: 'POST', path, headers: host })

  assert.deepEqual(Problem.parse(JSON.parse(unknown.text)).near, ['aetna/login'])
  assert.deepEqual(Problem.parse(JSON.parse(unowned.text)).near, ['aetna/eligibility'])
  assert.deepEqual([unknown.status, unowned.status], [404, 404])
})

test('a spent budget is 429 and says when to come back', async (t) => {
  const patience: unknown[] = []
  const probe = async (command: Command<'probe'>) => {
    patience.push(command.patience)
    throw new BusyError('its host is asked as often as it may be', 90_500)
  }
  const { port } = await startHttp(t, { bus: busWith({ probe }) })

  const answer = await ask(port, { method: 'POST', path, headers: host })

  const { code, detail, retryAfterMs } = Problem.parse(JSON.parse(answer.text))
  assert.deepEqual([answer.status, code], [429, 'rate_limited'])
  assert.equal(answer.headers['retry-after'], '91')
  assert.equal(detail, 'its host is asked as often as it may be; ask again in 91 s')
  assert.equal(retryAfterMs, 90_500)
  assert.deepEqual(patience, [60_000])
})

test('a probe without a result within a minute is 504', async (t) => {
  const { promise: asked, resolve } = Promise.withResolvers<void>()
  const probe = () => {
    resolve()
    return new Promise<never>(() => {})
  }
  const { port, clock } = await startHttp(t, { bus: busWith({ probe }) })

  const answer = ask(port, { method: 'POST', path, headers: host })
  await asked
  await clock.advance(60_000)

  assert.equal((await answer).status, 504)
  assert.equal(clock.waiting, 0)
})

test('bodies that are too large, not JSON, or poisoned are refused before anything is asked', async (t) => {
  const asked: Command[] = []
  const probe = async (command: Command<'probe'>) => {
    asked.push(command)
    return aResult()
  }
  const { port } = await startHttp(t, {
    bus: busWith({ probe }),
    settings: settings({ bodyBytes: 100 }),
  })
  const post = async (body: string, type = 'application/json') => {
    const headers = { ...host, 'content-type': type, 'content-length': body.length }
    const { status, text } = await ask(port, { method: 'POST', path, headers, body })
    return [status, Problem.parse(JSON.parse(text)).code]
  }

  assert.deepEqual(await post(`"${'x'.repeat(200)}"`), [413, 'too_large'])
  assert.deepEqual(await post('{"a":'), [400, 'invalid_request'])
  assert.deepEqual(await post('{"__proto__":{}}'), [400, 'invalid_request'])
  assert.deepEqual(await post('{"constructor":{"prototype":{}}}'), [400, 'invalid_request'])
  assert.deepEqual(await post('x', 'text/plain'), [415, 'unsupported_media_type'])
  assert.deepEqual(await post('a=b', 'application/x-www-form-urlencoded'), [
    415,
    'unsupported_media_type',
  ])
  assert.deepEqual(asked, [])
})

test('a client that leaves while its probe runs leaves no timer behind', async (t) => {
  const { promise: result, resolve } = Promise.withResolvers<ReturnType<typeof aResult>>()
  const { port, clock, app } = await startHttp(t, { bus: busWith({ probe: () => result }) })
  const controller = new AbortController()
  const received = once(app.server, 'request')
  const answer = fetch(`http://127.0.0.1:${port}${path}`, {
    method: 'POST',
    signal: controller.signal,
  })
  await received

  controller.abort()
  await assert.rejects(answer, { name: 'AbortError' })
  resolve(aResult())
  await clock.advance(0)

  assert.equal(clock.waiting, 0)
})

test('an endpoint that is listed but cannot be probed says why', async (t) => {
  const reason = { kind: 'not_probeable' as const, codes: [], message: 'it has no address' }
  const board = boardWith([
    payerRecord('aetna', { name: 'Aetna' }),
    endpointRecord('aetna/api', { status: 'unknown', reason, result: null }),
  ])
  const { port } = await startHttp(t, { board })

  const answer = await ask(port, {
    method: 'POST',
    path: '/api/v1/endpoints/aetna/api/probe',
    headers: host,
  })

  assert.equal(answer.status, 409)
  assert.match(answer.text, /this cannot be probed: it has no address/)
})
