import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FarSide } from '../test/support/far-side.ts'
import { watch } from '../test/support/following.ts'
import { hello, state } from '../test/support/records.ts'
import { RefusedError } from './index.ts'

for (const code of [4000, 4001, 4002, 4003, 4099]) {
  test(`a close with ${code} is final`, async (t) => {
    const server = await FarSide.start(t)
    const { ended, states } = watch(t, server.url)
    const peer = await server.next()

    peer.close(code, 'change something')
    const error = await ended

    assert.ok(error instanceof RefusedError)
    assert.equal(error.code, code)
    assert.match(error.message, /change something/)
    assert.equal(states.all.at(-1)?.phase, 'refused')
  })
}

test('a filter with an unknown name is final, and says what was wrong', async (t) => {
  const server = await FarSide.start(t)
  const { ended } = watch(t, server.url, { filter: [{ payers: ['atena'] }] })
  const peer = await server.next()
  await peer.greet()

  const issues = ['no payer "atena"; near: aetna']
  peer.send({ type: 'error', code: 'unknown_name', message: 'the filter names nobody', issues })
  const error = await ended

  assert.ok(error instanceof RefusedError)
  assert.equal(error.code, 'unknown_name')
  assert.deepEqual(error.issues, issues)
})

test('a limit that was reached, or a fault of the server, is tried again', async (t) => {
  const server = await FarSide.start(t)
  const { states } = watch(t, server.url)
  const peer = await server.next()
  await peer.greet()

  peer.send({ type: 'error', code: 'rate_limited', message: 'too many frames', issues: [] })
  const state = await states.next(({ phase }) => phase === 'reconnecting')

  assert.equal(state.phase, 'reconnecting')
})

test('a server that needs a token gets it before the subscription', async (t) => {
  const server = await FarSide.start(t)
  watch(t, server.url, { token: async () => 'secret' })
  const peer = await server.next()

  peer.send(hello({ auth: 'required' }))
  const first = await peer.received.next()
  peer.send({ type: 'authenticated', subject: 'ops', scopes: [], expiresAt: null })
  const second = await peer.received.next()

  assert.deepEqual(first, { type: 'authenticate', token: 'secret' })
  assert.equal(second.type, 'subscribe')
})

test('a token is replaced half a minute before its end, without a second subscription', async (t) => {
  const server = await FarSide.start(t)
  let count = 0
  const { timing, changes } = watch(t, server.url, { token: () => `token ${++count}` })
  const peer = await server.next()
  const expiresAt = new Date(timing.now() + 100_000).toISOString()
  peer.send(hello({ auth: 'required', heartbeatMs: 60_000 }))
  await peer.received.next()
  peer.send({ type: 'authenticated', subject: 'ops', scopes: [], expiresAt })
  peer.send({ type: 'snapshot', epoch: 'e1', rev: 1, part: 1, of: 1, endpoints: [state('a/x', 1)] })
  await changes.next()

  timing.pass(70_000)
  const refresh = await peer.received.next(({ type }) => type === 'authenticate')
  peer.send({ type: 'authenticated', subject: 'ops', scopes: [], expiresAt: null })
  peer.send({ type: 'updates', rev: 2, endpoints: [state('a/x', 2)] })
  await changes.next()

  assert.deepEqual(refresh, { type: 'authenticate', token: 'token 2' })
  assert.equal(peer.received.all.filter(({ type }) => type === 'subscribe').length, 1)
})

test('a server that needs a token and a client that has none: final, without waiting', async (t) => {
  const server = await FarSide.start(t)
  const { ended } = watch(t, server.url)

  ;(await server.next()).send(hello({ auth: 'required' }))
  const error = await ended

  assert.ok(error instanceof RefusedError && error.code === 4001)
})

test('a token that has expired is fetched anew where that is possible', async (t) => {
  const server = await FarSide.start(t)
  const { timing, states } = watch(t, server.url, { token: () => 'fresh' })

  ;(await server.next()).close(4002)
  await states.next(({ phase }) => phase === 'reconnecting')
  timing.pass(20_000)
  const again = await server.next()
  again.send(hello({ auth: 'required' }))

  assert.equal((await again.received.next()).token, 'fresh')
})

test('a token never shows in an error or a state', async (t) => {
  const server = await FarSide.start(t)
  const { ended, states } = watch(t, server.url, { token: 'tok-canary' })
  const peer = await server.next()
  peer.send(hello({ auth: 'required' }))
  await peer.received.next()

  peer.close(4001)
  const error = await ended

  assert.ok(!`${error?.stack} ${JSON.stringify(states.all)}`.includes('tok-canary'))
})
