import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makeMetrics, samples, workerMetrics } from '../../test/support/make-metrics.ts'
import { GatewayMetrics } from './gateway-metrics.ts'
import { newHubCounters } from './hub-counters.ts'
import { LastingMetrics } from './worker-metrics.ts'

test('the workers’ metrics are merged in, but not what the whole process has once', async (t) => {
  const { metrics } = makeMetrics(t)
  metrics.answered({ route: '/health', method: 'GET', status: 200 })

  const text = await metrics.text({ ask: workerMetrics })

  assert.ok(text.includes('payer_status_scheduler_due_total 7\n'))
  assert.ok(
    text.includes(
      'payer_status_http_requests_total{route="/health",method="GET",status="200"} 1\n',
    ),
  )
  assert.match(text, /payer_status_build_info\{version="1\.2\.3",node_version="[\d.]+"\} 1\n/)
  assert.equal(samples(text, 'process_start_time_seconds').length, 1)
  const [fds = ''] = samples(text, 'process_open_fds')
  assert.ok(Number(fds.split(' ')[1]) < 1e9)
})

test('several workers may each hand in a list', async (t) => {
  const { metrics } = makeMetrics(t)

  const text = await metrics.text({
    ask: async () => [await workerMetrics(), await workerMetrics()],
  })

  assert.ok(text.includes('payer_status_scheduler_due_total 14\n'))
})

test('a worker that does not answer costs a second and its own metrics, nothing else', async (t) => {
  const { metrics, clock, log } = makeMetrics(t)

  const scrape = metrics.text({ ask: () => new Promise(() => {}) })
  await clock.advance(1_000)

  assert.ok((await scrape).includes('payer_status_metrics_workers_missing_total 1\n'))
  assert.deepEqual(
    log.lines.map(({ level, code }) => [level, code]),
    [['warn', 'late']],
  )
  assert.equal(clock.waiting, 0)
})

test('a worker that fails or answers nonsense costs its own metrics, nothing else', async (t) => {
  const { metrics } = makeMetrics(t)
  const nonsense: object[][] = [
    [{}],
    [{ name: 'x' }],
    [{ name: 'x', values: [{}] }],
    [{ name: 'x', values: [], aggregator: 'evil' }],
  ]

  assert.ok(
    (await metrics.text({ ask: () => Promise.reject(new Error('gone')) })).includes(
      'payer_status_build_info',
    ),
  )
  for (const answer of nonsense)
    assert.ok((await metrics.text({ ask: async () => answer })).includes('payer_status_build_info'))
})

test('one worker that is late does not cost the others theirs, and is stood for by what it told before', async (t) => {
  const { metrics, clock } = makeMetrics(t)
  const known = await workerMetrics()

  const scrape = metrics.text(
    { ask: workerMetrics },
    { ask: () => new Promise(() => {}), known: () => known },
  )
  await clock.advance(1_000)

  const text = await scrape
  assert.ok(text.includes('payer_status_scheduler_due_total 14\n'))
  assert.ok(text.includes('payer_status_metrics_workers_missing_total 1\n'))
})

test('threads that serve clients are added up; of their lag the longest is shown', async (t) => {
  const { metrics, hub } = makeMetrics(t)
  const theirs = newHubCounters()
  const gateway = new GatewayMetrics(() => theirs)
  t.after(() => gateway[Symbol.dispose]())
  hub.connections.v2 = 2
  theirs.connections.v2 = 3
  hub.tickSeconds.observe(0.2)
  theirs.tickSeconds.observe(0.2)
  const answer = { route: '/health', method: 'GET', status: 200 }
  metrics.answered(answer)
  gateway.answered(answer)
  const lag = { name: 'payer_status_eventloop_lag_seconds', aggregator: 'max', type: 'gauge' }
  const slow = { ...lag, help: '', values: [{ labels: { stat: 'max' }, value: 1_234 }] }

  const text = await metrics.text({ ask: () => gateway.json() }, { ask: async () => [slow] })

  assert.ok(text.includes('payer_status_websocket_connections_active{channel="v2"} 5\n'))
  assert.ok(text.includes('payer_status_fanout_tick_seconds_bucket{le="0.25"} 2\n'))
  assert.ok(text.includes('payer_status_eventloop_lag_seconds{stat="max"} 1234\n'))
  assert.ok(text.includes('payer_status_gateway_threads 3\n'))
  assert.ok(text.includes('payer_status_gateway_restarts_total 1\n'))
  assert.match(text, /payer_status_http_requests_total\{[^}]*\} 2\n/)
})

test('what a thread counted outlives it, what was true of it does not', async (t) => {
  const { metrics } = makeMetrics(t)
  const lasting = new LastingMetrics()
  for (const resumed of [3, 4, 5]) {
    const counters = newHubCounters()
    counters.connections.v2 = 1
    counters.resumes.resumed = resumed
    counters.tickSeconds.observe(0.2)
    using gateway = new GatewayMetrics(() => counters)
    lasting.told(await gateway.json())
    if (resumed < 5) lasting.ended()
  }

  const text = await metrics.text({ ask: async () => lasting.all })

  assert.ok(text.includes('payer_status_websocket_resume_total{outcome="resumed"} 12\n'))
  assert.ok(text.includes('payer_status_websocket_connections_active{channel="v2"} 1\n'))
  assert.ok(text.includes('payer_status_fanout_tick_seconds_bucket{le="0.25"} 3\n'))
  assert.ok(text.includes('payer_status_fanout_tick_seconds_count 3\n'))
})

test('what a thread tells of itself can be sent to another', async () => {
  using gateway = new GatewayMetrics(newHubCounters)

  const metrics = await gateway.json()

  assert.deepEqual(structuredClone(metrics), metrics)
})
