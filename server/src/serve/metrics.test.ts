import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { endpointRecord } from '../../test/support/board-with.ts'
import { aResult, aServerError } from '../../test/support/builders.ts'
import { makeMetrics, samples, workerMetrics } from '../../test/support/make-metrics.ts'
import type { EndpointState } from '../model.ts'

function stateOf(id: string, parts: Partial<EndpointState> = {}): EndpointState {
  return endpointRecord(id, parts).value as EndpointState
}

test('probes are counted and timed by type and outcome, failures by kind', async (t) => {
  const { metrics } = makeMetrics(t)

  metrics.observeResult(aResult({ latencyMs: 120 }), 'login')
  metrics.observeResult(aServerError({ latencyMs: 3_000 }), 'login')

  const text = await metrics.text()
  assert.deepEqual(samples(text, 'payer_status_probe_total'), [
    'payer_status_probe_total{type="login",outcome="success"} 1',
    'payer_status_probe_total{type="login",outcome="failure"} 1',
  ])
  assert.deepEqual(samples(text, 'payer_status_probe_failures_total'), [
    'payer_status_probe_failures_total{kind="http_5xx"} 1',
  ])
  assert.match(
    text,
    /payer_status_probe_duration_seconds_sum\{type="login",outcome="success"\} 0\.12\n/,
  )
  assert.match(
    text,
    /payer_status_probe_duration_seconds_bucket\{le="5",type="login",outcome="failure"\} 1\n/,
  )
})

test('types beyond the hundredth share a series', async (t) => {
  const { metrics } = makeMetrics(t)

  for (let i = 0; i < 150; i++) metrics.observeResult(aResult(), `type-${i}`)

  const series = samples(await metrics.text(), 'payer_status_probe_total')
  assert.equal(series.length, 101)
  assert.ok(series.includes('payer_status_probe_total{type="other",outcome="success"} 50'))
})

test('an endpoint has one status series, which ends with the endpoint', async (t) => {
  const { metrics } = makeMetrics(t)
  metrics.observeState('a/login', stateOf('a/login'))
  metrics.observeState('a/login', stateOf('a/login', { status: 'down' }))
  metrics.observeState('a/api', stateOf('a/api', { status: 'unknown' }))

  const before = samples(await metrics.text(), 'payer_status_endpoint_status')
  metrics.observeState('a/login', null)
  const after = samples(await metrics.text(), 'payer_status_endpoint_status')

  assert.deepEqual(before, [
    'payer_status_endpoint_status{payer="a",type="login",endpoint="a/login"} 4',
    'payer_status_endpoint_status{payer="a",type="api",endpoint="a/api"} 0',
  ])
  assert.deepEqual(after, ['payer_status_endpoint_status{payer="a",type="api",endpoint="a/api"} 0'])
})

test('endpoints beyond the cap are counted as dropped', async (t) => {
  const { metrics } = makeMetrics(t, 2)

  for (const id of ['a/1', 'a/2', 'a/3', 'a/3', 'a/4']) metrics.observeState(id, stateOf(id))

  const text = await metrics.text()
  assert.equal(samples(text, 'payer_status_endpoint_status').length, 2)
  assert.deepEqual(samples(text, 'payer_status_metrics_series_dropped_total'), [
    'payer_status_metrics_series_dropped_total 2',
  ])
})

test('a name that tries to leave its label stays in it', async (t) => {
  const { metrics } = makeMetrics(t)

  metrics.observeResult(aResult(), 'a"} 1\nevil 1 #')

  const text = await metrics.text()
  assert.doesNotMatch(text, /^evil/m)
})

test('the hub’s figures are read at every scrape', async (t) => {
  const { metrics, hub } = makeMetrics(t)
  hub.connections.v2 = 3
  hub.messagesSent.v1 = 9
  hub.closes.set('4101:server', 2)
  hub.handshakes.set('accepted', 5)
  for (const seconds of [0.0005, 0.2, 7]) hub.tickSeconds.observe(seconds)
  await metrics.text()
  hub.messagesSent.v1 = 10

  const text = await metrics.text()

  assert.ok(text.includes('payer_status_websocket_connections_active{channel="v2"} 3\n'))
  assert.ok(text.includes('payer_status_websocket_messages_sent_total{channel="v1"} 10\n'))
  assert.ok(
    text.includes('payer_status_websocket_closes_total{code="4101",initiator="server"} 2\n'),
  )
  assert.ok(text.includes('payer_status_websocket_handshakes_total{outcome="accepted"} 5\n'))
  assert.ok(text.includes('payer_status_fanout_tick_seconds_bucket{le="0.0005"} 1\n'))
  assert.ok(text.includes('payer_status_fanout_tick_seconds_bucket{le="0.25"} 2\n'))
  assert.ok(text.includes('payer_status_fanout_tick_seconds_bucket{le="+Inf"} 3\n'))
  assert.ok(text.includes('payer_status_fanout_tick_seconds_count 3\n'))
  assert.ok(text.includes('payer_status_incidents_open 2\n'))
})

test('reloads are counted, and the last one is seen with the time of what is in force', async (t) => {
  const { metrics, clock } = makeMetrics(t)
  const started = clock.now() / 1_000
  await clock.advance(60_000)

  metrics.reloaded(false)

  const text = await metrics.text()
  assert.ok(text.includes('payer_status_config_reload_total{outcome="success"} 1\n'))
  assert.ok(text.includes('payer_status_config_reload_total{outcome="failure"} 1\n'))
  assert.ok(text.includes('payer_status_config_last_reload_successful 0\n'))
  assert.ok(text.includes(`payer_status_config_last_reload_timestamp_seconds ${started}\n`))

  metrics.reloaded(true)
  assert.ok(
    (await metrics.text()).includes(
      `payer_status_config_last_reload_timestamp_seconds ${started + 60}\n`,
    ),
  )
})

test('promtool finds nothing to complain about', async (t) => {
  if (spawnSync('promtool', ['--version']).error) {
    t.skip('not run: needs promtool')
    return
  }
  const { metrics, hub } = makeMetrics(t)
  metrics.observeResult(aServerError(), 'login')
  metrics.observeState('a/login', stateOf('a/login'))
  metrics.answered({ route: '/health', method: 'GET', status: 200 })
  hub.closes.set('1006:client', 1)
  hub.handshakes.set('accepted', 1)

  for (const text of [await metrics.text(), await metrics.text({ ask: workerMetrics })]) {
    const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], {
      input: text,
      encoding: 'utf8',
    })
    assert.equal(status, 0, stdout + stderr)
    assert.equal(stdout + stderr, '')
  }
})
