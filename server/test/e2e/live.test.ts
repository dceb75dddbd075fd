import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Incident, Payer } from '@payer-status/protocol'
import { startSimulator } from '@payer-status/simulator'
import { aMonitor, untilSeen, untilStatus } from '../support/a-monitor.ts'

type Item = { endpoint: string; status: string }

async function aWatchedWorld(payers = 3) {
  const simulator = await startSimulator({ payers, scripted: false })
  const monitor = await aMonitor(simulator.configYaml({ interval: '1s' }))
  const endpoints = simulator.payers.flatMap((payer) => payer.endpoints.map(({ id }) => id))
  return {
    simulator,
    monitor,
    endpoints,
    first: endpoints[0]!,
    async [Symbol.asyncDispose]() {
      await monitor[Symbol.asyncDispose]()
      await simulator[Symbol.asyncDispose]()
    },
  }
}

test('an outage is pushed as it happens, becomes an incident, and both end with the recovery', async () => {
  await using world = await aWatchedWorld()
  const { simulator, monitor, first } = world
  await untilStatus(monitor, first, 'operational')

  await simulator.force(first, { kind: 'status', status: 500 })
  const state = await untilStatus(monitor, first, 'down')
  const opened = await untilSeen(monitor, ({ incidents }) =>
    incidents.find(({ endpoints }) => endpoints.includes(first)),
  )
  await simulator.clear(first)
  await untilStatus(monitor, first, 'operational')
  const { items } = await monitor.get<{ items: Incident[] }>('/api/v1/incidents?open=false')

  assert.equal(state.reason?.kind, 'http_5xx')
  assert.equal(state.result?.statusCode, 500)
  assert.deepEqual(state.advice, { action: 'hold' })
  assert.equal(opened.openedAt, state.since)
  assert.equal(items.find(({ id }) => id === opened.id)?.status, 'resolved')
})

test('every endpoint of a healthy world becomes operational, and so do its payers', async () => {
  await using world = await aWatchedWorld()
  const { monitor, endpoints } = world
  for (const endpoint of endpoints) await untilStatus(monitor, endpoint, 'operational')

  const payers = await monitor.get<{ items: Payer[] }>('/api/v1/payers')
  const states = await monitor.get<{ items: Item[] }>('/api/v1/endpoints')

  assert.equal(states.items.length, endpoints.length)
  assert.deepEqual([...new Set(states.items.map(({ status }) => status))], ['operational'])
  assert.deepEqual([...new Set(payers.items.map(({ status }) => status))], ['operational'])
})

test('a refused port is the payer’s outage while others answer', async () => {
  await using world = await aWatchedWorld()
  const { simulator, monitor, first } = world
  await untilStatus(monitor, first, 'operational')

  await simulator.force(first, { kind: 'refuse' })
  const state = await untilStatus(monitor, first, 'down')

  assert.equal(state.reason?.kind, 'connect')
  assert.deepEqual(state.reason?.codes, ['connect.refused'])
})

test('a maintenance page with 503 and Retry-After is maintenance, not an outage', async () => {
  await using world = await aWatchedWorld()
  const { simulator, monitor, first } = world
  await untilStatus(monitor, first, 'operational')

  await simulator.force(first, { kind: 'maintenance_503' })
  const state = await untilStatus(monitor, first, 'maintenance')

  assert.equal(state.reason?.kind, 'maintenance')
})

test('a probe that is asked for answers with its result', async () => {
  await using world = await aWatchedWorld()
  const { monitor, first } = world
  await untilStatus(monitor, first, 'operational')

  const answers = await Promise.all(
    [1, 2].map(() =>
      fetch(`${monitor.app.url}/api/v1/endpoints/${first}/probe`, { method: 'POST' }),
    ),
  )

  for (const answer of answers) assert.ok([200, 429].includes(answer.status), String(answer.status))
})
