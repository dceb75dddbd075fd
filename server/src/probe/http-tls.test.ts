import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TlsOptions } from 'node:tls'
import { httpSide, httpsSide, tlsSide } from '../../test/support/far-side.ts'
import {
  createAuthority,
  type Subject,
  selfSigned,
} from '../../test/support/far-side-certificates.ts'
import { endpointAt, startProber } from '../../test/support/far-side-endpoint.ts'

const DAY = 86_400_000
const authority = createAuthority()

test('a certificate in order is verified, and its expiry recorded', async () => {
  const until = Math.floor((Date.now() + 20 * DAY) / 1_000) * 1_000
  await using side = await httpsSide(authority.issue({ until }), (_, response) => response.end())
  await using prober = startProber({ tls: { ca: authority.cert } })

  const first = await prober.ask(endpointAt(side.origin))
  const reused = await prober.ask(endpointAt(side.origin))

  assert.equal(first.verdict, 'up')
  const issuer = 'Test Authority'
  assert.deepEqual(first.tls, { version: 'TLSv1.3', verified: true, expiresAt: until, issuer })
  assert.ok(first.phases.tlsMs !== null && first.phases.tlsMs > 0)
  assert.equal(reused.connectionReused, true)
  assert.deepEqual(reused.tls, first.tls)
  assert.equal(reused.phases.tlsMs, null)
})

test('a fresh connection shakes hands in full', async () => {
  await using side = await httpsSide(authority.issue(), (request, response) => {
    const { socket } = request
    response.end(String('isSessionReused' in socket && (socket.isSessionReused as () => boolean)()))
  })
  await using prober = startProber({ tls: { ca: authority.cert } })
  await prober.ask(endpointAt(side.origin), { fresh: true })

  const result = await prober.ask(endpointAt(side.origin, { expect: { body: 'false' } }), {
    fresh: true,
  })

  assert.equal(result.verdict, 'up')
})

test('an expired certificate is down, and says since when', async () => {
  const result = await certified({ until: Date.UTC(2026, 0, 1, 12), from: Date.UTC(2025, 0, 1) })

  assert.deepEqual(result.codes, ['tls.expired'])
  assert.deepEqual(result.failure, {
    kind: 'tls_cert',
    message: 'the certificate expired on 2026-01-01',
  })
  assert.deepEqual([result.verdict, result.attribution], ['down', 'payer'])
  assert.deepEqual(result.tls, {
    version: 'TLSv1.3',
    verified: false,
    expiresAt: Date.UTC(2026, 0, 1, 12),
    issuer: 'Test Authority',
  })
  assert.deepEqual([result.progress, result.evidence], ['connected', 'L0'])
})

test('the name of an issuer is short and plain, whatever he calls himself', async () => {
  const odd = createAuthority(`<b>"Tr\u00fcst"|\n${'x'.repeat(200)}`)
  await using side = await httpsSide(odd.issue(), (_, response) => response.end())
  await using unknown = await httpsSide(selfSigned(), (_, response) => response.end())
  await using prober = startProber({})

  const named = await prober.ask(endpointAt(side.origin))
  const unnamed = await prober.ask(endpointAt(unknown.origin))

  assert.match(named.tls?.issuer ?? '', /^b Tr st x{50,}$/)
  assert.equal(named.tls?.issuer?.length, 64)
  assert.deepEqual([unnamed.failure?.kind, unnamed.tls?.issuer], ['tls_cert', undefined])
})

test('a certificate for another host is down', async () => {
  const result = await certified({ name: 'elsewhere.example' })

  assert.deepEqual(result.codes, ['tls.hostname'])
  assert.deepEqual([result.verdict, result.tls?.verified], ['down', false])
  assert.ok(!JSON.stringify(result).includes('elsewhere'))
})

test('a certificate that is not valid yet may be our clock', async () => {
  const result = await certified({ from: Date.now() + DAY })

  assert.deepEqual([result.codes, result.verdict], [['tls.not_yet_valid'], 'unknown'])
})

test('a certificate that nobody vouches for is a question, not an answer', async () => {
  const result = await asked({ options: selfSigned() })

  assert.deepEqual(result.codes, ['tls.untrusted'])
  assert.deepEqual([result.verdict, result.failure?.kind], ['unknown', 'tls_cert'])
})

test('nothing is sent before the certificate is verified', async () => {
  let requests = 0
  await using side = await httpsSide(selfSigned(), () => requests++)
  await using prober = startProber({ tls: { ca: authority.cert } })

  await prober.ask(endpointAt(side.origin))

  assert.equal(side.connections, 1)
  assert.equal(requests, 0)
})

test('a server that speaks no TLS of today is degraded', async () => {
  const options: TlsOptions = {
    ...authority.issue(),
    minVersion: 'TLSv1',
    maxVersion: 'TLSv1.1',
    ciphers: 'ALL:@SECLEVEL=0',
  }

  const result = await asked({ options })

  assert.deepEqual([result.codes, result.verdict], [['tls.version'], 'degraded'])
  assert.equal(result.failure?.kind, 'tls_protocol')
})

test('TLS 1.2 is still good', async () => {
  const result = await asked({ options: { ...authority.issue(), maxVersion: 'TLSv1.2' } })

  assert.deepEqual([result.verdict, result.tls?.version], ['up', 'TLSv1.2'])
})

test('a gateway that wants our certificate is there', async () => {
  const options = { ...authority.issue(), ca: authority.cert, requestCert: true }

  const result = await asked({ options })

  assert.deepEqual(result.codes, ['tls.client_cert_required'])
  assert.deepEqual([result.verdict, result.failure?.kind], ['edge_up', 'tls_client_cert'])
})

test('a server that speaks no TLS at all fails the handshake', async () => {
  await using side = await httpSide((_, response) => response.end())
  await using prober = startProber()

  const result = await prober.ask(endpointAt(`https://localhost:${side.port}/`))

  assert.deepEqual([result.codes, result.tls], [['tls.handshake'], null])
})

test('a stalled or cut answer still tells of its transport security', async () => {
  await using side = await tlsSide(authority.issue(), (socket) => {
    socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx'))
  })
  await using prober = startProber({ tls: { ca: authority.cert } })

  const result = await prober.ask(endpointAt(side.origin))

  assert.deepEqual([result.codes, result.tls?.verified], [['http.truncated'], true])
})

function certified(subject: Partial<Subject>) {
  return asked({ options: authority.issue(subject) })
}

async function asked({ options }: { options: TlsOptions }) {
  await using side = await httpsSide(options, (_, response) => response.end())
  await using prober = startProber({ tls: { ca: authority.cert } })
  return await prober.ask(endpointAt(side.origin))
}
