import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { FailureKind, Verdict } from '@payer-status/protocol'
import fc from 'fast-check'
import { httpSide, rawSide, sayingSide, until } from '../../test/support/far-side.ts'
import { endpointAt, startProber } from '../../test/support/far-side-endpoint.ts'

test('headers larger than 16 KiB are not read to the end', async () => {
  const huge = `HTTP/1.1 200 OK\r\nX-Huge: ${'a'.repeat(17_000)}\r\n\r\n`

  const result = await answeredWith(huge)

  assert.deepEqual(result.codes, ['http.headers_too_large'])
  assert.deepEqual(result.failure, { kind: 'protocol', message: 'the headers exceed 16 KiB' })
  assert.equal(result.verdict, 'degraded')
})

test('a body is read up to its bound and then cut off, which is no failure', async () => {
  await using side = await httpSide((_, response) => {
    const more = () => {
      while (response.write('x'.repeat(16_384)));
    }
    response.on('drain', more)
    more()
  })
  await using prober = startProber()

  const result = await prober.ask(endpointAt(side.origin, { maxBody: 100_000 }))
  await until(() => side.open === 0)

  assert.deepEqual([result.verdict, result.bytes, result.truncated], ['up', 100_000, true])
})

test('a body of exactly its bound is whole, and its connection is kept', async () => {
  await using side = await httpSide((_, response) => response.end('x'.repeat(1_000)))
  await using prober = startProber()

  const result = await prober.ask(endpointAt(side.origin, { maxBody: 1_000 }))
  const again = await prober.ask(endpointAt(side.origin, { maxBody: 1_000 }))

  assert.deepEqual([result.bytes, result.truncated], [1_000, false])
  assert.equal(again.connectionReused, true)
})

test('an expectation that needed more than was read says so', async () => {
  await using side = await httpSide((_, response) => response.end(`${'x'.repeat(1_000)}Sign in`))
  await using prober = startProber()

  const result = await prober.ask(
    endpointAt(side.origin, { maxBody: 1_000, expect: { body: 'Sign in' } }),
  )

  assert.deepEqual(result.codes, ['HTTP:200', 'body.too_large'])
  assert.deepEqual([result.verdict, result.failure?.kind], ['content_mismatch', 'expectation'])
})

test('a compressed answer fails only where its body matters', async () => {
  await using side = await httpSide((_, response) => {
    response.setHeader('Content-Encoding', 'gzip').end(gzipSync('Sign in'))
  })
  await using prober = startProber()

  const plain = await prober.ask(endpointAt(side.origin))
  const looking = await prober.ask(endpointAt(side.origin, { expect: { body: 'Sign in' } }))

  assert.equal(plain.verdict, 'up')
  assert.deepEqual(looking.failure, {
    kind: 'protocol',
    message: 'the body is compressed, though that was not asked for',
  })
  assert.equal(looking.verdict, 'degraded')
})

test('what is not HTTP is a failure of the protocol', async () => {
  const answers = [
    'SSH-2.0-OpenSSH_9.2\r\n',
    'HTTP/1.1 abc OK\r\n\r\n',
    'HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n',
    'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnot a size\r\n',
    'HTTP/1.1 200 OK\r\nBad Header\r\n\r\n',
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n',
    'HTTP/1.1 101 Switching Protocols\r\n\r\n',
    'HTTP/1.1 099 Low\r\nContent-Length: 0\r\n\r\n',
    '\u0000\u0001\u0002',
  ]

  for (const answer of answers) {
    const { failure, verdict } = await answeredWith(answer)
    assert.deepEqual([failure?.kind, verdict], ['protocol', 'degraded'], JSON.stringify(answer))
  }
})

test('a connection that failed is closed by us, also where the server keeps it open', async () => {
  await using prober = startProber()
  const answers = ['HTTP/1.1 101 Switching Protocols\r\n\r\n', 'nonsense\r\n\r\n']

  for (const answer of answers) {
    await using side = await sayingSide(answer, { end: false })
    await prober.ask(endpointAt(side.origin))

    await until(() => side.connections === 1 && side.open === 0)
  }
})

test('a body that ends before its announced length is cut off', async () => {
  const cut = 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this'
  const chunks = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel'

  for (const answer of [cut, chunks]) {
    const result = await answeredWith(answer)

    assert.deepEqual(result.codes, ['http.truncated'])
    assert.deepEqual(result.failure, {
      kind: 'transport_truncated',
      message: 'the answer was cut off',
    })
    assert.deepEqual([result.statusCode, result.progress], [200, 'answered'])
  }
})

test('a reset in the middle of a body is a cut answer too', async () => {
  await using side = await rawSide((socket) => {
    socket.once('data', () => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nx')
      socket.once('data', () => {})
      setImmediate(() => socket.resetAndDestroy())
    })
  })
  await using prober = startProber()

  const { failure } = await prober.ask(endpointAt(side.origin))

  assert.ok(failure?.kind === 'transport_truncated' || failure?.kind === 'connect')
})

test('a connection closed without a word is no answer', async () => {
  const result = await answeredWith('')

  assert.deepEqual(result.codes, ['connect.reset'])
  assert.deepEqual(
    [result.verdict, result.attribution, result.progress],
    ['degraded', 'path', 'connected'],
  )
})

test('a status outside of HTTP is not recognised, and says nothing of the payer', async () => {
  const { verdict, failure, statusCode } = await answeredWith(
    'HTTP/1.1 999 No\r\nContent-Length: 0\r\n\r\n',
  )

  assert.deepEqual([verdict, failure?.kind, statusCode], ['unknown', 'unrecognised', 999])
})

test('a payer that says when to come back is in maintenance', async () => {
  const answer = 'HTTP/1.1 503 Busy\r\nRetry-After: 120\r\nContent-Length: 0\r\n\r\n'

  const result = await answeredWith(answer)

  assert.deepEqual([result.verdict, result.codes], ['maintenance', ['HTTP:503']])
  assert.equal(result.failure?.message, 'expected status 200-399, got 503')
})

test('nothing that the far side says is repeated', async () => {
  const canary = 'CANARY-7f3a'
  const answers = [
    `HTTP/1.1 500 ${canary}\r\nX-A: ${canary}\r\nContent-Length: 11\r\n\r\n${canary}`,
    `HTTP/1.1 302 ${canary}\r\nLocation: ftp://${canary}/\r\nContent-Length: 0\r\n\r\n`,
    `HTTP/1.1 200 OK\r\n${canary} ${canary}\r\n\r\n`,
    canary,
  ]

  for (const answer of answers)
    assert.ok(!JSON.stringify(await answeredWith(answer)).includes(canary), answer)
})

test('any bytes whatever end in a result from the closed lists', async () => {
  const bytes = fc.uint8Array({ maxLength: 400 })
  const almost = fc
    .tuple(
      fc.constantFrom('HTTP/1.1 200 OK\r\n', 'HTTP/1.0 302 x\r\nLocation: ', 'HTTP/1.1 '),
      bytes,
    )
    .map(([start, rest]) => Buffer.concat([Buffer.from(start), rest]))
  let answer: Uint8Array = Buffer.alloc(0)
  await using side = await rawSide((socket) => socket.once('data', () => socket.end(answer)))
  await using prober = startProber({ resolve: async () => [] })

  await fc.assert(
    fc.asyncProperty(fc.oneof(bytes, almost), async (next) => {
      answer = next
      const result = await prober.ask(endpointAt(side.origin))

      assert.ok(Verdict.safeParse(result.verdict).success)
      assert.ok(result.failure === null || FailureKind.safeParse(result.failure.kind).success)
      assert.notDeepEqual(result.codes, ['probe.internal'])
    }),
    { numRuns: 200 },
  )
})

async function answeredWith(answer: string) {
  await using side = await sayingSide(answer)
  await using prober = startProber()
  return await prober.ask(endpointAt(side.origin))
}
