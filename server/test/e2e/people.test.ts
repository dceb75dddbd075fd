import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Incident, State } from '@payer-status/protocol'
import { startSimulator } from '@payer-status/simulator'
import { untilSeen, untilStatus } from '../support/a-monitor.ts'
import { aHouseOfThreads, askEach, gauge } from '../support/gateway-house.ts'

test('what people do over any thread is done where the log is, and everybody hears it', async () => {
  await using simulator = await startSimulator({ payers: 1, scripted: false })
  const { url } = simulator.payers[0]!.endpoints[0]!
  const watched = [
    { payer: 'Aetna', type: 'login', url },
    { payer: 'Cigna', type: 'login', url },
  ]
  await using monitor = await aHouseOfThreads(2, { watched })
  await untilStatus(monitor, 'aetna/login', 'operational')
  const endpoint = `${monitor.app.url}/api/v1/endpoints/aetna/login`
  const post = (what: string) => askEach(2, `${endpoint}/${what}`, { method: 'POST' })

  const paused = await post('pause')
  const heard = await untilSeen(monitor, ({ endpoints }) =>
    endpoints.find((state) => state.endpoint === 'aetna/login' && state.paused),
  )

  assert.deepEqual(
    paused.map(({ status, body }) => [status, State.parse(JSON.parse(body)).paused]),
    [
      [200, { until: null }],
      [200, { until: null }],
    ],
  )
  assert.equal(heard.reason?.kind, 'paused')
  const refused = await askEach(2, `${endpoint}/probe`, { method: 'POST' })
  assert.deepEqual(
    refused.map(({ status }) => status),
    [409, 409],
  )
  assert.equal(await gauge(monitor, 'payer_status_endpoints_paused'), 1)

  const unknown = `${monitor.app.url}/api/v1/incidents/inc_x/acknowledge`
  const answers = await askEach(2, unknown, { method: 'POST' })
  assert.deepEqual(
    answers.map(({ status }) => status),
    [404, 404],
  )
  await post('resume')
  await untilStatus(monitor, 'aetna/login', 'operational')
})

test('an announcement is heard by who follows its payer', async () => {
  await using monitor = await aHouseOfThreads(1, {
    watched: [{ payer: 'Aetna', type: 'login', url: 'http://127.0.0.1:1/' }],
  })
  const body = JSON.stringify({ payers: ['Aetna'], severity: 'minor', text: 'slow until noon' })
  const headers = { 'content-type': 'application/json' }

  const answer = await fetch(`${monitor.app.url}/api/v1/incidents`, {
    method: 'POST',
    headers,
    body,
  })
  const { id } = Incident.parse(await answer.json())
  const heard = await untilSeen(monitor, ({ incidents }) => incidents.find((one) => one.id === id))

  assert.deepEqual([heard.cause.message, heard.acknowledgedBy], ['slow until noon', 'local'])
})
