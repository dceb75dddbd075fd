import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Incident, State } from '@payer-status/protocol'
import { startSimulator } from '@payer-status/simulator'
import { type Monitor, privately, untilSeen, untilStatus } from '../support/a-monitor.ts'
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

const HOUR = 3_600_000
const PLANS = '/api/v1/maintenance/plans'

/** Announces an hour of maintenance that has just begun to each of two threads, and says what they answered. */
async function announced(monitor: Monitor) {
  const [from, to] = [Date.now() - HOUR / 2, Date.now() + HOUR / 2]
  const [starts, ends] = [new Date(from).toISOString().slice(0, 19), new Date(to).toISOString()]
  const said = {
    payer: 'Aetna',
    kind: 'unscheduled',
    announcedAt: `${starts}Z`,
    starts: `${starts}Z`,
    ends: `${ends.slice(0, 19)}Z`,
  }
  const body = JSON.stringify(said)
  return askEach(2, `${monitor.app.url}/api/v1/maintenance`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'content-length': `${body.length}` },
    body,
  })
}

test('maintenance that is announced over any thread becomes one window that everybody hears of, until it is withdrawn', async () => {
  const watched = [
    { payer: 'Aetna', type: 'login', url: 'http://127.0.0.1:1/' },
    { payer: 'Cigna', type: 'login', url: 'http://127.0.0.1:1/' },
  ]
  await using monitor = await aHouseOfThreads(2, { watched })
  const { url } = monitor.app

  const answers = await announced(monitor)
  const window = await untilSeen(monitor, ({ maintenance }) => maintenance[0])
  const inside = await untilSeen(monitor, ({ endpoints }) => endpoints.find((one) => one.window))

  const [plan] = answers.map(({ body }) => JSON.parse(body) as { id: string })
  assert.ok(answers.every(({ status, body }) => status <= 201 && JSON.parse(body).id === plan?.id))
  assert.deepEqual([window.plan, window.state, window.noticeOk], [plan?.id, 'in_progress', true])
  assert.deepEqual([inside.endpoint, inside.window], ['aetna/login', window.id])
  for (const { body } of await askEach(2, `${url}/api/v1/payers/aetna/maintenance.ics`))
    assert.match(body, new RegExp(`UID:${plan?.id}-\\d{8}T\\d{6}Z@payer-status\r\n`))
  const gone = await askEach(2, `${url}/api/v1/maintenance/${plan?.id}`, { method: 'DELETE' })
  assert.ok(gone.every(({ status }) => status === 204 || status === 404)) // a thread may be asked twice
  const windows = () => monitor.get<{ items: { state: string }[] }>('/api/v1/maintenance')
  while ((await windows()).items[0]?.state !== 'completed');
})

test('what was announced of a payer leaves with it', async () => {
  const cigna = { payer: 'Cigna', type: 'login', url: 'http://127.0.0.1:1/' }
  const watched = [{ ...cigna, payer: 'Aetna' }, cigna]
  await using monitor = await aHouseOfThreads(1, { watched })
  const said = { rrule: 'FREQ=DAILY', startLocal: '03:00', duration: '1h' }
  for (const payer of ['Aetna', 'Cigna'])
    await fetch(`${monitor.app.url}/api/v1/maintenance`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ payer, ...said }),
    })

  await monitor.rewrite(privately([cigna]))
  await monitor.app.reload()

  const { items } = await monitor.get<{ items: { payer: string }[] }>(PLANS)
  assert.deepEqual(
    items.map(({ payer }) => payer),
    ['cigna'],
  )
})
