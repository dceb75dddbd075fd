import assert from 'node:assert/strict'
import { connect, createServer } from 'node:net'
import { test } from 'node:test'
import { ask, askAsConfigured, askBare, endpointOf } from '../test/support/ask.ts'
import { FakeClock } from '../test/support/fake-clock.ts'
import type { Fault } from './fault.ts'
import { startSimulator } from './simulator.ts'

const calm = { scripted: false, payers: 6 } as const

/** A login page with this fault. */
async function troubled(fault: Fault, clock?: FakeClock) {
  const simulator = await startSimulator({ ...calm, ...(clock && { clock }) })
  const endpoint = endpointOf(simulator, 'login')
  await simulator.force(endpoint.id, fault)
  return { simulator, endpoint, [Symbol.asyncDispose]: () => simulator[Symbol.asyncDispose]() }
}

test('refuse closes the port, with every connection, and clear opens the same port again', async () => {
  await using here = await troubled({ kind: 'healthy' })
  const { simulator, endpoint } = here
  const idle = connect(endpoint.port, '127.0.0.1')
  await new Promise((resolve) => idle.once('connect', resolve))
  const cut = new Promise((resolve) => idle.once('close', resolve))

  await simulator.force(endpoint.id, { kind: 'refuse' })

  await cut
  await assert.rejects(ask(endpoint.url), { code: 'ECONNREFUSED' })
  await simulator.clear(endpoint.id)
  assert.equal((await ask(endpoint.url)).status, 200)
})

test('a port that somebody else took meanwhile opens as soon as it is free', async () => {
  const clock = new FakeClock()
  await using here = await troubled({ kind: 'refuse' }, clock)
  const { simulator, endpoint } = here
  const squatter = createServer().listen(endpoint.port, '127.0.0.1')
  await new Promise((resolve) => squatter.once('listening', resolve))

  const cleared = simulator.clear(endpoint.id)
  for (let tries = 0; tries < 20; tries++) {
    await clock.waitFor(1)
    clock.advance(50)
  }
  await clock.waitFor(1)
  await new Promise((resolve) => squatter.close(resolve))
  clock.advance(50)

  await cleared
  assert.equal((await ask(endpoint.url)).status, 200)
})

test('reset resets the connection', async () => {
  await using here = await troubled({ kind: 'reset' })

  await assert.rejects(askBare(here.endpoint), { code: 'ECONNRESET' })
})

test('hang takes the request and says nothing, until the simulator ends', async () => {
  const here = await troubled({ kind: 'hang' })
  const { simulator, endpoint } = here
  const asking = askBare(endpoint)
  while (simulator.requests(endpoint.id).received === 0) {
    await new Promise((resolve) => setImmediate(resolve))
  }

  await here[Symbol.asyncDispose]()

  assert.equal(await asking.catch(() => ''), '')
})

test('slow gives the right answer late', async () => {
  const clock = new FakeClock()
  await using here = await troubled({ kind: 'slow', ms: 1_500 }, clock)
  const asking = ask(here.endpoint.url)
  await clock.waitFor(1)

  clock.advance(1_499)
  const before = here.simulator.requests(here.endpoint.id).answered
  clock.advance(1)

  assert.equal((await asking).status, 200)
  assert.equal(before, 0)
})

test('drip gives the right answer byte by byte', async () => {
  const clock = new FakeClock()
  await using here = await troubled({ kind: 'drip', ms: 200 }, clock)
  const asking = ask(here.endpoint.url)
  let drops = 0
  while (here.simulator.requests(here.endpoint.id).answered === 0) {
    await new Promise((resolve) => setImmediate(resolve))
    if (clock.waiting === 0) continue
    drops++
    clock.advance(200)
  }

  const { headers, body } = await asking

  assert.match(body, /Sign in/)
  assert.equal(drops, Number(headers['content-length']))
})

test('a client that goes away leaves no timer behind', async () => {
  const clock = new FakeClock()
  await using here = await troubled({ kind: 'slow', ms: 60_000 }, clock)
  const socket = connect(here.endpoint.port, '127.0.0.1')
  socket.write(`GET /${here.endpoint.id} HTTP/1.1\r\nHost: simulated\r\n\r\n`)
  await clock.waitFor(1)

  socket.destroy()

  while (clock.waiting > 0) await new Promise((resolve) => setImmediate(resolve))
  assert.equal(here.simulator.requests(here.endpoint.id).answered, 0)
})

test('truncate promises more than it sends', async () => {
  await using here = await troubled({ kind: 'truncate' })

  const [head = '', body = ''] = (await askBare(here.endpoint)).split('\r\n\r\n')

  const promised = Number(/content-length: (\d+)/i.exec(head)?.[1])
  assert.match(head, /^HTTP\/1\.1 200/)
  assert.ok(body.length > 0 && body.length < promised)
})

test('garbage is a 200 with nothing to read', async () => {
  await using here = await troubled({ kind: 'garbage' })

  const { status, body } = await ask(here.endpoint.url)

  assert.equal(status, 200)
  assert.ok(body.length === 2_048 && !body.includes('Sign in'))
})

test('wrong_type is a 200 with JSON from a portal and HTML from an API', async () => {
  await using here = await troubled({ kind: 'wrong_type' })
  const eligibility = endpointOf(here.simulator, 'eligibility')
  await here.simulator.force(eligibility.id, { kind: 'wrong_type' })

  const page = await ask(here.endpoint.url)
  const answer = await askAsConfigured(eligibility)

  assert.deepEqual([page.status, page.headers['content-type']], [200, 'application/json'])
  assert.equal(answer.status, 200)
  assert.match(answer.headers['content-type'] ?? '', /^text\/html/)
})

test('redirect_loop leads to itself, redirect_http once to a plain address that answers', async () => {
  await using here = await troubled({ kind: 'redirect_loop' })
  const { simulator, endpoint } = here

  const loop = await ask(endpoint.url)
  await simulator.force(endpoint.id, { kind: 'redirect_http' })
  const moved = await ask(endpoint.url)

  assert.deepEqual([loop.status, loop.headers.location], [307, endpoint.url])
  assert.equal(moved.status, 307)
  assert.match(moved.headers.location ?? '', /^http:\/\//)
  assert.equal((await ask(moved.headers.location ?? '')).status, 200)
})

test('big_body is 8 MiB', async () => {
  await using here = await troubled({ kind: 'big_body' })

  assert.equal((await ask(here.endpoint.url)).body.length, 8 * 1024 * 1024)
})

test('malformed is not HTTP', async () => {
  await using here = await troubled({ kind: 'malformed' })

  await assert.rejects(ask(here.endpoint.url), { code: /^HPE_/ })
})

test('blocked, unauthorized, rejected and status answer with their status', async () => {
  await using here = await troubled({ kind: 'blocked' })
  const { simulator, endpoint } = here
  const wall = await ask(endpoint.url)
  const statuses: number[] = []
  const asked: Fault[] = [
    { kind: 'unauthorized' },
    { kind: 'rejected' },
    { kind: 'status', status: 502 },
  ]

  for (const fault of asked) {
    await simulator.force(endpoint.id, fault)
    statuses.push((await ask(endpoint.url)).status)
  }

  assert.equal(wall.status, 403)
  assert.match(wall.body, /Access Denied/)
  assert.deepEqual(statuses, [401, 400, 502])
})
