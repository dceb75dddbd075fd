import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aHub, subscribed } from '../../test/support/hub-house.ts'

test('a filter matches payers by id, display name or alias without regard to case, and types by capability', () => {
  const { join } = aHub()
  const counts = [
    [{ payers: ['aetna'] }, 2],
    [{ payers: ['AETNA better health'] }, 2],
    [{ payers: ['Cigna'], types: ['ELIGIBILITY'] }, 1],
    [{ types: ['provider_portal'] }, 1],
    [{ endpoints: ['aetna/login'] }, 1],
    [{ payers: [], types: [] }, 3],
  ] as const

  const seen = counts.map(([clause]) => {
    const { socket, say } = join()
    say({ type: 'subscribe', filter: [clause] })
    return socket.take()[1]?.endpoints?.length
  })

  assert.deepEqual(
    seen,
    counts.map(([, count]) => count),
  )
})

test('clauses are joined by OR and the lists inside one by AND', () => {
  const { join } = aHub()
  const { socket, say } = join()

  say({
    type: 'subscribe',
    filter: [{ payers: ['aetna'], types: ['login'] }, { endpoints: ['cigna/eligibility'] }],
  })

  const ids = socket.take()[1]?.endpoints?.map((state) => state.endpoint)
  assert.deepEqual(ids?.sort(), ['aetna/login', 'cigna/eligibility'])
})

test('what does not match is not sent, and an empty filter means everything', async () => {
  const house = aHub()
  const cigna = subscribed(house, { filter: [{ payers: ['cigna'] }] })
  const all = subscribed(house, { filter: [] })

  house.book.result('aetna/login')
  await house.tick()

  assert.deepEqual(cigna.socket.take(), [])
  assert.equal(all.socket.take().length, 1)
})

test('an unknown name is an error that lists near matches without repeating it, and changes nothing', async () => {
  const house = aHub()
  const { socket, say } = subscribed(house, { filter: [{ payers: ['cigna'] }] })

  say({ type: 'subscribe', filter: [{}, { payers: ['aetna', 'aetnb'], types: ['zzzzzz'] }] })

  const [error, ...others] = socket.take()
  assert.deepEqual(others, [])
  assert.equal(error?.code, 'unknown_name')
  const text = JSON.stringify(error)
  assert.match(text, /filter\[1\]\.payers\[1\]: no payer has this name; near names: aetna/)
  assert.match(text, /filter\[1\]\.types\[0\]/)
  assert.doesNotMatch(text, /aetnb|zzzzzz/)
  house.book.result('cigna/eligibility')
  await house.tick()
  assert.equal(socket.take().length, 1)
})

test('a second subscribe replaces the first', async () => {
  const house = aHub()
  const { socket, say } = subscribed(house, { filter: [{ payers: ['aetna'] }] })

  say({ type: 'subscribe', filter: [{ payers: ['cigna'] }] })
  socket.take()
  house.book.result('aetna/login')
  await house.tick()

  assert.deepEqual(socket.take(), [])
  assert.equal(house.hub.counters.groups, 1)
})

test('an endpoint whose new type leaves a filter is told as removed to those who had it, once', async () => {
  const house = aHub()
  const { socket } = subscribed(house, { filter: [{ types: ['login'] }], detail: 'status' })

  const rev = house.book.result('aetna/login', { type: 'portal' })
  await house.tick()
  house.book.result('aetna/login', { type: 'portal' })
  await house.tick()

  const frames = socket.take()
  assert.deepEqual(frames, [
    { type: 'updates', rev, endpoints: [{ endpoint: 'aetna/login', rev, removed: true }] },
  ])
})
