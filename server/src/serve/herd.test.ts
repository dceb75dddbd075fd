import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aHub, type HubHouse, subscribed } from '../../test/support/hub-house.ts'

/** A board whose snapshot takes several parts, and a herd that has got the first of them. */
function aHerd(size: number) {
  const house = aHub()
  for (let i = 0; i < 250; i++) house.book.endpoint(`aetna/e${i}`, { vantage: 'x'.repeat(3_000) })
  const clients = Array.from({ length: size }, () => subscribed(house))
  return { house, clients }
}

const kept = ({ hub }: HubHouse) => hub.counters.keptBytes

test('a herd shares the parts of a snapshot, also when the board changes meanwhile', async () => {
  const { house, clients } = aHerd(20)
  const hellos = 1 // the same for all who come at one position
  house.book.result('aetna/login')
  await house.tick()
  await house.clock.advance(500)

  const writes = clients.map(({ socket }) => socket.take())
  const parts = writes[0]?.filter(({ type }) => type === 'snapshot').length ?? 0

  assert.ok(parts > 1)
  assert.ok(writes.every((frames) => frames.at(-1)?.type === 'updates'))
  assert.equal(house.hub.counters.framesEncoded - hellos, 1 + parts + 1)
})

test('what was shared is let go when all have passed it, or have left', async () => {
  const { house, clients } = aHerd(3)
  const [fast, slow, leaver] = clients
  assert.ok(fast && slow && leaver)
  for (const { socket } of [slow, leaver]) socket.writable = false
  house.book.result('aetna/login')
  await house.tick()
  await house.clock.advance(500)

  const whileSlow = kept(house)
  slow.socket.writable = true
  slow.session.drained()
  await house.clock.advance(500)
  const whileLeaving = kept(house)
  leaver.session.gone('other', 'client')
  await house.clock.advance(1_000)

  assert.ok(whileSlow > 500_000)
  assert.ok(whileLeaving > 500_000)
  assert.equal(kept(house), 0)
})

test('a drained client goes on without a look at the others that are late', async () => {
  const house = aHub()
  const [drained, other] = [subscribed(house), subscribed(house)]
  for (const { socket } of [drained, other]) socket.writable = false
  house.book.result('aetna/login')
  await house.tick()
  let looks = 0
  Object.defineProperty(other.socket, 'writable', {
    get: () => {
      looks++
      return false
    },
  })

  drained.socket.writable = true
  drained.session.drained()

  assert.equal(drained.socket.take().length, 1)
  assert.equal(looks, 0)
})

test('a v1 client that is slower than what is remembered gets flat frames, nothing of v2', async () => {
  const house = aHub()
  const { socket } = house.join('v1')
  socket.writable = false
  house.book.remove('endpoint', 'aetna/login', { at: 1_000 })
  house.book.result('aetna/eligibility')
  await house.tick()
  house.book.board.forget(2_000)

  socket.writable = true
  house.book.result('cigna/eligibility')
  await house.tick()

  const frames = socket.take() as object[]
  assert.deepEqual(
    frames.map((frame) => 'ts' in frame && !('rev' in frame)),
    [true, true],
  )
})
