import assert from 'node:assert/strict'
import { test } from 'node:test'
import { WebSocket as WsSocket } from 'ws'
import { FarSide } from '../test/support/far-side.ts'
import { watch } from '../test/support/following.ts'
import { hello, payer, state } from '../test/support/records.ts'
import { follow } from './index.ts'

test('a snapshot comes first, then each change, with the position of each', async (t) => {
  const server = await FarSide.start(t)
  const { changes, following } = watch(t, server.url)
  const peer = await server.next()

  const subscribe = await peer.greet()
  const payers = [payer('aetna', 6)]
  peer.send({
    type: 'snapshot',
    epoch: 'e1',
    rev: 7,
    part: 1,
    of: 1,
    payers,
    endpoints: [state('aetna/login', 7)],
  })
  const first = await changes.next()
  peer.send({ type: 'updates', rev: 8, endpoints: [state('aetna/login', 8, { status: 'down' })] })
  const second = await changes.next()

  assert.deepEqual(subscribe, { type: 'subscribe' })
  assert.equal(first.kind, 'snapshot')
  assert.deepEqual(first.position, { epoch: 'e1', rev: 7 })
  assert.equal(first.payers[0]?.name, 'aetna')
  assert.equal(second.kind, 'updates')
  assert.equal(second.endpoints[0]?.status, 'down')
  assert.deepEqual(following.position, { epoch: 'e1', rev: 8 })
})

test('filter, detail and since travel in the subscription', async (t) => {
  const server = await FarSide.start(t)
  const filter = [{ payers: ['aetna'], types: ['eligibility'] }]
  const since = { epoch: 'e1', rev: 41 }
  watch(t, server.url, { filter, detail: 'status', since })

  const subscribe = await (await server.next()).greet({ rev: 50 })

  assert.deepEqual(subscribe, { type: 'subscribe', filter, detail: 'status', since })
})

test('the states tell connecting, live with its lag, and stale', async (t) => {
  const server = await FarSide.start(t)
  const { states } = watch(t, server.url)
  const peer = await server.next()
  await peer.greet()

  peer.send({ type: 'snapshot', epoch: 'e1', rev: 1, part: 1, of: 1 })
  const live = await states.next(({ phase }) => phase === 'live')
  peer.send({ type: 'heartbeat', rev: 1, at: '2026-01-01T00:00:00.000Z', stale: true, lagMs: 38 })
  const stale = await states.next(({ phase }) => phase === 'live')

  assert.equal(states.all[0]?.phase, 'connecting')
  assert.ok(live.phase === 'live' && live.lagMs === null && !live.stale)
  assert.ok(stale.phase === 'live' && stale.lagMs === 38 && stale.stale)
})

test('frames that are unknown, or answer nothing that was asked, change nothing', async (t) => {
  const server = await FarSide.start(t)
  const { changes } = watch(t, server.url)
  const peer = await server.next()
  await peer.greet()

  peer.send({ type: 'fireworks' }, { type: 'pong', id: 4 })
  peer.send({ type: 'snapshot', epoch: 'e1', rev: 1, part: 1, of: 1, endpoints: [state('a/x', 1)] })
  const change = await changes.next()

  assert.equal(change.kind, 'snapshot')
  assert.equal(server.peers.all.length, 1)
})

test('leaving the loop closes the connection', async (t) => {
  const server = await FarSide.start(t)
  const following = follow(server.url)
  const next = following.next()
  const peer = await server.next()
  await peer.greet()
  peer.send({ type: 'snapshot', epoch: 'e1', rev: 1, part: 1, of: 1 })

  const { value } = await next
  await following.return()

  assert.equal(value?.kind, 'snapshot')
  assert.equal(await peer.closed, 1000)
})

test('an abort ends the iteration and closes the connection', async (t) => {
  const server = await FarSide.start(t)
  const { stop, ended } = watch(t, server.url)
  const peer = await server.next()
  await peer.greet()

  stop.abort()

  assert.equal(await ended, undefined)
  assert.equal(await peer.closed, 1000)
})

test('a signal that has already aborted opens nothing', async (t) => {
  const server = await FarSide.start(t)

  for await (const _ of follow(server.url, { signal: AbortSignal.abort() })) assert.fail()

  assert.equal(server.peers.all.length, 0)
})

test('an address may be that of a page, and another WebSocket may be used', async (t) => {
  const server = await FarSide.start(t)
  watch(t, server.url.replace('ws:', 'http:'), { WebSocket: WsSocket })

  const subscribe = await (await server.next()).greet()

  assert.equal(subscribe.type, 'subscribe')
})

test('an address that is none is said at once', () => {
  assert.throws(() => follow('http://'), TypeError)
})

test('a fault in the callback reaches the loop', async (t) => {
  const server = await FarSide.start(t)
  const { ended } = watch(t, server.url, {
    onState: () => {
      throw new Error('no screen')
    },
  })

  assert.match(String(await ended), /no screen/)
})

test('a slow loop gets the latest value, and its position counts what it has taken only', async (t) => {
  const server = await FarSide.start(t)
  const following = follow(server.url)
  t.after(() => following.return())
  const first = following.next()
  const peer = await server.next()
  peer.send(hello())
  await peer.received.next()
  peer.send({ type: 'snapshot', epoch: 'e1', rev: 1, part: 1, of: 1, endpoints: [state('a/x', 1)] })
  await first

  for (let rev = 2; rev <= 500; rev++)
    peer.send({ type: 'updates', rev, endpoints: [state('a/x', rev)] })
  let rev = 1
  let takes = 0
  while (rev < 500) {
    const { value } = await following.next()
    rev = value?.endpoints[0]?.rev ?? rev
    takes++
    assert.equal(following.position?.rev, rev)
    await new Promise((resolve) => setImmediate(resolve))
  }

  assert.ok(takes <= 499)
})
