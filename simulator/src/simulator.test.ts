import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { ask, endpointOf } from '../test/support/ask.ts'
import { FakeClock } from '../test/support/fake-clock.ts'
import { startSimulator } from './simulator.ts'

const calm = { scripted: false, payers: 6 } as const

/** Payers without what differs from start to start: the ports. */
function withoutPorts(payers: object): string {
  return JSON.stringify(payers).replace(/"port":\d+|127\.0\.0\.1:\d+/g, '')
}

test('the same seed gives the same payers and the same faults at the same time', async () => {
  const clocks = [new FakeClock(), new FakeClock()] as const
  await using one = await startSimulator({ seed: 9, clock: clocks[0] })
  await using two = await startSimulator({ seed: 9, clock: clocks[1] })
  const ids = one.payers.flatMap(({ endpoints }) => endpoints.map(({ id }) => id))

  for (const clock of clocks) clock.advance(42_000)

  assert.equal(withoutPorts(two.payers), withoutPorts(one.payers))
  const faults = ids.map((id) => one.fault(id))
  assert.deepEqual(
    ids.map((id) => two.fault(id)),
    faults,
  )
  assert.ok(faults.some(({ fault, forced }) => fault.kind !== 'healthy' && !forced))
})

test('each payer has a port of its own', async () => {
  await using simulator = await startSimulator(calm)

  const ports = simulator.payers.map(({ endpoints }) => new Set(endpoints.map(({ port }) => port)))

  assert.ok(ports.every((of) => of.size === 1))
  assert.equal(new Set(ports.flatMap((of) => [...of])).size, 6)
})

test('a payer answers only behind its own port', async () => {
  await using simulator = await startSimulator(calm)
  const [one, two] = simulator.payers.map(({ endpoints }) => endpoints[0]!)

  const stray = await ask(`http://127.0.0.1:${one?.port}/${two?.id}`)

  assert.equal(stray.status, 404)
})

test('thousands of endpoints live behind one shared port, and nothing there can refuse', async () => {
  await using simulator = await startSimulator({ scripted: false, ports: 'shared', payers: 1_000 })
  const endpoints = simulator.payers.flatMap((payer) => payer.endpoints)
  const last = endpoints.at(-1)!

  assert.ok(endpoints.length > 3_000)
  assert.equal(new Set(endpoints.map(({ port }) => port)).size, 1)
  assert.equal((await ask(last.url, { method: last.watch.method })).status, 200)
  await assert.rejects(simulator.force(last.id, { kind: 'refuse' }), RangeError)
})

test('the script closes a port and opens it again', async () => {
  const clock = new FakeClock()
  await using simulator = await startSimulator({ clock })
  const closed = () =>
    simulator.payers.filter(
      ({ endpoints }) => simulator.fault(endpoints[0]!.id).fault.kind === 'refuse',
    )
  while (closed().length === 0) clock.advance(1_000)
  const [endpoint] = closed()[0]!.endpoints
  await new Promise((resolve) => setImmediate(resolve))

  await assert.rejects(ask(endpoint!.url), { code: 'ECONNREFUSED' })
  while (simulator.fault(endpoint!.id).fault.kind === 'refuse') clock.advance(1_000)
  await simulator.force(endpoint!.id, { kind: 'blocked' })

  assert.equal((await askSlowly(endpoint!.url, clock)).status, 403)
})

/** Asks while time goes on, since a scripted answer takes its time. */
async function askSlowly(url: string, clock: FakeClock) {
  const asking = ask(url)
  await clock.waitFor(2)
  clock.advance(400)
  return asking
}

test('what is forced stands in place of the script, and clearing goes back to it', async () => {
  const clock = new FakeClock()
  await using simulator = await startSimulator({ clock })
  const { id } = endpointOf(simulator, 'login')
  const scripted = simulator.fault(id).fault

  await simulator.force(id, { kind: 'garbage' })
  const forced = simulator.fault(id)
  await simulator.clear(id)

  assert.deepEqual(forced, { fault: { kind: 'garbage' }, forced: true })
  assert.deepEqual(simulator.fault(id), { fault: scripted, forced: false })
})

test('requests are counted when they come and when their answer is sent', async () => {
  await using simulator = await startSimulator(calm)
  const { id, url } = endpointOf(simulator, 'login')
  await ask(url)
  await simulator.force(id, { kind: 'reset' })

  await assert.rejects(ask(url))

  assert.deepEqual(simulator.requests(id), { received: 2, answered: 1 })
})

test('a request of more than 64 KiB is refused, and the payer lives on', async () => {
  await using simulator = await startSimulator(calm)
  const { url } = endpointOf(simulator, 'eligibility')

  const large = await ask(url, { method: 'POST', body: 'x'.repeat(200_000) })

  assert.equal(large.status, 413)
  assert.equal((await ask(url)).status, 200)
})

test('unknown endpoints and impossible options are refused with a reason', async () => {
  await using simulator = await startSimulator(calm)
  const { id } = endpointOf(simulator, 'login')

  assert.throws(() => simulator.requests('nobody/login'), RangeError)
  await assert.rejects(simulator.clear('nobody/login'), RangeError)
  await assert.rejects(simulator.force(id, { kind: 'hang' }, { forMs: -1 }), RangeError)
  for (const options of [{ payers: 0 }, { payers: 2.5 }, { seed: -1 }, { seed: Number.NaN }]) {
    await assert.rejects(startSimulator(options), RangeError)
  }
})

test('the configuration names every endpoint once, quoted, on private networks', async () => {
  await using simulator = await startSimulator(calm)

  const lines = simulator.configYaml({ interval: '2s' }).split('\n')

  assert.equal(lines[0], 'version: 1')
  assert.match(lines[1] ?? '', /"network":"private","interval":"2s"/)
  const entries = lines
    .filter((line) => line.startsWith('      - '))
    .map((line) => JSON.parse(line.slice('      - '.length)))
  assert.deepEqual(
    entries.map(({ url }) => url),
    simulator.payers.flatMap(({ endpoints }) => endpoints.map(({ url }) => url)),
  )
})

test('after dispose the process ends by itself, also in the middle of answers', async () => {
  const entrance = new URL('./index.ts', import.meta.url).href
  const program = `
    const { startSimulator } = await import(${JSON.stringify(entrance)})
    const simulator = await startSimulator({ payers: 5 })
    const [{ id, url }] = simulator.payers[0].endpoints
    await simulator.force(id, { kind: 'drip', ms: 60_000 }, { forMs: 3_600_000 })
    await simulator.force(simulator.payers[1].endpoints[0].id, { kind: 'refuse' })
    const answer = await fetch(url)
    await simulator[Symbol.asyncDispose]()
    await answer.text().catch(() => console.log('cut'))`

  const run = promisify(execFile)
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', program], {
    timeout: 20_000,
  })

  assert.equal(stdout, 'cut\n')
})
