import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aResult, aServerError } from '../../test/support/builders.ts'
import { aHub, type Client } from '../../test/support/hub-house.ts'

const payersIn = ({ socket }: Client) => socket.take().map(({ payer, type }) => `${payer} ${type}`)

test('a v1 client gets every new result as a flat frame, without asking, and nothing is replayed', async () => {
  const house = aHub()
  const { socket } = house.join('v1')
  const atFirst = socket.writes.length

  house.book.endpoint('aetna/login', {
    url: 'https://host/path',
    result: aResult({ at: Date.UTC(2026, 10, 23, 12, 0, 3, 4), latencyMs: 123.4 }),
  })
  await house.tick()

  assert.equal(atFirst, 0)
  assert.deepEqual(socket.takeTexts(), [
    '{"ts":"2026-11-23T12:00:03.004Z","payer":"Aetna","type":"login","url":"https://host/path","latency_ms":123,"status_code":200}',
  ])
})

test('a v1 frame has err only on failure, and status_code 0 without an answer', async () => {
  const house = aHub()
  const { socket } = house.join('v1')

  house.book.endpoint('aetna/login', {
    reason: { kind: 'http_5xx', codes: [], message: 'expected status 200-399, got 500' },
    result: aServerError({ statusCode: null }),
  })
  await house.tick()

  const [frame] = socket.take().map((seen) => ({ ...seen }) as Record<string, unknown>)
  assert.equal(frame?.status_code, 0)
  assert.equal(frame?.err, 'http_5xx: expected status 200-399, got 500')
})

test('a change without a new result, an incident or a removal is no news to v1', async () => {
  const house = aHub()
  const { socket } = house.join('v1')

  house.book.endpoint('aetna/login', { status: 'unknown' }, { result: false })
  house.book.incident(1)
  house.book.payer('aetna', { status: 'down' })
  house.book.remove('endpoint', 'cigna/eligibility')
  await house.tick()

  assert.deepEqual(socket.writes, [])
})

test('the v1 frames of one tick are one write', async () => {
  const house = aHub()
  const { socket } = house.join('v1')

  house.book.result('aetna/login')
  house.book.result('cigna/eligibility')
  await house.tick()

  assert.equal(socket.writes.length, 1)
  assert.equal(socket.takeTexts().length, 2)
  assert.equal(house.hub.counters.messagesSent.v1, 2)
})

const wishes: [title: string, wish: object, seen: string[]][] = [
  ['payers by display name', { payers: ['Aetna'] }, ['Aetna login', 'Aetna eligibility']],
  [
    'payers by alias or id, whatever the case',
    { payers: ['AETNA better health', 'CIGNA'] },
    ['Aetna login', 'Aetna eligibility', 'Cigna eligibility'],
  ],
  ['the singular keys', { payer: 'cigna', type: 'eligibility' }, ['Cigna eligibility']],
  [
    'singular and plural keys together',
    { payer: 'cigna', payers: ['aetna'], types: 'login' },
    ['Aetna login'],
  ],
  ['types as written', { types: ['login'] }, ['Aetna login']],
  ['no type in another case', { types: ['LOGIN'] }, []],
  ['no type by capability', { types: ['provider_portal'] }, []],
  ['no payer of an unknown name', { payers: ['nobody'] }, []],
  ['the known of several names', { payers: ['nobody', 'cigna'] }, ['Cigna eligibility']],
  [
    'everything for empty lists',
    { payers: [], types: null },
    ['Aetna login', 'Aetna eligibility', 'Cigna eligibility'],
  ],
]

for (const [title, wish, seen] of wishes)
  test(`a v1 subscription matches ${title}`, async () => {
    const house = aHub()
    const client = house.join('v1')

    client.say({ action: 'subscribe', ...wish })
    for (const id of ['aetna/login', 'aetna/eligibility', 'cigna/eligibility'])
      house.book.result(id)
    await house.tick()

    assert.deepEqual(payersIn(client), seen)
    assert.equal(client.socket.closedWith, undefined)
  })

test('a payer that a reload brings begins to match a v1 client that had named it', async () => {
  const house = aHub()
  const client = house.join('v1')
  client.say({ action: 'subscribe', payers: ['Humana'] })
  house.book.result('aetna/login')
  await house.tick()

  house.book.payer('humana', { name: 'Humana' })
  house.book.endpoint('humana/login', { payerName: 'Humana' })
  await house.tick()

  assert.deepEqual(payersIn(client), ['Humana login'])
})

test('a v1 client that unsubscribes hears nothing until it subscribes, and then nothing from before', async () => {
  const house = aHub()
  const client = house.join('v1')

  client.say({ action: 'unsubscribe' })
  house.book.result('aetna/login')
  await house.tick()
  client.say({ action: 'subscribe' })
  await house.tick()
  const between = payersIn(client)
  house.book.result('cigna/eligibility')
  await house.tick()

  assert.deepEqual(between, [])
  assert.deepEqual(payersIn(client), ['Cigna eligibility'])
})

test('v1 ping has no answer, and other actions are ignored and counted', () => {
  const { join, hub } = aHub()
  const { socket, say } = join('v1')

  say({ action: 'ping' })
  say({ action: 'dance' })
  say({ action: 7 })
  say({})
  say({ action: 'subscribe', payers: 5 })

  assert.deepEqual(socket.writes, [])
  assert.equal(socket.closedWith, undefined)
  assert.equal(hub.counters.actionsIgnored, 4)
})

for (const [title, text] of [
  ['no JSON', 'hello'],
  ['an array', '[]'],
  ['null', 'null'],
  ['text', '"subscribe"'],
  ['binary', undefined],
] as const)
  test(`a v1 frame that is ${title} closes with 1007`, () => {
    const { join, hub } = aHub()
    const { socket, session } = join('v1')

    session.receive(text)

    assert.equal(socket.closedWith?.code, 1007)
    assert.equal(hub.counters.framesInvalid, 1)
  })

test('a slow v1 client skips intermediate results', async () => {
  const house = aHub()
  const client = house.join('v1')
  client.socket.writable = false
  for (const statusCode of [500, 501, 200]) {
    house.book.endpoint('aetna/login', { result: aResult({ statusCode }) })
    await house.tick()
  }

  client.socket.writable = true
  client.session.drained()

  const frames = client.socket.takeTexts()
  assert.equal(frames.length, 1)
  assert.match(frames[0] ?? '', /"status_code":200/)
})

test('v1 clients get no hello, heartbeat or drain', async () => {
  const house = aHub()
  const { socket } = house.join('v1')

  await house.clock.advance(20_000)
  const drained = house.hub.drain(1_000)
  await house.clock.advance(1_100)
  await drained

  assert.deepEqual(socket.writes, [])
  assert.deepEqual(socket.closedWith, { code: 1001, reason: 'going away' })
})
