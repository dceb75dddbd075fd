import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TlsOptions } from 'node:tls'
import { type FarSide, httpSide, httpsSide } from '../../test/support/far-side.ts'
import { createAuthority, selfSigned } from '../../test/support/far-side-certificates.ts'
import { endpointAt, startProber, tlsOf } from '../../test/support/far-side-endpoint.ts'
import { pkcs12Of } from '../../test/support/far-side-pkcs12.ts'
import { clientOf, tokenSide } from '../../test/support/token-side.ts'
import type { Tls } from '../config/config.ts'
import { systemClock } from '../lib/clock.ts'
import { Secret } from '../lib/secret.ts'
import { Connections } from './connections.ts'

const DAY = 86_400_000
const authority = createAuthority()
const ca = new Secret(authority.cert)
const ours = authority.issue({ name: 'ops' })
const pair = { cert: new Secret(ours.cert), key: new Secret(ours.key) }

test('an authority of the endpoint’s own is trusted, instead of the usual ones', async () => {
  await using side = await hello(authority.issue())
  await using prober = startProber({ tls: { ca: authority.cert } })
  const elsewhere = tlsOf({ ca: new Secret(createAuthority().cert) })

  const trusted = await prober.ask(endpointAt(side.origin, { tls: tlsOf({ ca }) }))
  const untrusted = await prober.ask(endpointAt(side.origin, { tls: elsewhere }))
  const usual = await prober.ask(endpointAt(side.origin))

  assert.deepEqual([trusted.verdict, trusted.tls?.verified], ['up', true])
  assert.deepEqual(untrusted.codes, ['tls.untrusted'])
  assert.deepEqual([usual.verdict, usual.connectionReused], ['up', false])
})

test('a gateway that wants our certificate takes it, in PEM or PKCS#12', async (t) => {
  await using side = await hello({ ...authority.issue(), ca: authority.cert, requestCert: true })
  await using prober = startProber({ tls: { ca: authority.cert } })
  const bytes = pkcs12Of(ours, 'sesame')

  const pem = await prober.ask(endpointAt(side.origin, { tls: tlsOf(pair) }))

  assert.equal(pem.verdict, 'up')
  if (bytes === undefined) return t.diagnostic('no openssl here')
  const pkcs12 = new Secret(bytes.toString('base64'))
  const both = tlsOf({ pkcs12, passphrase: new Secret('sesame') })
  assert.equal((await prober.ask(endpointAt(side.origin, { tls: both }))).verdict, 'up')
})

test('a certificate of ours that is refused is ours to mend', async () => {
  const strange = createAuthority().issue({ name: 'ops' })
  const late = authority.issue({ name: 'ops', until: Date.now() - DAY, from: Date.now() - 2 * DAY })
  for (const { cert, key } of [strange, late]) {
    const tls = tlsOf({ cert: new Secret(cert), key: new Secret(key) })
    for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
      const options = { ...authority.issue(), ca: authority.cert, requestCert: true, maxVersion }

      const result = await asked(options, tls)

      // A server of Node's hangs up without an alert.
      assert.ok(['connect.reset', 'tls.client_cert_refused'].includes(result.codes[0] ?? ''))
    }
  }
})

test('another name than the host’s is asked for, and must be in the certificate', async () => {
  let asked: unknown
  const SNICallback: TlsOptions['SNICallback'] = (name, answer) => {
    asked = name
    answer(null)
  }
  await using side = await hello({ ...authority.issue({ name: 'a.example' }), SNICallback })
  await using prober = startProber({ tls: { ca: authority.cert } })

  const named = await prober.ask(
    endpointAt(side.origin, { tls: tlsOf({ serverName: 'a.example' }) }),
  )
  const other = await prober.ask(
    endpointAt(side.origin, { tls: tlsOf({ serverName: 'b.example' }) }),
  )
  const usual = await prober.ask(endpointAt(side.origin))

  assert.equal(named.verdict, 'up')
  assert.deepEqual([other.codes, usual.codes], [['tls.hostname'], ['tls.hostname']])
  assert.equal(asked, 'localhost')
})

test('versions are kept to', async () => {
  const old = { ...authority.issue(), maxVersion: 'TLSv1.2' as const }
  const ancient = { ...authority.issue(), ...ANCIENT }

  const refused = await asked(old, tlsOf({ minVersion: 'TLSv1.3' }))
  const limited = await asked(authority.issue(), tlsOf({ maxVersion: 'TLSv1.2' }))
  const weak = await asked(ancient, tlsOf({ minVersion: 'TLSv1' }))

  assert.deepEqual(refused.codes, ['tls.version'])
  assert.equal(limited.tls?.version, 'TLSv1.2')
  assert.deepEqual([weak.verdict, weak.tls?.version], ['up', 'TLSv1.1'])
})

test('a certificate that need not be verified is taken, and the answer says that it was not', async () => {
  const until = Math.floor((Date.now() - DAY) / 1_000) * 1_000
  const certificates = [
    selfSigned(),
    authority.issue({ until, from: until - DAY }),
    authority.issue({ name: 'elsewhere.example' }),
    authority.issue(),
  ]
  for (const options of certificates) {
    await using side = await hello(options)
    await using prober = startProber({ tls: { ca: authority.cert } })
    const endpoint = endpointAt(side.origin, { tls: tlsOf({ skipVerify: true }) })

    const fresh = await prober.ask(endpoint)
    const reused = await prober.ask(endpoint)

    assert.deepEqual([fresh.verdict, fresh.tls?.verified], ['up', false])
    assert.deepEqual([reused.connectionReused, reused.tls?.verified], [true, false])
  }
})

test('a connection that was not verified serves nobody who verifies', async () => {
  await using side = await hello(selfSigned())
  await using prober = startProber()
  await prober.ask(endpointAt(side.origin, { tls: tlsOf({ skipVerify: true }) }))

  const result = await prober.ask(endpointAt(side.origin))
  const same = await prober.ask(endpointAt(side.origin, { tls: tlsOf({}) }))

  assert.deepEqual([result.codes, same.codes], [['tls.untrusted'], ['tls.untrusted']])
})

test('what is said of one origin is not said of another that it redirects to', async () => {
  let seen: unknown = 'nobody came'
  const options = { ...selfSigned(), requestCert: true, rejectUnauthorized: false }
  await using other = await httpsSide(options, (request, response) => {
    seen = (request.socket as unknown as { getPeerCertificate(): object }).getPeerCertificate()
    response.end()
  })
  await using side = await httpsSide(selfSigned(), (_, response) => {
    response.writeHead(302, { Location: other.origin }).end()
  })
  await using lenient = startProber()
  await using strict = startProber({ tls: { ca: options.cert } })
  const tls = tlsOf({ ...pair, skipVerify: true })

  const refused = await lenient.ask(endpointAt(side.origin, { tls }))
  const bare = await strict.ask(endpointAt(side.origin, { tls }))

  assert.deepEqual(refused.codes, ['tls.untrusted'])
  assert.deepEqual([bare.verdict, bare.tls?.verified], ['up', true])
  assert.deepEqual(Object.keys(seen as object), [])
})

test('a token server is met with its own security, not with the endpoint’s', async () => {
  await using server = await tokenSide(undefined, {
    ...authority.issue(),
    ca: authority.cert,
    requestCert: true,
    rejectUnauthorized: true,
  })
  await using side = await httpSide((_, response) => response.end())
  await using prober = startProber()
  const tls = tlsOf({ ca, ...pair })

  const good = await prober.ask(
    endpointAt(side.origin, { oauth2: clientOf(server.origin, { tls }) }),
  )
  const bad = await prober.ask(endpointAt(side.origin, { tls, oauth2: clientOf(server.origin) }))

  assert.equal(good.verdict, 'up')
  assert.deepEqual(bad.codes, ['token.unreachable'])
  assert.match(bad.failure?.message ?? '', /^no token: the certificate is not trusted here$/)
})

test('endpoints of the same security share one context', async () => {
  await using connections = new Connections({ clock: systemClock, ca: undefined })
  const [a, b] = [tlsOf({ ca }), tlsOf({ ca, serverName: 'a.example', skipVerify: true })]

  assert.equal(connections.context(a), connections.context(b))
  assert.notEqual(connections.context(a), connections.context(undefined))
})

const ANCIENT: TlsOptions = {
  minVersion: 'TLSv1',
  maxVersion: 'TLSv1.1',
  ciphers: 'ALL:@SECLEVEL=0',
}

function hello(options: TlsOptions): Promise<FarSide> {
  return httpsSide(options, (_, response) => response.end('hello'))
}

async function asked(options: TlsOptions, tls: Tls) {
  await using side = await hello(options)
  await using prober = startProber({ tls: { ca: authority.cert } })
  return await prober.ask(endpointAt(side.origin, { tls }))
}
