import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startSimulator } from '@payer-status/simulator'
import { aMonitor, privately } from '../support/a-monitor.ts'
import { aHouseOfThreads, crashOne, gauge, hubs, untilServing } from '../support/gateway-house.ts'

const CONNECTED = 'payer_status_canary_connected'

test('the canary hears every thread, also one that was started again, and is not among the clients', async () => {
  await using monitor = await aHouseOfThreads(3)
  while ((await gauge(monitor, CONNECTED)) !== 3);
  const before = (await hubs(monitor)).map((hub) => hub?.connections.v2)

  await crashOne(monitor)
  await untilServing(monitor, 3)
  while ((await gauge(monitor, CONNECTED)) !== 3);

  assert.deepEqual(before, [0, 0, 0])
  assert.equal(await gauge(monitor, 'payer_status_canary_failures_total{reason="lost"}'), 1)
  assert.equal(await gauge(monitor, 'payer_status_canary_up'), 1)
  assert.equal(await gauge(monitor, 'payer_status_gateway_restarts_total'), 1)
})

test('results come back to the monitor that pushed them', async () => {
  await using simulator = await startSimulator({ payers: 1, scripted: false })
  const { url } = simulator.payers[0]!.endpoints[0]!
  await using monitor = await aMonitor(privately([{ payer: 'Aetna', type: 'login', url }]))

  while (!((await gauge(monitor, 'payer_status_canary_delivery_seconds_count')) ?? 0));

  assert.equal(await gauge(monitor, CONNECTED), 1)
})

test('where it is not wanted there is none', async () => {
  await using monitor = await aMonitor('version: 1\nhub: { canary: false }\npayers: []\n')

  const metrics = await monitor.metrics()

  assert.doesNotMatch(metrics, /canary/)
  assert.match(metrics, /^payer_status_websocket_subscriptions 0$/m)
  assert.equal(monitor.app.hub.size, 0)
})
