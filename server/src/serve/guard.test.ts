import assert from 'node:assert/strict'
import type { IncomingMessage } from 'node:http'
import { test } from 'node:test'
import fc from 'fast-check'
import { type GuardOptions, isLoopback, makeGuard } from './guard.ts'

type Asked = {
  host?: string
  origin?: string
  url?: string
  localAddress?: string
  twice?: boolean
}

function statusFor(options: Partial<GuardOptions>, asked: Asked): number | undefined {
  const { host, origin, url = '/', localAddress = '127.0.0.1', twice } = asked
  const headers = { ...(host !== undefined && { host }), ...(origin !== undefined && { origin }) }
  const rawHeaders = host === undefined ? [] : ['Host', host, ...(twice ? ['host', host] : [])]
  const request = { headers, rawHeaders, url, socket: { localAddress } }
  const guard = makeGuard({
    host: '127.0.0.1',
    loopback: true,
    allowedHosts: [],
    allowedOrigins: [],
    ...options,
  })
  return guard(request as unknown as IncomingMessage)?.status
}

const wildcard = { host: '0.0.0.0', loopback: false }

test('on loopback the loopback names pass with any port, and nothing else does', () => {
  for (const host of [
    'localhost',
    'LOCALHOST:8080',
    'localhost.',
    '127.0.0.1:1',
    '[::1]:8080',
    '[::1]',
  ])
    assert.equal(statusFor({}, { host }), undefined, host)

  for (const host of [
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    '10.0.0.1',
  ])
    assert.equal(statusFor({}, { host }), 421, host)
})

test('a Host that is missing or no host at all is misdirected', () => {
  const hostile = [
    '',
    ' ',
    'a b',
    'evil@localhost',
    'localhost/x',
    'localhost:',
    'localhost:99999999',
    'localhost#',
    '[::1',
    '::1',
    '[]',
    '%6cocalhost',
    'localhost,evil',
    '\u0000',
    'ｌocalhost',
  ]

  assert.equal(statusFor({}, {}), 421)
  for (const host of hostile) assert.equal(statusFor({}, { host }), 421, JSON.stringify(host))
})

test('two Host headers are a bad request even when both are ours', () => {
  assert.equal(statusFor({}, { host: 'localhost', twice: true }), 400)
})

test('the authority of an absolute target goes before the Host header', () => {
  assert.equal(statusFor({}, { host: 'localhost', url: 'http://evil.example/status' }), 421)
  assert.equal(statusFor({}, { host: 'evil.example', url: 'http://localhost/status' }), undefined)
})

test('a wildcard listener takes the address a client reached it by, and loopback names', () => {
  const reached = { localAddress: '192.0.2.7' }

  assert.equal(statusFor(wildcard, { host: '192.0.2.7:8080', ...reached }), undefined)
  assert.equal(statusFor(wildcard, { host: 'localhost:8080', ...reached }), undefined)
  assert.equal(statusFor(wildcard, { host: '192.0.2.8', ...reached }), 421)
  assert.equal(statusFor(wildcard, { host: '0.0.0.0', ...reached }), 421)
  assert.equal(statusFor(wildcard, { host: 'rebound.example', ...reached }), 421)
})

test('a wildcard listener knows its IPv6 and mapped addresses by any spelling', () => {
  const v6 = { host: '::', loopback: false }

  assert.equal(statusFor(v6, { host: '192.0.2.7', localAddress: '::ffff:192.0.2.7' }), undefined)
  assert.equal(
    statusFor(v6, { host: '[2001:DB8:0::1]:80', localAddress: '2001:db8::1' }),
    undefined,
  )
})

test('a listener on one address of the network does not answer to localhost', () => {
  const options = { host: '192.0.2.7', loopback: false }

  assert.equal(statusFor(options, { host: '192.0.2.7:8080' }), undefined)
  assert.equal(statusFor(options, { host: 'localhost' }), 421)
})

test('an allowed host passes with any port, one with a port only with that port', () => {
  const options = { ...wildcard, allowedHosts: ['Status.Example', 'other.example:8443'] }

  assert.equal(statusFor(options, { host: 'status.example:81' }), undefined)
  assert.equal(statusFor(options, { host: 'other.example:8443' }), undefined)
  assert.equal(statusFor(options, { host: 'other.example' }), 421)
  assert.equal(statusFor(options, { host: 'sub.status.example' }), 421)
})

test('an Origin passes when it is our own or exactly allowed', () => {
  const options = { allowedOrigins: ['https://app.example/', 'http://dev.example:3000'] }
  const host = 'localhost:8080'

  for (const origin of [
    'http://localhost:8080',
    'https://localhost:8080',
    'https://app.example',
    'http://dev.example:3000',
  ])
    assert.equal(statusFor(options, { host, origin }), undefined, origin)
})

test('any other Origin is forbidden: null, another port, a look-alike, a list', () => {
  const options = { allowedOrigins: ['https://app.example'] }
  const hostile = [
    'null',
    '',
    '*',
    'http://localhost',
    'http://localhost:8081',
    'https://app.example.evil',
    'http://app.example',
    'https://app.example:444',
    'https://app.example/',
    'https://evil.example',
    'file://',
    'ws://localhost:8080',
    'http://localhost:8080, http://evil.example',
    'http://a@localhost:8080',
  ]

  for (const origin of hostile)
    assert.equal(
      statusFor(options, { host: 'localhost:8080', origin }),
      403,
      JSON.stringify(origin),
    )
})

test('the default port may be written or left out on either side', () => {
  const options = { ...wildcard, allowedHosts: ['status.example'] }

  assert.equal(
    statusFor(options, { host: 'status.example:443', origin: 'https://status.example' }),
    undefined,
  )
  assert.equal(
    statusFor(options, { host: 'status.example', origin: 'http://status.example' }),
    undefined,
  )
})

test('no text makes the guard throw, and only our own hosts pass', () => {
  fc.assert(
    fc.property(fc.string(), fc.option(fc.string(), { nil: undefined }), (host, origin) => {
      const status = statusFor({}, { host, ...(origin !== undefined && { origin }) })

      assert.ok(status === 421 || status === 403 || /^(localhost|127\.|\[::1\])/i.test(host))
    }),
  )
})

test('loopback is 127/8, ::1 and localhost, in any spelling a socket uses', () => {
  for (const host of ['localhost', '127.0.0.1', '127.8.9.1', '::1', '[::1]', '::ffff:127.0.0.1'])
    assert.equal(isLoopback(host), true, host)

  for (const host of ['0.0.0.0', '::', '128.0.0.1', '127.0.0.1.example', '', 'example'])
    assert.equal(isLoopback(host), false, host)
})
