import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FakeClock } from '../../test/support/fake-clock.ts'
import { httpSide, rawSide, until } from '../../test/support/far-side.ts'
import { endpointAt, startProber } from '../../test/support/far-side-endpoint.ts'

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'

test('one connection serves many probes', async () => {
  await using side = await httpSide((_, response) => response.end('ok'))
  await using prober = startProber()

  for (let i = 0; i < 20; i++) await prober.ask(endpointAt(side.origin))

  assert.equal(side.connections, 1)
})

test('a connection is not shared between public and private endpoints', async () => {
  await using side = await httpSide((_, response) => response.end('ok'))
  await using prober = startProber({
    resolve: async () => [{ address: '127.0.0.1', family: 4 }],
  })
  const url = `http://portal.example:${side.port}/`
  await prober.ask(endpointAt(url))

  const result = await prober.ask(endpointAt(url, { network: 'public' }))

  assert.deepEqual(result.codes, ['address.refused'])
  assert.equal(side.connections, 1)
})

test('a connection that closes just as it is used again is replaced without a word', async () => {
  await using side = await closingOnSecondUse()
  await using prober = startProber()
  const first = await prober.ask(endpointAt(side.origin))

  const second = await prober.ask(endpointAt(side.origin))

  assert.equal(first.verdict, 'up')
  assert.deepEqual([second.verdict, second.connectionReused, second.attempts], ['up', false, 1])
  assert.ok(second.phases.connectMs !== null)
  assert.equal(side.connections, 2)
})

test('a connection that breaks after some bytes of the second answer is the payer’s matter', async () => {
  await using side = await closingOnSecondUse('HTTP/1.1 200 OK\r\nContent-Le')
  await using prober = startProber()
  await prober.ask(endpointAt(side.origin))

  const result = await prober.ask(endpointAt(side.origin))

  assert.equal(result.verdict, 'degraded')
  assert.equal(result.connectionReused, true)
  assert.equal(side.connections, 1)
})

test('a connection of its own that breaks is not tried again', async () => {
  await using side = await rawSide((socket) => socket.once('data', () => socket.resetAndDestroy()))
  await using prober = startProber()

  const result = await prober.ask(endpointAt(side.origin), { fresh: true })

  assert.deepEqual(result.failure, {
    kind: 'connect',
    message: 'connection closed before an answer',
  })
  assert.deepEqual([result.verdict, result.attribution], ['degraded', 'path'])
  assert.deepEqual([result.progress, result.evidence], ['connected', 'L0'])
  assert.equal(side.connections, 1)
})

test('a request that changes something never takes a connection that may be closing', async () => {
  await using side = await httpSide((_, response) => response.end('ok'))
  await using prober = startProber()

  for (let i = 0; i < 3; i++) await prober.ask(endpointAt(side.origin, { method: 'POST' }))

  assert.equal(side.connections, 3)
})

test('an idle connection is closed after a minute', async () => {
  const clock = new FakeClock()
  await using side = await httpSide((_, response) => response.end('ok'))
  await using prober = startProber({ clock })
  await prober.ask(endpointAt(side.origin))
  await until(() => clock.waiting === 1)

  await clock.advance(59_999)
  const openBefore = side.open
  await clock.advance(1)
  await until(() => side.open === 0)

  assert.equal(openBefore, 1)
  assert.equal(clock.waiting, 0)
})

test('a connection in use again is not idle', async () => {
  const clock = new FakeClock()
  await using side = await httpSide((_, response) => response.end('ok'))
  await using prober = startProber({ clock })
  for (let i = 0; i < 12; i++) {
    await prober.ask(endpointAt(side.origin))
    await until(() => clock.waiting === 1)
    await clock.advance(50_000)
  }

  assert.equal(side.connections, 1)
  assert.equal(clock.waiting, 1)
})

test('no timer and no connection outlives a fresh probe', async () => {
  const clock = new FakeClock()
  await using side = await httpSide((_, response) => response.end('ok'))
  await using prober = startProber({ clock })

  await prober.ask(endpointAt(`http://localhost:${side.port}/`), { fresh: true })
  await until(() => side.open === 0)

  assert.equal(clock.waiting, 0)
})

/** Answers the first request of its first connection, and hangs up on the second after saying `last`. */
function closingOnSecondUse(last = '') {
  let answered = 0
  return rawSide((socket) => {
    let uses = 0
    const isFirst = answered === 0
    socket.on('data', () => {
      uses++
      answered++
      if (uses === 1 || !isFirst) socket.write(OK)
      else socket.end(last)
    })
  })
}
