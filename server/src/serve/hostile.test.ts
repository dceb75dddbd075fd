import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { test } from 'node:test'
import { aServer, handshakeText, untilEnd } from '../../test/support/serve-house.ts'

type House = Awaited<ReturnType<typeof aServer>>

/** A bare socket after a valid handshake, on which anything may be written. */
async function upgraded(house: House): Promise<Socket> {
  const socket = house.raw()
  socket.on('error', () => {})
  socket.write(handshakeText())
  await once(socket, 'data')
  return socket
}

/** A frame as a client sends it: masked with zeros, so that the payload stays readable. */
function frame(first: number, payload: Buffer | string): Buffer {
  const body = Buffer.from(payload)
  const head = [first]
  if (body.length < 126) head.push(0x80 | body.length)
  else head.push(0x80 | 126, body.length >> 8, body.length & 0xff)
  return Buffer.concat([Buffer.from([...head, 0, 0, 0, 0]), body])
}

/** The code of the close frame at the end of what a server sent. */
function closeCode(bytes: Buffer): number {
  const at = bytes.lastIndexOf(0x88)
  return at === -1 ? 0 : bytes.readUInt16BE(at + 2)
}

const attacks: [title: string, bytes: Buffer, code: number][] = [
  ['a text that is not UTF-8', frame(0x81, Buffer.from([0xc3, 0x28])), 1007],
  ['a frame without a mask', Buffer.from([0x81, 0x02, 0x7b, 0x7d]), 1002],
  ['raw bytes that are no frame', Buffer.from([0xff, 0xff, 0xff, 0xff]), 1002],
  ['a reserved bit', frame(0xc1, '{}'), 1002],
  ['a continuation of nothing', frame(0x80, '{}'), 1002],
  ['a fragmented ping', frame(0x09, ''), 1002],
  ['a close code that may not be sent', frame(0x88, Buffer.from([0x03, 0xed])), 1002],
  [
    'more than 16 fragments',
    Buffer.concat([frame(0x01, '{'), ...Array(1_000).fill(frame(0x00, ' '))]),
    1008,
  ],
]

for (const [title, bytes, code] of attacks)
  test(`${title} closes with ${code} and is counted`, async () => {
    await using house = await aServer()
    const socket = await upgraded(house)

    socket.write(bytes)
    const answer = await untilEnd(socket)

    assert.equal(closeCode(answer), code)
    assert.equal(house.hub.counters.closes.get(`${code}:server`), 1)
    assert.equal(house.hub.size, 0)
  })

test('a frame of 16 KiB is read, one of a byte more is an error, one over 64 KiB closes with 1009', async () => {
  await using house = await aServer()
  const client = await house.client('payer-status-v2').opened()
  const closed = client.closed()

  client.ws.send(`"${'x'.repeat(16_382)}"`)
  const invalid = await client.nextOf('error')
  client.ws.send(`"${'x'.repeat(16_383)}"`)
  const large = await client.nextOf('error')
  client.ws.send('x'.repeat(65_537))

  assert.equal(invalid.code, 'invalid_frame')
  assert.equal(large.code, 'too_large')
  assert.equal(await closed, 1009)
  assert.equal(house.hub.counters.closes.get('1009:server'), 1)
})

test('a v1 frame of more than 16 KiB closes with 1009', async () => {
  await using house = await aServer()
  const client = await house.client('payer-status-v1').opened()
  const closed = client.closed()

  client.ws.send(`"${'x'.repeat(16_383)}"`)

  assert.equal(await closed, 1009)
})

test('a length of 2^63 in a frame header closes at once', async () => {
  await using house = await aServer()
  const socket = await upgraded(house)

  socket.write(Buffer.from([0x81, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]))

  assert.equal(closeCode(await untilEnd(socket)), 1009)
})

test('a hostile client harms no other', async () => {
  await using house = await aServer()
  const good = await house.client('payer-status-v2').opened()
  good.say({ type: 'subscribe' })
  await good.nextOf('snapshot')

  for (const [, bytes] of attacks) {
    const socket = await upgraded(house)
    socket.write(bytes)
    await untilEnd(socket)
  }
  const reset = await upgraded(house)
  reset.resetAndDestroy()
  house.book.result('aetna/login')
  house.changed()

  assert.equal((await good.nextOf('updates')).endpoints?.length, 1)
})

test('a client that vanishes in the middle of a frame is forgotten', async () => {
  await using house = await aServer()
  const socket = await upgraded(house)
  const left = new Promise<void>((resolve) => {
    const leave = house.hub.leave.bind(house.hub)
    house.hub.leave = (session) => {
      leave(session)
      resolve()
    }
  })

  socket.write(Buffer.from([0x81, 0x85, 0, 0]))
  socket.destroy()
  await left

  assert.equal(house.hub.size, 0)
  assert.equal(house.hub.counters.connections.v2, 0)
})

test('a client that stops reading costs only its position: others hear everything, it is skipped', async () => {
  await using house = await aServer({ settings: { unacknowledged: 65_536 } })
  const stopped = await house.client('payer-status-v2').opened()
  const good = await house.client('payer-status-v2').opened()
  for (const client of [stopped, good]) {
    client.say({ type: 'subscribe' })
    await client.nextOf('snapshot')
  }
  stopped.ws.pause()

  let last = 0
  for (let i = 0; i < 40; i++) {
    last = house.book.result('aetna/login', { vantage: `${i}${'v'.repeat(20_000)}` })
    house.changed()
    await good.nextOf('updates')
  }
  const { lagging } = house.hub.counters
  stopped.ws.resume()
  let updates = await stopped.nextOf('updates')
  while (updates.rev < last) updates = await stopped.nextOf('updates')

  assert.equal(lagging, 1)
  assert.equal(updates.rev, last)
})
