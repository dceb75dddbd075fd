import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { test } from 'node:test'
import { Worker } from 'node:worker_threads'
import { FakeClock } from '../../test/support/fake-clock.ts'
import { rawSide, until } from '../../test/support/far-side.ts'
import { endpointAt, startProber } from '../../test/support/far-side-endpoint.ts'

test('a name that never resolves fails in the DNS bound', async () => {
  const clock = new FakeClock()
  await using prober = startProber({ clock, resolve: () => new Promise(() => {}) })

  const asking = prober.ask(endpointAt('http://slow.example/'))
  await clock.advance(2_000)
  const result = await asking

  assert.deepEqual(result.codes, ['dns.timeout'])
  assert.deepEqual(result.failure, {
    kind: 'dns',
    message: 'the host name was not resolved in 2000 ms',
  })
  assert.deepEqual([result.verdict, result.attribution], ['unknown', 'path'])
  assert.deepEqual([result.progress, result.phases.dnsMs], ['nothing', 2_000])
  assert.equal(clock.waiting, 0)
})

test('a host that does not take connections fails in the connect bound', async () => {
  const clock = new FakeClock()
  await using host = await deafHost()
  await using prober = startProber({ clock })

  const asking = prober.ask(endpointAt(`http://127.0.0.1:${host.port}/`))
  await until(() => clock.waiting === 2)
  await clock.advance(3_000)
  const result = await asking

  assert.deepEqual(result.codes, ['connect.timeout'])
  assert.deepEqual(result.failure, { kind: 'connect', message: 'no connection in 3000 ms' })
  assert.deepEqual([result.verdict, result.progress], ['down', 'nothing'])
  assert.equal(result.phases.connectMs, 3_000)
})

test('a server that never begins its handshake fails in the TLS bound', async () => {
  const { clock, result } = await stalled('https://127.0.0.1', () => {}, 5_000)

  assert.deepEqual(result.codes, ['timeout.tls'])
  assert.deepEqual(result.failure, { kind: 'timeout', message: 'no TLS handshake in 5000 ms' })
  assert.deepEqual([result.verdict, result.progress], ['down', 'connected'])
  assert.equal(result.phases.tlsMs, 5_000)
  assert.equal(clock.waiting, 0)
})

test('a server that accepts and never answers fails in the bound of the first byte', async () => {
  const { clock, result } = await stalled('http://127.0.0.1', () => {}, 10_000)

  assert.deepEqual(result.codes, ['timeout.ttfb'])
  assert.deepEqual(result.failure, { kind: 'timeout', message: 'no first byte in 10000 ms' })
  assert.deepEqual([result.verdict, result.attribution], ['down', 'payer'])
  assert.deepEqual([result.progress, result.evidence], ['connected', 'L0'])
  assert.equal(clock.waiting, 0)
})

test('headers that drip byte by byte do not count as an answer', async () => {
  const header = 'HTTP/1.1 200 OK\r\nX-Slow: aaaaaaaaaaaaaaaaaaaaaa'
  const drip = (socket: Socket, at: number) => socket.write(header[at] ?? 'a')

  const { result } = await stalled('http://127.0.0.1', drip, 10_000)

  assert.deepEqual(result.codes, ['timeout.ttfb'])
})

test('a body that drips byte by byte fails when the whole time is over', async () => {
  const clock = new FakeClock()
  await using side = await rawSide((socket) => {
    socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nx'))
  })
  await using prober = startProber({ clock })

  const asking = prober.ask(endpointAt(side.origin))
  await until(() => clock.waiting === 2) // the connection is made
  await until(() => clock.waiting === 1) // the headers have come; only the deadline is left
  await clock.advance(15_000)
  const result = await asking

  assert.deepEqual(result.codes, ['timeout.body'])
  assert.deepEqual(result.failure, {
    kind: 'timeout',
    message: 'the answer did not end in 15000 ms',
  })
  assert.deepEqual([result.verdict, result.statusCode], ['degraded', 200])
  assert.equal(result.progress, 'answered')
  assert.equal(result.phases.transferMs, 15_000)
})

test('the whole time also bounds steps that have more time of their own', async () => {
  const clock = new FakeClock()
  await using side = await rawSide(() => {})
  await using prober = startProber({ clock })
  const timeouts = { dns: 2_000, connect: 3_000, tls: 5_000, firstByte: 10_000, total: 700 }

  const asking = prober.ask(endpointAt(side.origin, { timeouts }))
  await until(() => side.connections === 1 && clock.waiting === 2)
  await clock.advance(700)
  const result = await asking

  assert.deepEqual(result.failure?.kind === 'timeout' || result.failure?.kind === 'connect', true)
  assert.ok(result.failure?.message.endsWith('in 700 ms'))
  assert.equal(result.latencyMs, 700)
})

test('an abort ends the probe at once, closes its connection, and says nothing of the payer', async () => {
  const clock = new FakeClock()
  const requests: Socket[] = []
  await using side = await rawSide((socket) => socket.once('data', () => requests.push(socket)))
  await using prober = startProber({ clock })
  const stopping = new AbortController()

  const asking = prober.ask(endpointAt(side.origin), { signal: stopping.signal })
  await until(() => requests.length === 1)
  stopping.abort()
  const result = await asking
  await until(() => side.open === 0)

  assert.deepEqual([result.verdict, result.attribution], ['unknown', 'probe'])
  assert.deepEqual([result.failure?.kind, result.progress], ['probe_internal', 'unsent'])
  assert.equal(clock.waiting, 0)
})

test('an abort while the name resolves leaves nothing behind once it has', async () => {
  const clock = new FakeClock()
  const pending = Promise.withResolvers<{ address: string; family: number }[]>()
  await using side = await rawSide(() => {})
  await using prober = startProber({ clock, resolve: () => pending.promise })
  const stopping = new AbortController()

  const asking = prober.ask(endpointAt(`http://a.example:${side.port}/`), {
    signal: stopping.signal,
  })
  stopping.abort()
  const result = await asking
  pending.resolve([{ address: '127.0.0.1', family: 4 }])
  await until(() => clock.waiting === 0)

  assert.deepEqual(result.codes, ['probe.stopped'])
  assert.equal(side.connections, 0)
})

/** Asks a server that does `each` a second after its request has come, and moves time on until the answer is given up. */
async function stalled(base: string, each: (socket: Socket, at: number) => void, ms: number) {
  const clock = new FakeClock()
  const asked = Promise.withResolvers<Socket>()
  await using side = await rawSide((socket) => socket.once('data', () => asked.resolve(socket)))
  await using prober = startProber({ clock })
  const asking = prober.ask(endpointAt(`${base}:${side.port}/`))
  const socket = await asked.promise
  for (let at = 0; at < ms / 1_000; at++) {
    each(socket, at)
    await clock.advance(1_000)
  }
  return { clock, result: await asking }
}

/** A host whose queue of new connections is full, and that never looks at it. */
async function deafHost(): Promise<AsyncDisposable & { port: number }> {
  const worker = new Worker(
    `const { parentPort } = require('node:worker_threads')
     const server = require('node:net').createServer()
     server.listen({ host: '127.0.0.1', port: 0, backlog: 1 }, () => {
       parentPort.postMessage(server.address().port)
       setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0))
     })`,
    { eval: true },
  )
  const [port] = await once(worker, 'message')
  const waiting = [connect(port, '127.0.0.1'), connect(port, '127.0.0.1')]
  await Promise.all(waiting.map((socket) => once(socket, 'connect')))
  return {
    port,
    async [Symbol.asyncDispose]() {
      for (const socket of waiting) socket.destroy()
      await worker.terminate()
    },
  }
}
