/** Clients that stop reading, over real sockets: what the kernel hides is counted all the same. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { test } from 'node:test'
import { aServer, handshakeText, type TestClient } from '../../test/support/serve-house.ts'

const LIMIT = 64 * 1024
const LONG = 'x'.repeat(8_000)

/** A server that loses patience early. */
function anImpatientServer(stuckAfter = 300) {
  return aServer({ settings: { unacknowledged: LIMIT, stuckAfter, heartbeat: 200 } })
}

/** A close frame with 4101 and its reason, RFC 6455 section 5.5.1. */
const CLOSED_4101 = Buffer.from('\x88\x1d\x10\x05what was sent was not taken', 'latin1')

type Server = Awaited<ReturnType<typeof anImpatientServer>>

/** A raw client that has subscribed and reads nothing from now on. */
async function aStuckClient(server: Server): Promise<Socket> {
  const socket = server.raw()
  socket.on('error', () => {})
  socket.write(handshakeText())
  await once(socket, 'data')
  socket.write(masked('{"type":"subscribe"}'))
  await once(socket, 'data')
  socket.pause()
  return socket
}

/** A text frame as clients send it, RFC 6455 section 5.3, under the mask 0. */
function masked(text: string): Buffer {
  return Buffer.concat([Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]), Buffer.from(text)])
}

/** Changes an endpoint again and again, each time when a reader has got the last change, until it is enough. */
async function change(server: Server, reader: TestClient, isEnough: () => boolean): Promise<void> {
  for (let i = 0; i < 2_000 && !isEnough(); i++) {
    server.book.endpoint('aetna/login', { vantage: `${i}${LONG}` })
    server.changed()
    await reader.nextOf('updates')
  }
  assert.ok(isEnough())
}

async function aReader(server: Server): Promise<TestClient> {
  const reader = await server.client('payer-status-v2').opened()
  reader.say({ type: 'subscribe' })
  await reader.nextOf('snapshot')
  return reader
}

test('a client that reads nothing is closed with 4101, and the others hear everything', {
  timeout: 10_000,
}, async () => {
  await using server = await anImpatientServer()
  const reader = await aReader(server)
  const stuck = await aStuckClient(server)
  const { closes } = server.hub.counters

  await change(server, reader, () => server.hub.counters.lagging === 1)
  const sent = server.hub.counters.bytesSent
  while (!closes.has('4101:server')) await reader.nextOf('heartbeat')
  stuck.resume()
  let left = Buffer.alloc(0)
  while (!left.includes(CLOSED_4101)) left = Buffer.concat([left, ...(await once(stuck, 'data'))])
  stuck.destroy()

  assert.ok(left.length < LIMIT + 2 * LONG.length, 'what waits for it is bounded')
  assert.ok(sent > LIMIT)
})

test('a client that pauses for a while gets the latest of what it missed, and stays', {
  timeout: 10_000,
}, async () => {
  await using server = await anImpatientServer(60_000)
  const reader = await aReader(server)
  const pausing = await aReader(server)
  pausing.ws.pause()

  await change(server, reader, () => server.hub.counters.lagging === 1)
  await change(server, reader, () => server.hub.counters.bytesSent > 10 * LIMIT)
  pausing.ws.resume()
  const { rev } = server.book.board
  let frames = 0
  for (let seen = await pausing.nextOf('updates'); seen.rev < rev; frames++)
    seen = await pausing.nextOf('updates')

  assert.ok(frames < 20, 'what lies between is left out')
  assert.equal(server.hub.counters.lagging, 0)
  assert.ok(server.hub.counters.conflated > 0)
})
