import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { State } from '@payer-status/protocol'
import { startSimulator } from '@payer-status/simulator'
import { aMonitor, untilAll, untilSeen } from '../support/a-monitor.ts'

test('when every host falls silent at once the vantage is offline, and not one payer is down', async () => {
  const simulator = await startSimulator({ payers: 8, scripted: false })
  await using monitor = await aMonitor(simulator.configYaml({ interval: '1s' }))
  const endpoints = simulator.payers.flatMap((payer) => payer.endpoints.map(({ id }) => id))
  await untilAll(monitor, endpoints, 'operational')

  await simulator[Symbol.asyncDispose]()
  const reasons = new Map<string, string | undefined>()
  const seen: string[] = []
  await untilSeen(monitor, (change) => {
    for (const { endpoint, status, reason } of change.endpoints) {
      seen.push(status)
      if (status === 'unknown') reasons.set(endpoint, reason?.kind)
    }
    return reasons.size === endpoints.length ? true : undefined
  })
  const { items } = await monitor.get<{ items: State[] }>('/api/v1/endpoints?limit=1000')
  const incidents = await monitor.get<{ items: unknown[] }>('/api/v1/incidents')

  assert.ok(!seen.includes('down'))
  assert.deepEqual([...new Set(items.map(({ status }) => status))], ['unknown'])
  assert.deepEqual([...new Set(items.map(({ reason }) => reason?.kind))], ['vantage_offline'])
  assert.deepEqual(incidents.items, [])
  assert.match(await monitor.metrics(), /^payer_status_vantage_offline 1$/m)
})

test('a control that answers shows that it is the payers after all', async () => {
  const control = await startSimulator({ payers: 1, scripted: false })
  const simulator = await startSimulator({ payers: 6, scripted: false })
  const yaml = simulator.configYaml({ interval: '1s' })
  const probing = `probing: { control: ["${control.payers[0]!.endpoints[0]!.url}"] }\n`
  await using monitor = await aMonitor(`${yaml}\n${probing}`)
  const endpoints = simulator.payers.flatMap((payer) => payer.endpoints.map(({ id }) => id))
  await untilAll(monitor, endpoints, 'operational')

  await simulator[Symbol.asyncDispose]()
  await untilAll(monitor, endpoints, 'down')

  assert.match(await monitor.metrics(), /^payer_status_vantage_offline 0$/m)
  await control[Symbol.asyncDispose]()
})
