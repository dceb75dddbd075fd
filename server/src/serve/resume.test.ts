import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aHub, subscribed } from '../../test/support/hub-house.ts'

test('a client that says where it was gets exactly what changed since, closed incidents included', () => {
  const { join, book, hub } = aHub()
  const since = { epoch: 'e1', rev: book.board.rev }
  book.endpoint('aetna/login', { status: 'down' })
  book.incident(1)
  book.incident(1, { status: 'resolved' })
  book.result('cigna/eligibility')
  const { socket, say } = join()
  socket.take()

  say({ type: 'subscribe', since })

  const [updates, ...others] = socket.take()
  assert.deepEqual(others, [])
  assert.equal(updates?.type, 'updates')
  assert.equal(updates?.rev, book.board.rev)
  assert.deepEqual(
    updates?.endpoints?.map(({ endpoint }) => endpoint),
    ['aetna/login', 'cigna/eligibility'],
  )
  assert.deepEqual(
    updates?.incidents?.map(({ status }) => status),
    ['resolved'],
  )
  assert.deepEqual(hub.counters.resumes, { resumed: 1, snapshot: 0 })
})

test('a resume that missed nothing is answered all the same, so that the client knows it holds', () => {
  const { join, book } = aHub()
  const { socket, say } = join()
  socket.take()

  say({ type: 'subscribe', since: { epoch: 'e1', rev: book.board.rev } })

  assert.deepEqual(socket.take(), [{ type: 'updates', rev: book.board.rev }])
})

for (const [title, since] of [
  ['of another epoch', { epoch: 'e0', rev: 3 }],
  ['ahead of the log', { epoch: 'e1', rev: 99 }],
] as const)
  test(`a position ${title} gets a snapshot`, () => {
    const { join, hub } = aHub()
    const { socket, say } = join()
    socket.take()

    say({ type: 'subscribe', since })

    assert.equal(socket.take()[0]?.type, 'snapshot')
    assert.deepEqual(hub.counters.resumes, { resumed: 0, snapshot: 1 })
  })

test('a position from before something that is forgotten gets a snapshot', () => {
  const { join, book } = aHub()
  const since = { epoch: 'e1', rev: book.board.rev }
  book.remove('endpoint', 'aetna/login', { at: 1_000 })
  book.board.forget(2_000)
  const { socket, say } = join()
  socket.take()

  say({ type: 'subscribe', since })

  assert.equal(socket.take()[0]?.type, 'snapshot')
})

test('a client that was away while its payer was removed can still ask for it, and hears that it is gone', () => {
  const { join, book } = aHub()
  const since = { epoch: 'e1', rev: book.board.rev }
  book.remove('endpoint', 'cigna/eligibility')
  book.remove('payer', 'cigna')
  const { socket, say } = join()
  socket.take()

  say({ type: 'subscribe', since, filter: [{ payers: ['Cigna'] }] })

  const [updates] = socket.take()
  assert.equal(updates?.type, 'updates')
  assert.equal(updates?.endpoints?.[0]?.removed, true)
  assert.equal(updates?.payers?.[0]?.removed, true)
})

test('a session that is slower than what is remembered gets a snapshot instead of a hole', async () => {
  const house = aHub()
  const { socket } = subscribed(house)
  socket.writable = false
  house.book.remove('endpoint', 'aetna/login', { at: 1_000 })
  await house.tick()
  house.book.board.forget(2_000)

  socket.writable = true
  house.book.result('cigna/eligibility')
  await house.tick()

  const frames = socket.take()
  assert.deepEqual(
    frames.map(({ type }) => type),
    ['snapshot'],
  )
  assert.equal(frames[0]?.endpoints?.length, 2)
})
