import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aHub, type HubHouse, subscribed } from '../../test/support/hub-house.ts'

const BIG = 'x'.repeat(3_000)

/** Fills the board so that a snapshot takes several parts. */
function fill({ book }: HubHouse, endpoints = 250): void {
  for (let i = 0; i < endpoints; i++) book.endpoint(`aetna/e${i}`, { vantage: BIG })
}

test('a slow socket is skipped, keeps its position, and gets the latest when it drains', async () => {
  const house = aHub()
  const slow = subscribed(house)
  const fast = subscribed(house)
  slow.socket.writable = false

  for (let i = 0; i < 5; i++) {
    house.book.result('aetna/login', { status: i === 4 ? 'down' : 'degraded' })
    await house.tick()
  }
  const lagging = house.hub.counters.lagging
  slow.socket.writable = true
  slow.session.drained()

  assert.equal(fast.socket.take().length, 5)
  const frames = slow.socket.take()
  assert.equal(frames.length, 1)
  assert.equal(frames[0]?.endpoints?.[0]?.status, 'down')
  assert.deepEqual([lagging, house.hub.counters.lagging], [1, 0])
  assert.equal(house.hub.counters.conflated, 4)
})

test('a socket with more than the limit unacknowledged is skipped although it takes writes', async () => {
  const house = aHub({ settings: { unacknowledged: 1_000 } })
  const { socket, session } = subscribed(house)
  socket.unsentBytes = 1_001

  house.book.result('aetna/login')
  await house.tick()
  const skipped = socket.take()
  socket.unsentBytes = 1_000
  session.drained()

  assert.deepEqual(skipped, [])
  assert.equal(socket.take().length, 1)
})

test('a short outage that a slow client slept through reaches it as a closed incident', async () => {
  const house = aHub()
  const { socket, session } = subscribed(house)
  socket.writable = false
  house.book.incident(1)
  await house.tick()
  house.book.incident(1, { status: 'resolved', resolvedAt: '2026-01-01T00:02:00.000Z' })
  await house.tick()

  socket.writable = true
  session.drained()

  const [updates] = socket.take()
  assert.deepEqual(
    updates?.incidents?.map(({ status }) => status),
    ['resolved'],
  )
})

test('a snapshot comes in parts of at most 256 KiB, all at one rev, the next only when the socket drained', async () => {
  const house = aHub()
  fill(house)
  const { socket, session, say } = house.join()
  socket.take()

  say({ type: 'subscribe' })
  socket.writable = false
  await house.clock.advance(1_000)
  const first = socket.writes.length
  socket.writable = true
  session.drained()
  socket.writable = false
  await house.clock.advance(1_000)
  const second = socket.writes.length
  socket.writable = true
  await house.clock.advance(0)

  assert.deepEqual([first, second], [1, 2])
  await house.clock.advance(1_000)
  assert.ok(socket.writes.every((bytes) => bytes.length <= 256 * 1024))
  const parts = socket.take().filter(({ type }) => type === 'snapshot')
  assert.deepEqual(
    parts.map(({ part, of, rev }) => [part, of, rev]),
    parts.map((_, i) => [i + 1, parts.length, house.book.board.rev]),
  )
  assert.equal(parts.flatMap(({ endpoints = [] }) => endpoints).length, 253)
})

test('what changes during a snapshot follows as updates from its rev', async () => {
  const house = aHub()
  fill(house)
  const { socket, say } = house.join()
  socket.take()
  say({ type: 'subscribe' })
  const snapshotRev = house.book.board.rev
  house.book.endpoint('aetna/e249', { status: 'down' })
  await house.tick()
  await house.clock.advance(1_000)

  const frames = socket.take()
  const snapshot = frames.filter(({ type }) => type === 'snapshot')
  assert.ok(snapshot.every(({ rev }) => rev === snapshotRev))
  const old = snapshot.flatMap(({ endpoints = [] }) => endpoints)
  assert.equal(old.find(({ endpoint }) => endpoint === 'aetna/e249')?.status, 'operational')
  const updates = frames.filter(({ type }) => type === 'updates')
  assert.deepEqual(
    updates.flatMap(({ endpoints = [] }) => endpoints.map(({ endpoint }) => endpoint)),
    ['aetna/e249'],
  )
})

test('of updates in parts only the last moves the position, so that a cut between them loses nothing', async () => {
  const house = aHub()
  const before = house.book.board.rev
  fill(house)
  const { socket, say } = house.join()
  socket.take()

  say({ type: 'subscribe', since: { epoch: 'e1', rev: before } })
  await house.clock.advance(100)

  const revs = socket.take().map(({ rev }) => rev)
  assert.ok(revs.length > 2)
  assert.deepEqual(
    revs,
    revs.map((_, i) => (i === revs.length - 1 ? house.book.board.rev : before)),
  )
})

test('what a snapshot left unacknowledged does not count against the updates after it', async () => {
  const house = aHub({ settings: { unacknowledged: 1_000 } })
  fill(house)
  const { socket, say } = house.join()
  say({ type: 'subscribe' })
  socket.unsentBytes = 500_000
  await house.clock.advance(1_000)
  socket.take()

  house.book.result('aetna/login')
  await house.tick()

  assert.equal(socket.take().length, 1)
})

test('a client that unsubscribes in the middle of what it missed stays where it was', async () => {
  const house = aHub()
  const since = { epoch: 'e1', rev: house.book.board.rev }
  fill(house)
  const { socket, say } = house.join()
  socket.take()
  say({ type: 'subscribe', since })
  say({ type: 'unsubscribe' })
  socket.take()

  await house.clock.advance(15_000)

  assert.deepEqual(
    socket.take().map(({ type, rev }) => [type, rev]),
    [['heartbeat', since.rev]],
  )
})

test('a slow client without progress for the grace is closed with 4101, one that makes progress is not', async () => {
  const house = aHub()
  const stuck = subscribed(house)
  const slow = subscribed(house)
  for (const { socket } of [stuck, slow]) {
    socket.writable = false
    socket.unsentBytes = 1_000
  }
  house.book.result('aetna/login')
  await house.tick()

  for (let second = 0; second < 58; second++) {
    for (const { session } of [stuck, slow]) session.alive()
    slow.socket.unsentBytes--
    await house.clock.advance(1_000)
  }
  assert.ok(!stuck.socket.isClosed)
  await house.clock.advance(4_000)

  assert.equal(stuck.socket.closedWith?.code, 4101)
  assert.ok(!slow.socket.isClosed)
})

test('a slow client to whom nothing is owed is not late', async () => {
  const house = aHub()
  const { socket } = subscribed(house, { filter: [{ payers: ['cigna'] }] })
  socket.writable = false

  house.book.result('aetna/login')
  await house.tick()

  assert.equal(house.hub.counters.lagging, 0)
})
