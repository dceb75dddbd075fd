import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { type TestContext, test } from 'node:test'
import { aHub } from '../../test/support/hub-house.ts'
import { handshakeText } from '../../test/support/serve-house.ts'
import { systemClock } from '../lib/clock.ts'
import { silentLog } from '../lib/log.ts'
import { listen } from './listen.ts'
import { makeListener } from './listener.ts'
import { serveEvents } from './sse.ts'
import { acceptSockets } from './ws.ts'

const LIMITS = { bodyBytes: 1_024, maxConnections: 1_000, connectionsPerAddress: 2 }
const PATIENCE_MS = 300

/** A listener with an answer too large for any buffer at `/big`, `/events`, and `/ws`. */
async function aListener(t: TestContext, patienceMs = PATIENCE_MS) {
  const { hub, names } = aHub()
  const guard = () => undefined
  const app = makeListener({
    guard,
    log: silentLog,
    limits: LIMITS,
    allowedOrigins: [],
    patienceMs,
  })
  app.get('/big', () => 'x'.repeat(50_000_000))
  app.get('/events', (request, reply) => {
    reply.hijack()
    serveEvents(request.raw, reply.raw, { hub, names, random: () => 0.5 })
  })
  const limits = { frameBytes: 1_024, unacknowledged: 1_024 }
  const sockets = acceptSockets(app.server, {
    hub,
    guard,
    clock: systemClock,
    limits,
    log: silentLog,
  })
  const { port } = await listen(app, { host: '127.0.0.1', port: 0, flag: '--port' })
  const clients: Socket[] = []
  t.after(async () => {
    for (const client of clients) client.destroy()
    await sockets[Symbol.asyncDispose]()
    await app.close()
  })
  /** Connects, says something, and returns both ends of the connection. */
  const open = async (text: string): Promise<{ near: Socket; far: Socket }> => {
    const near = connect(port, '127.0.0.1')
    near.on('error', () => {})
    clients.push(near)
    const [far] = (await once(app.server, 'connection')) as [Socket]
    near.write(text)
    return { near, far }
  }
  return { open, hub }
}

const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`

test('a client that reads nothing of its answer is cut off', { timeout: 20_000 }, async (t) => {
  const { open } = await aListener(t)
  const { near, far } = await open(get('/big'))
  near.pause()

  await once(far, 'close')

  assert.ok(far.destroyed)
})

test('clients that are told what changes live on, however quiet it is', {
  timeout: 20_000,
}, async (t) => {
  const { open, hub } = await aListener(t)
  const events = await open(get('/events'))
  await once(events.near, 'data')
  const socket = await open(handshakeText())
  await once(socket.near, 'data')

  const slow = await open(get('/big'))
  slow.near.pause()
  await once(slow.far, 'close')

  assert.deepEqual([events.far.destroyed, socket.far.destroyed], [false, false])
  assert.equal(hub.size, 2)
})

test('an address has so many connections at once, and a place again when one ends', {
  timeout: 20_000,
}, async (t) => {
  const { open } = await aListener(t, 10_000)
  const most = LIMITS.connectionsPerAddress + 100
  const kept: Socket[] = []
  for (let i = 0; i < most; i++) kept.push((await open('')).far)

  const refused = await open('')
  kept[0]?.destroy()
  await once(kept[0] as Socket, 'close')
  const accepted = await open('')

  assert.ok(refused.far.destroyed)
  assert.ok(!accepted.far.destroyed)
  assert.ok(kept.slice(1).every(({ destroyed }) => !destroyed))
})
