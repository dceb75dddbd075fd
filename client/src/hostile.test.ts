import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FarSide } from '../test/support/far-side.ts'
import { watch } from '../test/support/following.ts'
import { hello, state } from '../test/support/records.ts'

const hostile: Record<string, object | string> = {
  'broken JSON': '{"type":"upd',
  'a number': '7',
  'an empty frame': '',
  'updates before a snapshot': { type: 'updates', rev: 5 },
  'the second part first': { type: 'snapshot', epoch: 'e1', rev: 5, part: 2, of: 2 },
  'records that are none': { type: 'updates', rev: 5, endpoints: ['a/x'] },
  'a rev below zero': { type: 'heartbeat', rev: -5, stale: false, lagMs: 0 },
}

for (const [name, frame] of Object.entries(hostile)) {
  test(`${name}: the connection is given up, with a backoff`, async (t) => {
    const server = await FarSide.start(t)
    const { states, timing, changes } = watch(t, server.url)
    const peer = await server.next()
    await peer.greet()
    timing.chance = 0

    peer.send(frame)
    const end = await states.next(({ phase }) => phase === 'reconnecting')

    assert.ok(end.phase === 'reconnecting' && end.retryAt - timing.now() === 1_000)
    assert.equal(await peer.closed, 1000)
    assert.equal(changes.all.length, 0)
  })
}

test('a frame before the hello, or a second hello: the connection is given up', async (t) => {
  for (const frames of [
    [{ type: 'heartbeat', rev: 1, at: '', stale: false, lagMs: 0 }],
    [hello(), hello()],
  ]) {
    const server = await FarSide.start(t)
    const { states } = watch(t, server.url)
    const peer = await server.next()

    peer.send(...frames)
    await states.next(({ phase }) => phase === 'reconnecting')

    assert.ok(peer.received.all.length <= 1)
  }
})

test('a drain that never ends does', async (t) => {
  const server = await FarSide.start(t)
  const { timing, changes } = watch(t, server.url)
  const peer = await server.next()
  await peer.greet({ heartbeatMs: 200_000 })
  peer.send({ type: 'drain', reconnectAfterMs: [1e15, 1e15] })
  peer.send({ type: 'snapshot', epoch: 'e1', rev: 1, part: 1, of: 1, endpoints: [state('a/x', 1)] })
  await changes.next()

  timing.pass(300_000)

  await server.next()
})

test('bytes: the connection is given up', async (t) => {
  const server = await FarSide.start(t)
  const { states } = watch(t, server.url)
  const peer = await server.next()
  await peer.greet()

  peer.sendBytes(new Uint8Array([0x7b, 0x7d]))
  const end = await states.next(({ phase }) => phase === 'reconnecting')

  assert.equal(end.phase, 'reconnecting')
})

test('a server that speaks another subprotocol is left alone for a while, not for ever', async (t) => {
  const server = await FarSide.start(t, '')
  const { states, timing } = watch(t, server.url)

  while (!states.all.some(({ phase }) => phase === 'reconnecting')) {
    await new Promise((resolve) => setImmediate(resolve))
    timing.pass(1)
  }

  assert.equal(states.all.at(-1)?.phase, 'reconnecting')
})

test('ids like those of object prototypes are ids', async (t) => {
  const server = await FarSide.start(t)
  const { changes } = watch(t, server.url)
  const peer = await server.next()
  await peer.greet()

  const endpoints = [state('__proto__', 1), state('constructor', 1)]
  peer.send({ type: 'snapshot', epoch: 'e1', rev: 1, part: 1, of: 1, endpoints })
  const change = await changes.next()

  assert.deepEqual(
    change.endpoints.map(({ endpoint }) => endpoint),
    ['__proto__', 'constructor'],
  )
})

test('after the end of a connection, what it still sends counts for nothing', async (t) => {
  const server = await FarSide.start(t)
  const { changes, states } = watch(t, server.url)
  const peer = await server.next()
  await peer.greet()

  peer.send('nonsense')
  peer.send({ type: 'snapshot', epoch: 'e1', rev: 1, part: 1, of: 1, endpoints: [state('a/x', 1)] })
  await states.next(({ phase }) => phase === 'reconnecting')
  await peer.closed

  assert.equal(changes.all.length, 0)
})
