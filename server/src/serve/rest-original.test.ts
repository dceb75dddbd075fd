import assert from 'node:assert/strict'
import { test } from 'node:test'
import { boardWith, endpointRecord, payerRecord } from '../../test/support/board-with.ts'
import { aResult } from '../../test/support/builders.ts'
import { startHttp } from '../../test/support/http-monitor.ts'

test('health is the original’s shape with version, uptime and time', async (t) => {
  const { url } = await startHttp(t)

  const response = await fetch(`${url}/health`)

  assert.equal(response.status, 200)
  assert.deepEqual(await response.json(), {
    status: 'healthy',
    service: 'payer-status-monitor',
    version: '1.2.3',
    uptimeSeconds: 90,
    timestamp: '2026-01-01T00:00:00.000Z',
  })
})

test('a wall clock that was set back does not make the uptime negative', async (t) => {
  const { url, clock } = await startHttp(t)
  clock.jump(-3_600_000)

  const health = (await (await fetch(`${url}/health`)).json()) as { uptimeSeconds: number }

  assert.equal(health.uptimeSeconds, 0)
})

test('liveness stays green while readiness is red and says why', async (t) => {
  const { url } = await startHttp(t, { readiness: () => ({ ready: false, reasons: ['draining'] }) })

  const live = await fetch(`${url}/livez`)
  const ready = await fetch(`${url}/readyz`)

  assert.equal(live.status, 200)
  assert.equal(ready.status, 503)
  assert.deepEqual(await ready.json(), { ready: false, reasons: ['draining'] })
})

test('status is the original’s flat list in its own words', async (t) => {
  const board = boardWith([
    payerRecord('a', { name: 'Aaa' }),
    endpointRecord('a/e1', { payerName: 'Aaa', type: 'login' }),
    endpointRecord('a/e2', {
      payerName: 'Aaa',
      status: 'degraded',
      result: aResult({ latencyMs: 2_000.6 }),
    }),
    endpointRecord('a/e3', {
      payerName: 'Aaa',
      status: 'down',
      result: aResult({ statusCode: null }),
    }),
    endpointRecord('a/e4', { payerName: 'Aaa', status: 'maintenance' }),
    endpointRecord('a/e5', { payerName: 'Aaa', status: 'unknown', result: null }),
  ])
  const { url } = await startHttp(t, { board })
  const last_check = '2026-01-01T00:00:00.000Z'

  const list = await (await fetch(`${url}/status`)).json()

  assert.deepEqual(list, [
    {
      payer: 'Aaa',
      type: 'login',
      status: 'healthy',
      last_check,
      latency_ms: 120,
      status_code: 200,
    },
    {
      payer: 'Aaa',
      type: 'e2',
      status: 'degraded',
      last_check,
      latency_ms: 2001,
      status_code: 200,
    },
    { payer: 'Aaa', type: 'e3', status: 'unhealthy', last_check, latency_ms: 120, status_code: 0 },
    {
      payer: 'Aaa',
      type: 'e4',
      status: 'maintenance',
      last_check,
      latency_ms: 120,
      status_code: 200,
    },
    {
      payer: 'Aaa',
      type: 'e5',
      status: 'unknown',
      last_check: null,
      latency_ms: null,
      status_code: 0,
    },
  ])
})

test('status is filtered by payer and type in the query, and by payer in the path', async (t) => {
  const { url } = await startHttp(t)
  const types = async (path: string) => {
    const list = (await (await fetch(url + path)).json()) as { payer: string; type: string }[]
    return list.map(({ payer, type }) => `${payer} ${type}`)
  }

  assert.deepEqual(await types('/status?payer=aetna'), ['Aetna eligibility', 'Aetna login'])
  assert.deepEqual(await types('/status?type=eligibility'), [
    'Aetna eligibility',
    'Cigna eligibility',
  ])
  assert.deepEqual(await types('/status?payer=Aetna&type=login'), ['Aetna login'])
  assert.deepEqual(await types('/status/60054'), ['Aetna eligibility', 'Aetna login'])
})

test('the catalogue has the original’s keys, with display names', async (t) => {
  const { url } = await startHttp(t)

  const config = await (await fetch(`${url}/api/config`)).json()

  assert.deepEqual(config, {
    payers: ['Aetna', 'Cigna'],
    types: ['eligibility', 'login'],
    total_payers: 2,
    total_endpoints: 3,
  })
})

test('a monitor that watches nothing yet answers empty lists', async (t) => {
  const { url } = await startHttp(t, { board: boardWith([]) })

  assert.deepEqual(await (await fetch(`${url}/status`)).json(), [])
  for (const list of ['payers', 'endpoints', 'incidents'])
    assert.deepEqual(await (await fetch(`${url}/api/v1/${list}`)).json(), { items: [], next: null })
})
