import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { aServer, handshakeText, untilEnd } from '../../test/support/serve-house.ts'

test('a v2 client is told hello, a snapshot and every change over a real socket', async () => {
  await using house = await aServer()
  const client = await house.client('payer-status-v2').opened()

  const hello = await client.next()
  client.say({ type: 'subscribe', filter: [{ payers: ['aetna'] }] })
  const snapshot = await client.next()
  house.book.result('aetna/login')
  house.changed()
  const updates = await client.next()

  assert.equal(client.ws.protocol, 'payer-status-v2')
  assert.deepEqual([hello.type, snapshot.type, updates.type], ['hello', 'snapshot', 'updates'])
  assert.equal(snapshot.endpoints?.length, 2)
  assert.equal(updates.endpoints?.[0]?.endpoint, 'aetna/login')
})

for (const [title, offered, chosen] of [
  [
    'v2 is preferred, whatever the order',
    ['payer-status-v1', 'payer-status-v2'],
    'payer-status-v2',
  ],
  ['v1 is taken where it alone is known', ['graphql-ws', 'payer-status-v1'], 'payer-status-v1'],
  ['a client that offers none speaks v1, and none is named', [], ''],
] as const)
  test(`subprotocols: ${title}`, async () => {
    await using house = await aServer()

    const client = await house.client(...offered).opened()

    assert.equal(client.ws.protocol, chosen)
    assert.equal(house.hub.counters.connections.v2, chosen === 'payer-status-v2' ? 1 : 0)
    assert.equal(house.hub.counters.handshakes.get('accepted'), 1)
  })

test('a client that offers only unknown subprotocols is refused with 400 and the known ones, not its own', async () => {
  await using house = await aServer()

  const { status, body } = await house.client('canary-secret-token').refused()

  assert.equal(status, 400)
  assert.match(body, /payer-status-v2, payer-status-v1/)
  assert.doesNotMatch(body, /canary/)
  assert.equal(house.hub.counters.handshakes.get('bad_request'), 1)
})

const key = (value: string) => ({ 'Sec-WebSocket-Key': value })
const handshakes: [title: string, text: string, status: number][] = [
  ['another path', handshakeText({}, 'GET /ws2 HTTP/1.1'), 404],
  ['a path below', handshakeText({}, 'GET /ws/ HTTP/1.1'), 404],
  ['another method', handshakeText({}, 'POST /ws HTTP/1.1'), 405],
  ['version 8', handshakeText({ 'Sec-WebSocket-Version': '8' }), 426],
  ['no version', handshakeText({ 'Sec-WebSocket-Version': '' }), 426],
  ['a short key', handshakeText(key('c2hvcnQ=')), 400],
  ['no key', handshakeText(key('')), 400],
  ['another upgrade', handshakeText({ Upgrade: 'h2c' }), 400],
  [
    'the same subprotocol twice',
    handshakeText({ 'Sec-WebSocket-Protocol': 'payer-status-v2, payer-status-v2' }),
    400,
  ],
  ['an empty subprotocol', handshakeText({ 'Sec-WebSocket-Protocol': 'payer-status-v2,,' }), 400],
  ['data before the end of the handshake', `${handshakeText()}early`, 400],
]

for (const [title, text, status] of handshakes)
  test(`a handshake with ${title} is answered ${status}, and the connection ends`, async () => {
    await using house = await aServer()
    const socket = house.raw()

    socket.write(text)
    const answer = (await untilEnd(socket)).toString()

    assert.match(answer, new RegExp(`^HTTP/1\\.1 ${status} `))
    assert.match(answer, /application\/problem\+json/)
    assert.match(answer, /connection: close/)
    assert.equal(house.hub.size, 0)
  })

test('an answer to a wrong version names the right one', async () => {
  await using house = await aServer()
  const socket = house.raw()

  socket.write(handshakeText({ 'Sec-WebSocket-Version': '12' }))

  assert.match((await untilEnd(socket)).toString(), /sec-websocket-version: 13\r\n/)
})

test('a query after the exact path is taken', async () => {
  await using house = await aServer()
  const socket = house.raw()

  socket.write(handshakeText({}, 'GET /ws?ticket=x HTTP/1.1'))
  const [first] = await once(socket, 'data')
  socket.destroy()

  assert.match(String(first), /^HTTP\/1\.1 101 /)
})

test('the guard has its say before anything else', async () => {
  const message = 'the Origin is not allowed'
  await using house = await aServer({
    guard: ({ headers }) => (headers.origin ? { status: 403, message } : undefined),
  })
  const socket = house.raw()

  socket.write(handshakeText({ Origin: 'https://evil.example' }))
  const answer = (await untilEnd(socket)).toString()

  assert.match(answer, /^HTTP\/1\.1 403 /)
  assert.match(answer, new RegExp(message))
  assert.equal(house.hub.counters.handshakes.get('forbidden'), 1)
})

test('over the limits the answer is 503 with Retry-After, before the upgrade', async () => {
  await using house = await aServer({ settings: { maxConnections: 1 } })
  const first = await house.client('payer-status-v2').opened()

  const { status, headers } = await house.client('payer-status-v2').refused()
  first.ws.close()
  await first.closed()

  assert.equal(status, 503)
  assert.ok(Number(headers['retry-after']) >= 1)
  assert.equal(house.hub.counters.handshakes.get('overloaded'), 1)
  await house.client('payer-status-v2').opened()
})

test('a server that goes away refuses newcomers, says so to its clients, and closes them with 4200', async () => {
  await using house = await aServer()
  const v2 = await house.client('payer-status-v2').opened()
  const v1 = await house.client().opened()
  const codes = Promise.all([v2.closed(), v1.closed()])

  const drained = house.hub.drain(20)
  const { status } = await house.client('payer-status-v2').refused()
  const drain = await v2.nextOf('drain')
  await drained

  assert.equal(status, 503)
  assert.equal(drain.type, 'drain')
  assert.deepEqual(await codes, [4200, 1001])
})

test('disposing ends sockets that the hub has not closed, and stops taking new ones', async () => {
  const house = await aServer()
  const client = await house.client('payer-status-v2').opened()
  const closed = client.closed()

  await house[Symbol.asyncDispose]()

  assert.equal(await closed, 4200)
})

test('closes are counted by code and initiator, the codes of clients only where they are known', async () => {
  await using house = await aServer()
  for (const code of [1000, 3333]) {
    const client = await house.client('payer-status-v2').opened()
    client.ws.close(code)
    await client.closed()
  }

  assert.equal(house.hub.counters.closes.get('1000:client'), 1)
  assert.equal(house.hub.counters.closes.get('other:client'), 1)
})

test('control frames and shared frames do not mix: a client that pings through a flood of updates reads every frame', async () => {
  await using house = await aServer({ settings: { tick: 0, unacknowledged: 100_000_000 } })
  const client = await house.client('payer-status-v2').opened()
  client.say({ type: 'subscribe' })
  await client.nextOf('snapshot')
  let pongs = 0
  client.ws.on('pong', () => pongs++)

  for (let i = 0; i < 15; i++) {
    for (let j = 0; j < 40; j++) house.book.result('aetna/login', { vantage: 'v'.repeat(20_000) })
    house.changed()
    client.ws.ping(String(i))
    await once(client.ws, 'pong')
  }
  const last = house.book.result('aetna/login')
  house.changed()
  let updates = await client.nextOf('updates')
  while (updates.rev < last) updates = await client.nextOf('updates')

  assert.equal(pongs, 15)
  assert.equal(updates.rev, last)
})
