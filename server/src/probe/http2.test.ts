import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FakeClock } from '../../test/support/fake-clock.ts'
import { httpSide, httpsSide, rawSide, sayingSide, until } from '../../test/support/far-side.ts'
import { createAuthority, selfSigned } from '../../test/support/far-side-certificates.ts'
import { endpointAt, headersOf, startProber } from '../../test/support/far-side-endpoint.ts'
import { http2Side, type OnStream } from '../../test/support/far-side-http2.ts'
import type { Endpoint } from '../config/config.ts'
import { Secret } from '../lib/secret.ts'

const authority = createAuthority()
const trusting = { tls: { ca: authority.cert } }
const ok: OnStream = (stream) => {
  stream.respond({ ':status': 200 })
  stream.end('hello')
}

test('an endpoint is asked by HTTP/2 over TLS, all steps measured, then over the same connection', async () => {
  await using side = await http2Side(ok, authority.issue())
  await using prober = startProber(trusting)
  const endpoint = asking(side.origin, { expect: { body: 'hello' } })

  const first = await prober.ask(endpoint)
  const second = await prober.ask(endpoint)

  assert.deepEqual([first.verdict, first.codes, first.bytes], ['up', ['HTTP:200'], 5])
  assert.deepEqual([first.tls?.version, first.tls?.verified], ['TLSv1.3', true])
  for (const phase of ['connectMs', 'tlsMs', 'firstByteMs', 'transferMs'] as const)
    assert.ok(first.phases[phase] !== null, phase)
  assert.deepEqual([second.verdict, second.connectionReused], ['up', true])
  assert.deepEqual([second.phases.connectMs, second.phases.tlsMs], [null, null])
  assert.deepEqual(second.tls, first.tls)
  assert.equal(side.connections, 1)
})

test('what is sent is what is configured', async () => {
  let seen: Record<string, unknown> = {}
  let sent = ''
  await using side = await http2Side((stream, headers) => {
    seen = { ...headers }
    stream.setEncoding('utf8').on('data', (chunk) => {
      sent += chunk
    })
    stream.on('end', () => ok(stream, headers))
  }, authority.issue())
  await using prober = startProber(trusting)
  const headers = headersOf({ 'X-Key': 'k', Host: 'virtual.example' })
  const body = new Secret('{"a":1}')

  const result = await prober.ask(asking(`${side.origin}/x?y=1`, { method: 'POST', headers, body }))

  assert.equal(result.verdict, 'up')
  assert.deepEqual(
    [seen[':method'], seen[':path'], seen[':authority'], seen[':scheme'], seen['x-key']],
    ['POST', '/x?y=1', 'virtual.example', 'https', 'k'],
  )
  assert.match(String(seen['user-agent']), /^payer-status/)
  assert.deepEqual([seen.host, sent], [undefined, '{"a":1}'])
})

test('on a private network it goes without TLS too', async () => {
  await using side = await http2Side(ok)
  await using prober = startProber()

  const result = await prober.ask(asking(side.origin))

  assert.deepEqual([result.verdict, result.tls], ['up', null])
})

test('a server that offers no HTTP/2 says so', async () => {
  await using plain = await httpSide((_, response) => response.end())
  await using modern = await httpsSide(authority.issue(), (_, response) => response.end())
  await using silent = await httpsSide({ ...authority.issue(), ALPNProtocols: [] }, () => {})
  await using prober = startProber(trusting)

  for (const { origin } of [modern, silent]) {
    const result = await prober.ask(asking(origin))
    assert.deepEqual([result.codes, result.verdict], [['http.no_h2'], 'degraded'])
  }
  const { codes } = await prober.ask(asking(plain.origin))
  assert.ok(['http.protocol', 'connect.reset'].includes(codes[0] ?? ''), codes.join())
})

test('certificates and addresses are looked at as ever', async () => {
  await using side = await http2Side(ok, selfSigned())
  await using prober = startProber({
    resolve: async () => [{ address: '127.0.0.1', family: 4 }],
  })

  const untrusted = await prober.ask(asking(side.origin))
  const skipVerify = { id: 'a', minVersion: 'TLSv1.2', skipVerify: true } as const
  const skipped = await prober.ask(asking(side.origin, { tls: skipVerify }))
  const again = await prober.ask(asking(side.origin))
  const local = await prober.ask(
    asking(`https://portal.example:${side.port}/`, { network: 'public' }),
  )

  assert.deepEqual([untrusted.codes, again.codes], [['tls.untrusted'], ['tls.untrusted']])
  assert.deepEqual([skipped.verdict, skipped.tls?.verified], ['up', false])
  assert.deepEqual(local.codes, ['address.refused'])
})

test('a redirect is followed, by HTTP/2 at the origin itself and by HTTP/1.1 elsewhere', async () => {
  await using other = await httpSide((request, response) => response.end(request.httpVersion))
  await using side = await http2Side((stream, headers) => {
    const location = headers[':path'] === '/' ? '/next' : `${other.origin}/`
    stream.respond({ ':status': 302, location }, { endStream: true })
  })
  await using prober = startProber()

  const result = await prober.ask(asking(side.origin, { expect: { body: '1.1' } }))

  assert.deepEqual([result.verdict, side.connections], ['up', 1])
})

test('an answer that goes on is cut, one that breaks off is told', async () => {
  await using endless = await http2Side((stream) => {
    stream.respond({ ':status': 200 })
    stream.end(Buffer.alloc(1024 * 1024, 'x'))
  })
  await using broken = await http2Side((stream) => {
    stream.respond({ ':status': 200 })
    stream.write('half', () => stream.destroy(new Error('reset')))
  })
  await using gone = await http2Side((stream) => {
    stream.respond({ ':status': 200, 'content-length': '9' })
    stream.write('half', () => stream.session?.socket.destroy())
  })
  await using prober = startProber()

  const cut = await prober.ask(asking(endless.origin, { maxBody: 1024 }))
  const half = await prober.ask(asking(broken.origin))
  const away = await prober.ask(asking(gone.origin))

  assert.deepEqual([cut.verdict, cut.truncated, cut.bytes], ['up', true, 1024])
  assert.deepEqual([half.codes, half.statusCode], [['http.truncated'], 200])
  assert.deepEqual([away.codes, away.statusCode], [['http.truncated'], 200])
  await until(() => endless.open === 0)
})

test('headers beyond the bound are refused', async () => {
  await using side = await http2Side((stream) => {
    stream.respond({ ':status': 200, 'x-long': 'x'.repeat(20_000) }, { endStream: true })
  })
  await using prober = startProber()

  const result = await prober.ask(asking(side.origin))

  assert.deepEqual(result.codes, ['http.headers_too_large'])
})

test('what is no HTTP/2 at all is no valid answer', async () => {
  await using side = await sayingSide('HTTP/1.1 200 OK\r\n\r\n'.repeat(10))
  await using prober = startProber()

  const { codes, verdict } = await prober.ask(asking(side.origin))

  assert.deepEqual([codes, verdict], [['http.protocol'], 'degraded'])
})

test('a server that stalls is late, and its connection is closed', async () => {
  const clock = new FakeClock()
  await using side = await http2Side(() => {})
  await using silent = await rawSide((socket) => socket.resume())
  await using prober = startProber({ clock })

  for (const { origin } of [side, silent]) {
    const before = side.connections + silent.connections
    const asked = prober.ask(asking(origin))
    await until(() => side.connections + silent.connections > before)
    await clock.advance(10_000)
    assert.deepEqual((await asked).codes, ['timeout.ttfb'])
  }

  await until(() => side.open === 0 && silent.open === 0)
})

test('a connection that ended while it waited is replaced without a word', async () => {
  await using side = await http2Side(ok)
  await using prober = startProber()
  await prober.ask(asking(side.origin))
  side.hangUp()
  await until(() => side.open === 0)

  const result = await prober.ask(asking(side.origin))

  assert.deepEqual([result.verdict, side.connections], ['up', 2])
})

test('a connection waits a minute; a fresh probe takes none', async () => {
  const clock = new FakeClock()
  await using side = await http2Side(ok)
  await using prober = startProber({ clock })
  await prober.ask(asking(side.origin))
  await prober.ask(asking(side.origin), { fresh: true })
  assert.equal(side.connections, 2)
  await until(() => side.open === 1)

  await clock.advance(60_000)

  await until(() => side.open === 0)
  assert.equal(clock.waiting, 0)
})

test('closing the prober closes its connections, idle or not', async () => {
  let stall = false
  await using side = await http2Side((stream, headers) => stall || ok(stream, headers))
  const prober = startProber()
  await prober.ask(asking(side.origin))
  stall = true
  const asked = prober.ask(asking(side.origin), { fresh: true })
  await until(() => side.open === 2)

  await prober[Symbol.asyncDispose]()

  assert.deepEqual((await asked).codes, ['probe.stopped'])
  await until(() => side.open === 0)
})

function asking(url: string, changed: Partial<Endpoint> = {}): Endpoint {
  return endpointAt(url, { http2: true, ...changed })
}
