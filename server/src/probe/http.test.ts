import assert from 'node:assert/strict'
import type { IncomingHttpHeaders } from 'node:http'
import { test } from 'node:test'
import { FakeClock } from '../../test/support/fake-clock.ts'
import { closedPort, httpSide, rawSide, sayingSide, until } from '../../test/support/far-side.ts'
import { endpointAt, headersOf, startProber } from '../../test/support/far-side-endpoint.ts'
import { Secret } from '../lib/secret.ts'

test('an answer as expected is up, on evidence of the edge', async () => {
  await using side = await httpSide((_, response) => response.end('hello'))
  await using prober = startProber()

  const result = await prober.ask(endpointAt(`${side.origin}/path?key=1`))

  assert.equal(result.verdict, 'up')
  assert.equal(result.attribution, 'none')
  assert.equal(result.evidence, 'L1')
  assert.equal(result.statusCode, 200)
  assert.equal(result.bytes, 5)
  assert.equal(result.progress, 'answered')
  assert.equal(result.failure, null)
  assert.equal(result.tls, null)
})

test('an expectation of the body that is met is evidence of the contract', async () => {
  await using side = await httpSide((_, response) => response.end('{"status":"active"}'))
  await using prober = startProber()

  const result = await prober.ask(
    endpointAt(side.origin, { expect: { json: [['$.status', 'active']] } }),
  )

  assert.deepEqual([result.verdict, result.evidence], ['up', 'L2'])
})

test('phases are measured where they were taken, and null where not', async () => {
  await using side = await httpSide((_, response) => response.end('hello'))
  await using prober = startProber()
  const endpoint = endpointAt(`http://localhost:${side.port}/`)

  const first = await prober.ask(endpoint)
  const reused = await prober.ask(endpoint)
  const fresh = await prober.ask(endpoint, { fresh: true })

  for (const { phases, connectionReused } of [first, fresh]) {
    assert.equal(connectionReused, false)
    for (const ms of [phases.dnsMs, phases.connectMs, phases.firstByteMs, phases.transferMs])
      assert.ok(ms !== null && ms >= 0)
    assert.equal(phases.tlsMs, null)
  }
  assert.equal(reused.connectionReused, true)
  assert.deepEqual([reused.phases.dnsMs, reused.phases.connectMs], [null, null])
  assert.ok(reused.phases.firstByteMs !== null && reused.phases.firstByteMs > 0)
  assert.equal(side.connections, 2)
})

test('the phases of a probe add up to no more than its latency', async () => {
  await using side = await httpSide((_, response) => response.end('hello'))
  await using prober = startProber()

  const { phases, latencyMs } = await prober.ask(endpointAt(`http://localhost:${side.port}/`))

  const sum = Object.values(phases).reduce<number>((total, ms) => total + (ms ?? 0), 0)
  assert.ok(sum > 0 && sum <= latencyMs, `${sum} of ${latencyMs}`)
})

test('an address that was remembered costs no DNS time', async () => {
  await using side = await httpSide((_, response) => response.end())
  await using prober = startProber()
  const endpoint = endpointAt(`http://localhost:${side.port}/`, { method: 'POST' })
  await prober.ask(endpoint)

  const result = await prober.ask(endpoint)

  assert.equal(result.phases.dnsMs, null)
  assert.ok(result.phases.connectMs !== null)
})

test('a request says who asks, for which host, and wants nothing compressed', async () => {
  let seen: IncomingHttpHeaders = {}
  await using side = await httpSide((request, response) => {
    seen = request.headers
    response.end()
  })
  await using prober = startProber()
  const headers = headersOf({
    'X-Api-Key': 'k',
    'Content-Length': '9',
    'Accept-Encoding': 'gzip',
    Connection: 'close',
  })

  await prober.ask(endpointAt(`http://localhost:${side.port}/`, { headers }))

  assert.equal(seen.host, `localhost:${side.port}`)
  assert.match(seen['user-agent'] ?? '', /^payer-status-test\/1\.0 /)
  assert.equal(seen['accept-encoding'], 'identity')
  assert.equal(seen['x-api-key'], 'k')
  assert.equal(seen['content-length'], undefined)
  assert.equal(seen.connection, 'keep-alive')
})

test('the user and password of an address become an Authorization header', async () => {
  let seen: string | undefined
  await using side = await httpSide((request, response) => {
    seen = request.headers.authorization
    response.end()
  })
  await using prober = startProber()

  await prober.ask(endpointAt(`http://us%40er:p%3Ass@127.0.0.1:${side.port}/`))

  assert.equal(seen, `Basic ${Buffer.from('us@er:p:ss').toString('base64')}`)
})

test('a body is sent as it is configured, in bytes', async () => {
  let seen = ''
  await using side = await httpSide(async (request, response) => {
    for await (const chunk of request) seen += chunk
    response.end()
  })
  await using prober = startProber()

  const result = await prober.ask(
    endpointAt(side.origin, { method: 'POST', body: new Secret('{"ü":"€"}') }),
  )

  assert.equal(seen, '{"ü":"€"}')
  assert.equal(result.verdict, 'up')
})

test('a header that cannot be sent is a matter of configuration, and is not quoted', async () => {
  await using prober = startProber()
  const headers = headersOf({ Authorization: 'Bearer one\r\nX-Injected: two' })

  const result = await prober.ask(endpointAt('http://127.0.0.1:9/', { headers }))

  assert.equal(result.verdict, 'probe_misconfigured')
  assert.equal(result.progress, 'unsent')
  assert.deepEqual(result.codes, ['probe.misconfigured'])
  assert.ok(!JSON.stringify(result).includes('one'))
})

test('an address that is none of the web is a matter of configuration', async () => {
  await using prober = startProber()

  for (const url of ['', 'nonsense', '/relative', 'ftp://a.example/', 'http://'])
    assert.equal((await prober.ask(endpointAt(url))).verdict, 'probe_misconfigured', url)
})

test('answers without a body are answers', async () => {
  await using side = await httpSide((request, response) => {
    response.writeHead(request.url === '/204' ? 204 : 304).end()
  })
  await using prober = startProber()

  const empty = await prober.ask(endpointAt(`${side.origin}/204`))
  const unchanged = await prober.ask(endpointAt(`${side.origin}/304`))
  const head = await prober.ask(endpointAt(side.origin, { method: 'HEAD' }))

  for (const { verdict, bytes } of [empty, unchanged, head])
    assert.deepEqual([verdict, bytes], ['up', 0])
})

test('interim answers are passed over', async () => {
  const interim = 'HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n'
  await using side = await sayingSide(`${interim}HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok`)
  await using prober = startProber()

  const result = await prober.ask(endpointAt(side.origin))

  assert.deepEqual([result.statusCode, result.verdict, result.bytes], [200, 'up', 2])
})

test('an answer slower than configured is degraded, without a failure', async () => {
  const clock = new FakeClock()
  await using side = await rawSide((socket) => {
    socket.once('data', async () => {
      await clock.advance(2_001)
      socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')
    })
  })
  await using prober = startProber({ clock })

  const result = await prober.ask(endpointAt(side.origin, { degradeOver: 2_000 }))

  assert.equal(result.verdict, 'degraded')
  assert.equal(result.attribution, 'payer')
  assert.deepEqual(result.codes, ['HTTP:200', 'slow'])
  assert.equal(result.failure, null)
  assert.equal(result.latencyMs, 2_001)
  assert.equal(result.phases.firstByteMs, 2_001)
})

test('nobody listening is down, with nothing connected', async () => {
  const port = await closedPort()
  await using prober = startProber()

  const result = await prober.ask(
    endpointAt(`http://127.0.0.1:${port}/`, { via: 'clearinghouse-a' }),
  )

  assert.deepEqual(result.failure, { kind: 'connect', message: 'connection refused' })
  assert.deepEqual(result.codes, ['connect.refused'])
  assert.deepEqual([result.verdict, result.attribution], ['down', 'intermediary'])
  assert.deepEqual([result.progress, result.evidence, result.statusCode], ['nothing', null, null])
})

test('a disposed prober leaves no connection behind and starts none', async () => {
  await using side = await httpSide((_, response) => response.end())
  const prober = startProber()
  await prober.ask(endpointAt(side.origin))
  await prober.ask(endpointAt(`http://localhost:${side.port}/`))

  await prober[Symbol.asyncDispose]()
  await until(() => side.open === 0)
  const result = await prober.ask(endpointAt(side.origin))

  assert.deepEqual([result.verdict, result.codes], ['unknown', ['probe.stopped']])
  assert.equal(side.connections, 2)
})
