import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ServerFrame } from '@payer-status/protocol'
import { aHub, subscribed } from '../../test/support/hub-house.ts'

const everyFrame = (frames: unknown[]) => {
  for (const frame of frames) ServerFrame.parse(frame)
  return frames as ServerFrame[]
}

test('hello is the first frame and says where the log stands and what is allowed', () => {
  const { join } = aHub()

  const { socket } = join()

  const [hello, ...others] = everyFrame(socket.take())
  assert.deepEqual(others, [])
  assert.deepEqual(hello, {
    type: 'hello',
    epoch: 'e1',
    rev: 5,
    server: 'payer-status/test',
    node: 'n1',
    heartbeatMs: 15_000,
    auth: 'none',
    limits: {
      maxFrameBytes: 16_384,
      framesPerSecond: 10,
      frameBurst: 20,
      framesPerMinute: 100,
      maxFilterClauses: 32,
      maxFilterNames: 1_000,
    },
  })
})

test('nothing is sent after hello until the client subscribes', async () => {
  const house = aHub()
  const { socket } = house.join()
  socket.take()

  house.book.result('aetna/login')
  await house.tick()

  assert.deepEqual(socket.take(), [])
})

test('subscribe is answered with a snapshot of all that matches, at one rev', () => {
  const { join, book } = aHub()
  book.incident(1)
  book.incident(2, { status: 'resolved' })
  const { socket, say } = join()
  socket.take()

  say({ type: 'subscribe' })

  const [snapshot] = everyFrame(socket.take())
  assert.equal(snapshot?.type, 'snapshot')
  if (snapshot?.type !== 'snapshot') return
  assert.deepEqual(
    [snapshot.epoch, snapshot.rev, snapshot.part, snapshot.of],
    ['e1', book.board.rev, 1, 1],
  )
  assert.equal(snapshot.endpoints?.length, 3)
  assert.equal(snapshot.payers?.length, 2)
  assert.equal(snapshot.incidents?.length, 1, 'open incidents only')
})

test('updates carry what matches and changed, once, at its latest value, and leave out empty lists', async () => {
  const house = aHub()
  const { socket } = subscribed(house)

  house.book.result('aetna/login', { status: 'degraded' })
  house.book.result('aetna/login', { status: 'down' })
  await house.tick()

  const [updates, ...others] = everyFrame(socket.take())
  assert.deepEqual(others, [])
  assert.deepEqual(Object.keys(updates ?? {}), ['type', 'rev', 'endpoints'])
  assert.equal(updates?.type === 'updates' && updates.endpoints?.length, 1)
  assert.match(JSON.stringify(updates), /"status":"down"/)
})

test('detail "status" leaves out results that change no status, and always passes incidents and removals', async () => {
  const house = aHub()
  house.book.incident(1)
  const { socket } = subscribed(house, { detail: 'status' })

  house.book.result('aetna/login')
  await house.tick()
  const afterResult = socket.take()
  house.book.endpoint('aetna/login', { status: 'down' })
  house.book.incident(1, {}, { status: false })
  house.book.put({ kind: 'endpoint', id: 'cigna/eligibility', value: null }, { status: false })
  await house.tick()

  assert.deepEqual(afterResult, [])
  const [updates] = everyFrame(socket.take())
  assert.equal(updates?.type, 'updates')
  if (updates?.type !== 'updates') return
  assert.equal(updates.endpoints?.length, 2)
  assert.equal(updates.incidents?.length, 1)
})

test('unsubscribe ends updates, keeps the connection and its position', async () => {
  const house = aHub()
  const { socket, say } = subscribed(house)

  say({ type: 'unsubscribe' })
  house.book.result('aetna/login')
  await house.tick()
  await house.clock.advance(15_000)

  const frames = everyFrame(socket.take())
  assert.deepEqual(
    frames.map((frame) => [frame.type, 'rev' in frame && frame.rev]),
    [['heartbeat', 5]],
    'a position that moved past unseen changes would lose them at the next subscribe',
  )
  assert.equal(socket.closedWith, undefined)
})

test('ping is answered by pong with the same id', () => {
  const { join } = aHub()
  const { socket, say } = join()
  socket.take()

  say({ type: 'ping', id: 7 })
  say({ type: 'ping' })

  assert.deepEqual(everyFrame(socket.take()), [{ type: 'pong', id: 7 }, { type: 'pong' }])
})

test('an endpoint that leaves the catalogue is sent once as removed, and its subscribers stay', async () => {
  const house = aHub()
  const { socket } = subscribed(house, { filter: [{ payers: ['aetna'] }] })

  const rev = house.book.remove('endpoint', 'aetna/login')
  house.book.remove('payer', 'aetna')
  await house.tick()
  const [updates] = everyFrame(socket.take())
  house.book.result('aetna/eligibility')
  await house.tick()

  assert.deepEqual(updates?.type === 'updates' && updates.endpoints, [
    { endpoint: 'aetna/login', rev, removed: true },
  ])
  assert.deepEqual(updates?.type === 'updates' && updates.payers, [
    { payer: 'aetna', rev: rev + 1, removed: true },
  ])
  assert.equal(socket.take().length, 1)
})

test('authenticate says that this server asks for no token', () => {
  const { join } = aHub()
  const { socket, say } = join()
  socket.take()

  say({ type: 'authenticate', token: 'canary-token' })

  const [error] = everyFrame(socket.take())
  assert.deepEqual(error, {
    type: 'error',
    code: 'invalid_frame',
    message: 'this server asks for no token',
    issues: [],
  })
})
