import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FailureKind } from '@payer-status/protocol'
import fc from 'fast-check'
import { type NetworkCode, networkMeaning } from './evaluate/network.ts'
import { late, ProbeError, type Step, toProbeError } from './failure.ts'

test('each error of the machine has its cause', () => {
  const cases: [string, NetworkCode][] = [
    ['ECONNREFUSED', 'connect.refused'],
    ['ETIMEDOUT', 'connect.timeout'],
    ['EPIPE', 'connect.reset'],
    ['ENETUNREACH', 'connect.unreachable'],
    ['CERT_HAS_EXPIRED', 'tls.expired'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls.hostname'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls.untrusted'],
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'tls.client_cert_required'],
    ['ERR_SSL_SSL/TLS_ALERT_CERTIFICATE_EXPIRED', 'tls.client_cert_refused'],
    ['ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE', 'tls.client_cert_refused'],
    ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', 'tls.client_cert_refused'],
    ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'tls.version'],
    ['ERR_SSL_UNSUPPORTED_PROTOCOL', 'tls.version'],
    ['ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE', 'tls.handshake'],
    ['HPE_INVALID_CONSTANT', 'http.protocol'],
    ['HPE_HEADER_OVERFLOW', 'http.headers_too_large'],
  ]

  for (const [code, cause] of cases) assert.equal(causeOf(code), cause, code)
})

test('the same reset is a lost connection before an answer, and a cut answer within it', () => {
  assert.equal(causeOf('ECONNRESET', 'firstByte'), 'connect.reset')
  assert.equal(causeOf('ECONNRESET', 'transfer'), 'http.truncated')
})

test('while a name resolves, only a missing name is the payer’s', () => {
  assert.equal(causeOf('ENOTFOUND', 'dns'), 'dns.nxdomain')
  assert.equal(causeOf('ENODATA', 'dns'), 'dns.nxdomain')
  for (const code of ['EAI_AGAIN', 'ESERVFAIL', 'ECONNREFUSED', 'whatever'])
    assert.equal(causeOf(code, 'dns'), 'dns.servfail', code)
})

test('of several addresses, the one that spoke decides', () => {
  const errors = [coded('ENETUNREACH'), coded('ECONNREFUSED')]

  const failure = toProbeError(new AggregateError(errors), { step: 'connect', tls: null })

  assert.equal(failure.code, 'connect.refused')
})

test('what nobody foresaw is our own fault, and is not quoted', () => {
  for (const error of [
    new Error('CANARY'),
    new TypeError('CANARY'),
    coded('ENOSUCH'),
    'CANARY',
    null,
  ]) {
    const failure = toProbeError(error, { step: 'connect', tls: null })

    assert.equal(failure.code, 'probe.internal')
    assert.equal(failure.message, 'the probe itself failed')
  }
})

test('any error in any step has a cause from the closed list, and a message of ours', () => {
  const step = fc.constantFrom<Step | undefined>(
    undefined,
    'dns',
    'connect',
    'tls',
    'firstByte',
    'transfer',
  )

  fc.assert(
    fc.property(fc.string(), fc.string(), step, (code, text, at) => {
      const failure = toProbeError(Object.assign(new Error(`CANARY ${text}`), { code }), {
        step: at,
        tls: null,
      })

      assert.ok(FailureKind.safeParse(networkMeaning(failure.code).kind).success)
      assert.ok(!failure.message.includes('CANARY'))
    }),
  )
})

test('a step that is late says which one and how long it had', () => {
  assert.equal(late('connect', 3_000).message, 'no connection in 3000 ms')
  assert.equal(late('connect', 3_000).code, 'connect.timeout')
})

test('a failure that is named already keeps its name', () => {
  const failure = new ProbeError('redirect.downgrade')

  assert.equal(toProbeError(failure, { step: 'dns', tls: null }), failure)
})

function causeOf(code: string, step: Step = 'connect'): NetworkCode {
  return toProbeError(coded(code), { step, tls: null }).code
}

function coded(code: string): Error {
  return Object.assign(new Error(`CANARY ${code} 10.0.0.1:443`), { code })
}
