import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ask, endpointOf, type Heard } from '../test/support/ask.ts'
import { FakeClock } from '../test/support/fake-clock.ts'
import { FAULTS } from './fault.ts'
import type { Simulator } from './model.ts'
import { startSimulator } from './simulator.ts'

const calm = { scripted: false, payers: 4 } as const
const asJson = { 'content-type': 'application/json' }

function post({ control }: Simulator, body: unknown, headers: object = asJson): Promise<Heard> {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return ask(`${control}/faults`, { method: 'POST', headers: { ...headers }, body: text })
}

function reasonOf({ body }: Heard): string {
  return JSON.parse(body).error
}

test('the first page explains every fault and shows commands that work as they stand', async () => {
  await using simulator = await startSimulator(calm)

  const { status, headers, body } = await ask(`${simulator.control}/`)

  assert.equal(status, 200)
  assert.match(headers['content-type'] ?? '', /^text\/plain/)
  for (const kind of Object.keys(FAULTS)) assert.ok(body.includes(`  ${kind} `))
  const example = /-d '(.+)'/.exec(body)?.[1] ?? ''
  assert.equal((await post(simulator, example)).status, 200)
})

test('the list shows each endpoint with its fault and how often it was asked', async () => {
  await using simulator = await startSimulator(calm)
  const { id, url } = endpointOf(simulator, 'login')
  await simulator.force(id, { kind: 'blocked' })
  await ask(url)

  const list = JSON.parse((await ask(`${simulator.control}/endpoints`)).body)

  assert.equal(list.length, simulator.payers.flatMap(({ endpoints }) => endpoints).length)
  const shown = list.find(({ endpoint }: { endpoint: string }) => endpoint === id)
  assert.deepEqual(
    [shown.type, shown.url, shown.fault, shown.forced, shown.received, shown.answered],
    ['login', url, { kind: 'blocked' }, true, 1, 1],
  )
})

test('a posted fault is in effect when the answer comes, and deleting it heals the endpoint', async () => {
  await using simulator = await startSimulator(calm)
  const { id, url } = endpointOf(simulator, 'login')

  const forced = await post(simulator, { endpoint: id, fault: 'status', status: 503 })
  const broken = await ask(url)
  const cleared = await ask(`${simulator.control}/faults/${id}`, { method: 'DELETE' })

  assert.deepEqual(JSON.parse(forced.body).fault, { kind: 'status', status: 503 })
  assert.equal(broken.status, 503)
  assert.equal(cleared.status, 200)
  assert.equal((await ask(url)).status, 200)
})

test('a fault with forMs ends by itself', async () => {
  const clock = new FakeClock()
  await using simulator = await startSimulator({ ...calm, clock })
  const { id, url } = endpointOf(simulator, 'login')
  await post(simulator, { endpoint: id, fault: 'blocked', forMs: 5_000 })

  clock.advance(4_999)
  const before = await ask(url)
  clock.advance(1)
  const after = await ask(url)

  assert.deepEqual([before.status, after.status], [403, 200])
})

test('deleting all faults heals everything', async () => {
  await using simulator = await startSimulator(calm)
  const endpoints = simulator.payers.flatMap((payer) => payer.endpoints)
  for (const { id } of endpoints) await simulator.force(id, { kind: 'refuse' })

  await ask(`${simulator.control}/faults`, { method: 'DELETE' })

  for (const { url } of endpoints) assert.equal((await ask(url)).status, 200)
})

test('a request that makes no sense is answered with 400 and what was expected', async () => {
  await using simulator = await startSimulator(calm)
  const { id: endpoint } = endpointOf(simulator, 'login')
  const refused: [unknown, RegExp][] = [
    ['{"endpoint":', /^body: expected a JSON object$/],
    ['', /^body: expected a JSON object$/],
    ['[]', /^body: expected a JSON object$/],
    ['null', /^body: expected a JSON object$/],
    [{ endpoint: 'CANARY/login', fault: 'hang' }, /^endpoint: expected the id of one that exists$/],
    [{ endpoint: 7, fault: 'hang' }, /^endpoint: expected "payer\/name"$/],
    [{ endpoint: '__proto__', fault: 'hang' }, /^endpoint:/],
    [{ endpoint, fault: 'CANARY' }, /^fault: expected one of healthy/],
    [{ endpoint, fault: 'constructor' }, /^fault:/],
    [{ endpoint }, /^fault:/],
    [{ endpoint, fault: 'status' }, /^status: expected a whole number from 200 to 599$/],
    [{ endpoint, fault: 'hang', forMs: 0 }, /^forMs: expected a whole number from 1 to 3600000$/],
    [{ endpoint, fault: 'hang', forMs: 'soon' }, /^forMs:/],
    [{ endpoint, fault: 'hang', CANARY: 1 }, /^body: expected no keys but endpoint, fault/],
  ]

  for (const [body, reason] of refused) {
    const heard = await post(simulator, body)

    assert.equal(heard.status, 400, JSON.stringify(body))
    assert.match(reasonOf(heard), reason)
    assert.ok(!heard.body.includes('CANARY'))
  }
  assert.equal(simulator.fault(endpoint).forced, false)
})

test('an oversize body is refused with 413, and the API lives on', async () => {
  await using simulator = await startSimulator(calm)

  const heard = await post(simulator, JSON.stringify({ endpoint: 'x'.repeat(100_000) }))

  assert.equal(heard.status, 413)
  assert.equal((await ask(simulator.control)).status, 200)
})

test('other paths are unknown and other methods refused', async () => {
  await using simulator = await startSimulator(calm)
  const at = async (path: string, method: string) =>
    (await ask(`${simulator.control}${path}`, { method })).status

  assert.equal(await at('/elsewhere', 'GET'), 404)
  assert.equal(await at('/../../etc/passwd', 'GET'), 404)
  assert.equal(await at('/faults', 'PUT'), 405)
  assert.equal(await at('/endpoints', 'DELETE'), 405)
  assert.equal(await at('/faults/nobody/login', 'GET'), 405)
  assert.equal(await at('/faults/nobody/login', 'DELETE'), 400)
  assert.equal(await at('/faults/%00/..%2f..', 'DELETE'), 400)
})

test('a page in a browser cannot use the API', async () => {
  await using simulator = await startSimulator(calm)
  const { id: endpoint } = endpointOf(simulator, 'login')
  const wish = { endpoint, fault: 'hang' }

  const foreign = await post(simulator, wish, { ...asJson, origin: 'https://elsewhere.example' })
  const rebound = await post(simulator, wish, { ...asJson, host: 'elsewhere.example' })
  const plain = await post(simulator, wish, { 'content-type': 'text/plain' })

  assert.deepEqual([foreign.status, rebound.status, plain.status], [403, 403, 415])
  assert.equal(simulator.fault(endpoint).forced, false)
})
