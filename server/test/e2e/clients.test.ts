import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { follow } from '@payer-status/client'
import { ServerFrame, type State, type V1Result } from '@payer-status/protocol'
import { startSimulator } from '@payer-status/simulator'
import { aMonitor, privately, untilSeen, untilStatus } from '../support/a-monitor.ts'
import { aClient } from '../support/ws-client.ts'

async function twoPayers() {
  const simulator = await startSimulator({ payers: 2, scripted: false })
  const [a, b] = simulator.payers.map(({ endpoints }) => endpoints)
  const watched = [
    { payer: 'Aetna', type: 'login', url: a![0]!.url },
    { payer: 'Aetna', type: 'eligibility', url: a![1]!.url },
    { payer: 'Cigna', type: 'login', url: b![0]!.url },
  ]
  const monitor = await aMonitor(privately(watched))
  return {
    simulator,
    monitor,
    sick: a![0]!.id,
    async [Symbol.asyncDispose]() {
      await monitor[Symbol.asyncDispose]()
      await simulator[Symbol.asyncDispose]()
    },
  }
}

test('v1 and v2 clients side by side see the same results, each in its own words', async () => {
  await using world = await twoPayers()
  using v1 = await aClient(world.monitor.ws)
  using v2 = await aClient(world.monitor.ws, 'payer-status-v2')
  v2.say({ type: 'subscribe' })

  const flat = (await v1.until(() => true)) as V1Result
  const updates = await v2.until(
    ({ type, endpoints }) => type === 'updates' && (endpoints as State[] | undefined) !== undefined,
  )
  const state = await untilSeen(world.monitor, ({ endpoints }) =>
    endpoints.find(({ payerName, type }) => payerName === flat.payer && type === flat.type),
  )

  assert.equal(v1.socket.protocol, '')
  assert.equal(v2.socket.protocol, 'payer-status-v2')
  assert.deepEqual(Object.keys(flat), ['ts', 'payer', 'type', 'url', 'latency_ms', 'status_code'])
  assert.equal(flat.status_code, 200)
  assert.ok(Number.isInteger(flat.latency_ms))
  assert.equal(state.payerName, flat.payer)
  for (const frame of v2.frames) ServerFrame.parse(frame)
  assert.equal(ServerFrame.parse(updates).type, 'updates')
})

test('a client of the original that subscribes by payer and type gets only those, with `err` on a failure', async () => {
  await using world = await twoPayers()
  await untilStatus(world.monitor, 'aetna/login', 'operational')
  using client = await aClient(world.monitor.ws, 'payer-status-v1')
  client.say({ action: 'subscribe', payers: ['Aetna'], types: ['login'] })

  await world.simulator.force(world.sick, { kind: 'status', status: 503 })
  const failed = await client.until(({ err }) => err !== undefined)

  assert.equal(failed.status_code, 503)
  assert.match(String(failed.err), /^http_5xx/)
  const mine = client.frames.slice(client.frames.indexOf(failed))
  assert.ok(mine.every(({ payer, type }) => payer === 'Aetna' && type === 'login'))
})

const filters = {
  'by payer': { filter: [{ payers: ['AETNA'] }], seen: ['aetna/eligibility', 'aetna/login'] },
  'by type': { filter: [{ types: ['login'] }], seen: ['aetna/login', 'cigna/login'] },
  'by both': { filter: [{ payers: ['cigna'], types: ['login'] }], seen: ['cigna/login'] },
  'by capability': {
    filter: [{ types: ['provider_portal'] }],
    seen: ['aetna/login', 'cigna/login'],
  },
  'by one clause or another': {
    filter: [{ payers: ['cigna'] }, { endpoints: ['aetna/eligibility'] }],
    seen: ['aetna/eligibility', 'cigna/login'],
  },
}

for (const [how, { filter, seen }] of Object.entries(filters)) {
  test(`a client that filters ${how} gets only what it asked for`, async () => {
    await using world = await twoPayers()
    const got = new Set<string>()
    let frames = 0
    for await (const change of follow(world.monitor.ws, { filter })) {
      for (const { endpoint } of change.endpoints) got.add(endpoint)
      if (++frames > 3) break
    }

    assert.deepEqual([...got].sort(), seen)
  })
}

test('a client that was cut off comes back to where it was and misses nothing', async () => {
  await using world = await twoPayers()
  const { monitor, simulator, sick } = world
  await untilStatus(monitor, 'aetna/login', 'operational')
  using before = await aClient(monitor.ws, 'payer-status-v2')
  before.say({ type: 'subscribe', detail: 'status' })
  const { epoch, rev } = await before.until(({ type }) => type === 'snapshot')
  before.socket.terminate()
  await once(before.socket, 'close')

  await simulator.force(sick, { kind: 'status', status: 500 })
  await untilStatus(monitor, 'aetna/login', 'down')
  await simulator.clear(sick)
  await untilStatus(monitor, 'aetna/login', 'operational')
  using after = await aClient(monitor.ws, 'payer-status-v2')
  after.say({ type: 'subscribe', detail: 'status', since: { epoch, rev } })
  const updates = ServerFrame.parse(await after.until(({ type }) => type === 'updates'))

  assert.ok(updates.type === 'updates')
  assert.deepEqual(
    updates.incidents?.map(({ status }) => status),
    ['resolved'],
  )
  assert.ok(!after.frames.some(({ type }) => type === 'snapshot'))
})

test('an event stream carries the same frames as the WebSocket', async () => {
  await using world = await twoPayers()
  const stop = new AbortController()
  const answer = await fetch(`${world.monitor.app.url}/events?payers=cigna&types=login`, {
    signal: stop.signal,
  })
  let text = ''
  for await (const chunk of answer.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk
    if (/event: updates/.test(text)) break
  }
  stop.abort()

  assert.match(answer.headers.get('content-type') ?? '', /^text\/event-stream/)
  assert.match(text, /event: hello/)
  assert.match(text, /event: snapshot\nid: [0-9a-z]+:\d+\ndata: \{/)
  assert.ok(!text.includes('aetna'))
})
