import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ask } from '../../test/support/http-client.ts'
import { apiKey, settings, startAdmin } from '../../test/support/http-monitor.ts'
import { UnknownNameError } from '../lib/errors.ts'
import type { TraceSwitch } from './trace-routes.ts'

const headers = { host: 'localhost' }

/** A switch that notes what is asked of it. */
function aSwitch(): TraceSwitch & { calls: unknown[] } {
  const calls: unknown[] = []
  return {
    calls,
    logged: [{ endpoint: 'aetna/login', until: null }],
    start(endpoint, ms) {
      if (endpoint === 'nobody/nothing') throw new UnknownNameError('unknown')
      calls.push(['start', endpoint, ms])
      return { endpoint, until: Date.UTC(2026, 0, 1) + ms }
    },
    stop: (endpoint) => void calls.push(['stop', endpoint]),
  }
}

test('it is switched on for the time that is asked, else for a quarter of an hour', async (t) => {
  const traces = aSwitch()
  const { port } = await startAdmin(t, { traces })
  const start = (query: string) => ask(port, { method: 'POST', path: `/-/trace?${query}`, headers })

  const answer = await start('endpoint=Aetna%2FLogin&for=1h30m')
  await start('endpoint=aetna/login')

  const until = '2026-01-01T01:30:00.000Z'
  assert.deepEqual(JSON.parse(answer.text), { endpoint: 'aetna/login', until })
  assert.deepEqual(traces.calls, [
    ['start', 'aetna/login', 5_400_000],
    ['start', 'aetna/login', 900_000],
  ])
})

test('it is listed, and switched off for one or for all', async (t) => {
  const traces = aSwitch()
  const { port } = await startAdmin(t, { traces })
  const answers = [
    await ask(port, { path: '/-/trace', headers }),
    await ask(port, { method: 'DELETE', path: '/-/trace?endpoint=aetna/login', headers }),
    await ask(port, { method: 'DELETE', path: '/-/trace', headers }),
  ]

  for (const { text } of answers)
    assert.deepEqual(JSON.parse(text), { items: [{ endpoint: 'aetna/login', until: null }] })
  assert.deepEqual(traces.calls, [
    ['stop', 'aetna/login'],
    ['stop', undefined],
  ])
})

test('what is not as expected is refused, and quoted nowhere', async (t) => {
  const traces = aSwitch()
  const { port } = await startAdmin(t, { traces })
  const start = (query: string) => ask(port, { method: 'POST', path: `/-/trace?${query}`, headers })

  for (const [query, status] of [
    ['', 400],
    ['endpoint=a/b&for=0s', 400],
    ['endpoint=a/b&for=25h', 400],
    ['endpoint=a/b&for=CANARY', 400],
    ['endpoint=a/b&form=15m', 400],
    ['endpoint=nobody/nothing', 404],
  ] as const) {
    const answer = await start(query)
    assert.equal(answer.status, status, query)
    assert.ok(!answer.text.includes('CANARY'), answer.text)
  }
  assert.match((await start('endpoint=a/b&for=soon')).text, /query for: expected a duration/)
  assert.deepEqual(traces.calls, [])
})

test('through a proxy it needs a key with the scope admin', async (t) => {
  const keys = [apiKey('root', ['admin']), apiKey('prober', ['probe'])]
  const { port } = await startAdmin(t, { traces: aSwitch(), settings: settings({ keys }) })
  const proxied = { ...headers, 'x-forwarded-for': '192.0.2.1' }
  const statusWith = async (method: string, more: Record<string, string> = {}) =>
    (await ask(port, { method, path: '/-/trace', headers: { ...proxied, ...more } })).status

  for (const method of ['GET', 'DELETE']) {
    assert.equal(await statusWith(method), 401)
    assert.equal(await statusWith(method, { authorization: 'Bearer prober' }), 403)
    assert.equal(await statusWith(method, { authorization: 'Bearer root' }), 200)
  }
})
