import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FarSide, type Peer } from '../test/support/far-side.ts'
import { type Watched, watch } from '../test/support/following.ts'
import { state } from '../test/support/records.ts'

type Live = Watched & { server: FarSide; peer: Peer }

/** A client that has its snapshot, at rev 10 of epoch e1. */
async function live(t: Parameters<typeof watch>[0]): Promise<Live> {
  const server = await FarSide.start(t)
  const watched = watch(t, server.url)
  const peer = await server.next()
  await peer.greet({ rev: 10 })
  peer.send({
    type: 'snapshot',
    epoch: 'e1',
    rev: 10,
    part: 1,
    of: 1,
    endpoints: [state('a/x', 4)],
  })
  await watched.changes.next()
  return { ...watched, server, peer }
}

async function retryInMs({ states, timing }: Live): Promise<number> {
  const state = await states.next(({ phase }) => phase === 'reconnecting')
  return state.phase === 'reconnecting' ? state.retryAt - timing.now() : -1
}

test('after a cut it resumes from where it was, and nothing comes twice', async (t) => {
  const client = await live(t)
  const { server, peer, timing, changes } = client

  peer.cut()
  await retryInMs(client)
  timing.pass(20_000)
  const again = await server.next()
  const subscribe = await again.greet({ rev: 12 })
  again.send({ type: 'updates', rev: 12, endpoints: [state('a/x', 4), state('a/y', 12)] })
  const change = await changes.next()

  assert.deepEqual(subscribe.since, { epoch: 'e1', rev: 10 })
  assert.deepEqual(
    change.endpoints.map(({ rev }) => rev),
    [12],
  )
})

test('it is live again as soon as its subscription is resumed', async (t) => {
  const client = await live(t)
  const { server, peer, timing, states } = client

  peer.cut()
  await retryInMs(client)
  timing.pass(20_000)
  await (await server.next()).greet({ rev: 10 })
  const state = await states.next(({ phase }) => phase === 'live')

  assert.ok(state.phase === 'live' && !state.stale)
})

test('a node that knows less than was seen is live but stale', async (t) => {
  const client = await live(t)
  const { server, peer, timing, states } = client

  peer.cut()
  await retryInMs(client)
  timing.pass(20_000)
  await (await server.next()).greet({ rev: 8 })
  const state = await states.next(({ phase }) => phase === 'live')

  assert.ok(state.phase === 'live' && state.stale)
})

test('another epoch brings a snapshot that replaces everything', async (t) => {
  const client = await live(t)
  const { server, peer, timing, changes } = client

  peer.cut()
  await retryInMs(client)
  timing.pass(20_000)
  const again = await server.next()
  await again.greet({ epoch: 'e2', rev: 2 })
  again.send({
    type: 'snapshot',
    epoch: 'e2',
    rev: 2,
    part: 1,
    of: 1,
    endpoints: [state('a/z', 1)],
  })
  const change = await changes.next()

  assert.equal(change.kind, 'snapshot')
  assert.deepEqual(change.position, { epoch: 'e2', rev: 2 })
})

test('a lost connection waits a second and a random moment', async (t) => {
  const client = await live(t)

  client.timing.chance = 0.5
  client.peer.cut()

  assert.equal(await retryInMs(client), 1_250)
})

test('41xx waits a second at the least, 42xx less', async (t) => {
  const overloaded = await live(t)
  const aged = await live(t)
  overloaded.timing.chance = 0
  aged.timing.chance = 0.5

  overloaded.peer.close(4100)
  aged.peer.close(4201)

  assert.equal(await retryInMs(overloaded), 1_000)
  assert.equal(await retryInMs(aged), 250)
})

test('the range of the waits doubles until the cap, and begins anew after a good connection', async (t) => {
  const server = await FarSide.start(t)
  const client = { ...watch(t, server.url), server } as Live
  client.timing.chance = 0.999
  const waits: number[] = []

  for (let attempt = 0; attempt < 8; attempt++) {
    ;(await server.next()).close(1001)
    waits.push(Math.round(await retryInMs(client)))
    client.timing.pass(20_000)
  }
  const good = await server.next()
  await good.greet()
  good.send({ type: 'snapshot', epoch: 'e1', rev: 1, part: 1, of: 1 })
  await client.changes.next()
  client.timing.pass(6_000)
  good.close(1001)
  const afterGood = Math.round(await retryInMs(client))

  assert.deepEqual(waits.slice(0, 5), [1_500, 1_999, 2_998, 4_996, 8_992])
  assert.deepEqual(waits.slice(6), [19_981, 19_981])
  assert.equal(afterGood, 1_500)
})

test('a connection that is lost at once does not make the next wait short', async (t) => {
  const client = await live(t)
  client.timing.chance = 0.999

  client.peer.cut()
  const first = await retryInMs(client)
  client.timing.pass(20_000)
  const again = await client.server.next()
  await again.greet({ rev: 10 })
  await client.states.next(({ phase }) => phase === 'live')
  again.cut()
  const second = await retryInMs(client)

  assert.ok(second > first)
})

test('a drain is obeyed: it stays until a random moment in the range, then moves at once', async (t) => {
  const client = await live(t)
  const { server, peer, timing, changes, states } = client
  timing.chance = 0.5

  peer.send({ type: 'drain', reconnectAfterMs: [500, 8_000] })
  peer.send({ type: 'updates', rev: 11, endpoints: [state('a/x', 11)] })
  await changes.next()
  const waits = [...timing.waits]
  timing.pass(4_250)
  const again = await server.next()
  const subscribe = await again.greet({ rev: 11 })

  assert.ok(waits.includes(4_250))
  assert.deepEqual(subscribe.since, { epoch: 'e1', rev: 11 })
  assert.ok(states.all.some(({ phase }) => phase === 'reconnecting'))
})

test('a server that closes while it drains is not asked before that moment', async (t) => {
  const client = await live(t)
  const { server, peer, timing } = client
  timing.chance = 0.5

  peer.send({ type: 'drain', reconnectAfterMs: [500, 8_000] })
  peer.close(4200)
  const wait = await retryInMs(client)
  timing.pass(4_249)
  const early = server.peers.all.length
  timing.pass(1)
  await server.next()

  assert.equal(wait, 4_250)
  assert.equal(early, 1)
})

test('a connection without heartbeats is dead after two and a half of them', async (t) => {
  const client = await live(t)
  const { timing, states, server, peer } = client

  timing.pass(37_499)
  const before = states.all.some(({ phase }) => phase === 'reconnecting')
  timing.pass(1)
  await retryInMs(client)
  timing.pass(500)
  await server.next()

  assert.equal(before, false)
  assert.equal(await peer.closed, 1000)
})

test('a server that says nothing at first is given up after ten seconds', async (t) => {
  const server = await FarSide.start(t)
  const { timing, states } = watch(t, server.url)
  await server.next()

  timing.pass(10_000)
  const state = await states.next(({ phase }) => phase === 'reconnecting')

  assert.ok(state.phase === 'reconnecting' && state.heardAt === null)
})

test('an address where nobody listens is tried again', async (t) => {
  const { states, timing } = watch(t, 'ws://127.0.0.1:1/ws')

  while (!states.all.some(({ phase }) => phase === 'reconnecting')) {
    await new Promise((resolve) => setImmediate(resolve))
    timing.pass(1)
  }

  assert.equal(states.all.at(-1)?.phase, 'reconnecting')
})
