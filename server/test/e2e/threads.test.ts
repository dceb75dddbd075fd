import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { test } from 'node:test'
import { startSimulator } from '@payer-status/simulator'
import { untilSeen, untilStatus } from '../support/a-monitor.ts'
import {
  aClientOfEach,
  aHouseOfThreads,
  askEach,
  crashOne,
  gauge,
  hubs,
  leave,
  untilServing,
} from '../support/gateway-house.ts'
import { aClient, type Client } from '../support/ws-client.ts'

/** A payer's endpoint that can be made to fail, watched by a monitor whose clients are served by several threads. */
async function aWatchedPayer(threads: number, settings: object = {}) {
  const simulator = await startSimulator({ payers: 1, scripted: false })
  const { id, url } = simulator.payers[0]!.endpoints[0]!
  const watched = [{ payer: 'Aetna', type: 'login', url }]
  const monitor = await aHouseOfThreads(threads, { watched, settings })
  await untilStatus(monitor, 'aetna/login', 'operational')
  return {
    monitor,
    fail: () => simulator.force(id, { kind: 'status', status: 503 }),
    async [Symbol.asyncDispose]() {
      await monitor[Symbol.asyncDispose]()
      await simulator[Symbol.asyncDispose]()
    },
  }
}

/** The first frame of a type. */
function first(client: Client, wanted: string): Promise<Record<string, unknown>> {
  return client.until(({ type }) => type === wanted)
}

/** Waits until a client has heard that the endpoint is down, and gives that frame. */
function heardDown(client: Client) {
  return client.until(
    ({ type, endpoints }) =>
      type === 'updates' && (endpoints as { status: string }[]).some((e) => e.status === 'down'),
  )
}

/** A client that comes back with a position; the frames that it is answered with, by type. */
async function comeBack(url: string, since: { epoch: unknown; rev: unknown }): Promise<string[]> {
  using client = await aClient(url, 'payer-status-v2')
  client.say({ type: 'subscribe', since })
  await client.until(({ type }) => type === 'updates' || type === 'snapshot')
  return client.frames.map(({ type }) => String(type))
}

test('clients of every thread hear the same of one log', async () => {
  await using world = await aWatchedPayer(3)
  const clients = await aClientOfEach(world.monitor, [0, 1, 2])
  for (const client of clients) client.say({ type: 'subscribe', detail: 'status' })
  const snapshots = await Promise.all(clients.map((client) => first(client, 'snapshot')))
  const hellos = await Promise.all(clients.map((client) => first(client, 'hello')))

  await world.fail()
  const heard = await Promise.all(clients.map(heardDown))

  const epochs = new Set([...hellos, ...snapshots].map(({ epoch }) => epoch))
  assert.equal(epochs.size, 1)
  const states = heard.map(({ endpoints }) => JSON.stringify(endpoints))
  assert.equal(new Set(states).size, 1)
  for (const client of clients) client.socket.terminate()
})

test('a client that was cut from one thread comes back to another and misses nothing', async () => {
  await using world = await aWatchedPayer(2)
  const [onMain, onOther] = await aClientOfEach(world.monitor, [0, 1])
  for (const client of [onMain!, onOther!]) client.say({ type: 'subscribe' })
  const positions = [await first(onMain!, 'snapshot'), await first(onOther!, 'snapshot')]
  await world.fail()
  await heardDown(onMain!)
  for (const client of [onMain!, onOther!]) await leave(world.monitor, client)

  const elsewhere = await aClientOfEach(world.monitor, [1, 0])
  for (const [i, client] of elsewhere.entries()) {
    const { epoch, rev } = positions[i]!
    client.say({ type: 'subscribe', since: { epoch, rev } })
  }
  await Promise.all(elsewhere.map(heardDown))

  for (const { frames, socket } of elsewhere) {
    assert.deepEqual(
      frames.slice(0, 2).map(({ type }) => type),
      ['hello', 'updates'],
    )
    socket.terminate()
  }
})

test('every thread answers requests, has endpoints probed, and asks for the keys in force', async () => {
  const hash = (key: string) => createHash('sha256').update(key).digest('hex')
  const keyed = (key: string) => ({
    auth: { api_keys: [{ name: 'ops', hash: `sha256:${hash(key)}`, scopes: ['probe'] }] },
  })
  await using world = await aWatchedPayer(3, keyed('old'))
  const { app } = world.monitor
  const probe = (name: string, key: string) =>
    askEach(3, `${app.url}/api/v1/endpoints/aetna/${name}/probe`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}` },
    })

  const payers = await askEach(3, `${app.url}/api/v1/payers`)
  const ready = await askEach(3, `${app.url}/readyz`)
  const probed = await probe('login', 'old')
  const unknown = await probe('nothing', 'old')
  await world.monitor.rewrite(JSON.stringify({ version: 1, ...keyed('new') }))
  await app.reload()
  const revoked = await probe('login', 'old')

  assert.equal(new Set(payers.map(({ body }) => JSON.parse(body).items[0].payer)).size, 1)
  assert.deepEqual(
    [payers, ready, unknown, revoked].map((answers) => answers.map(({ status }) => status)),
    [
      [200, 200, 200],
      [200, 200, 200],
      [404, 404, 404],
      [401, 401, 401],
    ],
  )
  // Within a second of another probe the endpoint is not asked again: that, too, is the main thread's word.
  for (const { status, body } of probed)
    assert.ok(status === 200 || JSON.parse(body).code === 'rate_limited', body)
})

test('a probe that would have no turn for more than a minute is refused at once, by every thread', async () => {
  await using simulator = await startSimulator({ payers: 1, scripted: false })
  const { url } = simulator.payers[0]!.endpoints[0]!
  const watched = ['login', 'claims', 'eligibility'].map((type) => ({ payer: 'Aetna', type, url }))
  const settings = { probing: { budgets: { host: { per_minute: 1 } } } }
  await using monitor = await aHouseOfThreads(3, { watched, settings })
  const first = await untilSeen(monitor, ({ endpoints }) =>
    endpoints.find(({ result }) => result !== null),
  )
  const path = `/api/v1/endpoints/${first.endpoint}/probe`
  const problems = async () => {
    const answers = await askEach(3, `${monitor.app.url}${path}`, { method: 'POST' })
    return answers.map(({ body }) => JSON.parse(body))
  }

  let refused = await problems()
  const gap = 'probed a moment ago'
  while (refused.some(({ detail }) => detail.includes(gap))) refused = await problems()

  for (const { status, code, detail, retryAfterMs } of refused) {
    assert.deepEqual([status, code], [429, 'rate_limited'])
    assert.match(detail, /its host or payer is asked as often as it may be/)
    assert.ok(retryAfterMs > 120_000 && retryAfterMs <= 180_000, String(retryAfterMs))
  }
})

test('a thread that crashes is started again, and only its own clients notice', async () => {
  await using world = await aWatchedPayer(3)
  const { monitor } = world
  const clients = await aClientOfEach(monitor, [0, 1, 2])
  for (const client of clients) client.say({ type: 'subscribe', detail: 'status' })
  const snapshots = await Promise.all(clients.map((client) => first(client, 'snapshot')))
  const { epoch, rev } = snapshots[0]!

  const crashed = await crashOne(monitor)
  const others = clients.filter((_, thread) => thread !== crashed)
  await world.fail()
  await Promise.all(others.map(heardDown))
  const elsewhere = await comeBack(monitor.ws, { epoch, rev })
  await untilServing(monitor, 3)
  const [again] = await aClientOfEach(monitor, [crashed])
  again!.say({ type: 'subscribe', since: { epoch, rev } })
  await heardDown(again!)

  assert.equal(clients[crashed]!.socket.readyState, 3)
  for (const { socket } of others) assert.equal(socket.readyState, 1)
  assert.deepEqual(elsewhere, ['hello', 'updates'])
  assert.ok(!again!.frames.some(({ type }) => type === 'snapshot'))
  assert.equal((await first(again!, 'hello')).epoch, epoch)
  assert.equal(await gauge(monitor, 'payer_status_gateway_restarts_total'), 1)
  for (const client of [...others, again!]) client.socket.terminate()
})

test('the most that may be connected is so over all threads, also after one has crashed', async () => {
  await using monitor = await aHouseOfThreads(2, { settings: { limits: { max_connections: 2 } } })
  const [onMain, onOther] = await aClientOfEach(monitor, [0, 1])
  const refusals = async () => {
    const tries = Array.from({ length: 12 }, () => aClient(monitor.ws, 'payer-status-v2'))
    const settled = await Promise.allSettled(tries)
    for (const each of settled) if (each.status === 'fulfilled') each.value.socket.terminate()
    return settled.filter(({ status }) => status === 'rejected').length
  }

  const whileFull = await refusals()
  await Promise.all([once(onOther!.socket, 'close'), crashOne(monitor)])
  await untilServing(monitor, 2)
  const [again] = await aClientOfEach(monitor, [1])
  const whileFullAgain = await refusals()

  assert.deepEqual([whileFull, whileFullAgain], [12, 12])
  for (const client of [onMain!, again!]) client.socket.terminate()
})

test('figures of all threads are added up', async () => {
  await using monitor = await aHouseOfThreads(2)
  const clients = await aClientOfEach(monitor, [0, 1])

  const active = await gauge(monitor, 'payer_status_websocket_connections_active{channel="v2"}')
  const threads = await gauge(monitor, 'payer_status_gateway_threads')
  const each = (await hubs(monitor)).map((hub) => hub?.connections.v2)

  assert.deepEqual([active, threads, each], [2, 2, [1, 1]])
  for (const client of clients) client.socket.terminate()
})

test('clients of all threads are seen out, and none is sent to them any more', async () => {
  await using monitor = await aHouseOfThreads(2)
  const clients = await aClientOfEach(monitor, [0, 1])
  const codes = clients.map(async ({ socket }) => (await once(socket, 'close'))[0])

  await monitor.app.drain(100)

  assert.deepEqual(await Promise.all(codes), [4200, 4200])
  for (const { frames } of clients) assert.ok(frames.some(({ type }) => type === 'drain'))
  const ready = await askEach(2, `${monitor.app.url}/readyz`)
  assert.deepEqual(
    ready.map(({ status, body }) => [status, JSON.parse(body).reasons]),
    [
      [503, ['draining']],
      [503, ['draining']],
    ],
  )
})
