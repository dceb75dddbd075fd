import type { Phases } from '@payer-status/protocol'
import { errorCode } from '../lib/errors.ts'
import type { TlsSeen } from '../model.ts'
import { type NetworkCode, networkMeaning } from './evaluate/network.ts'

/** The steps of one exchange, in the order they are taken. */
export type Step = 'dns' | 'connect' | 'tls' | 'firstByte' | 'transfer'

/** Why no whole answer came. The message is ours: it quotes nothing that the far side or the configuration said. */
export class ProbeError extends Error {
  readonly code: NetworkCode

  constructor(code: NetworkCode, options: ErrorOptions & { message?: string | undefined } = {}) {
    super(options.message ?? networkMeaning(code).message, options)
    this.name = new.target.name
    this.code = code
  }
}

/** Where each step's time is kept. */
export const PHASE_OF_STEP = {
  dns: 'dnsMs',
  connect: 'connectMs',
  tls: 'tlsMs',
  firstByte: 'firstByteMs',
  transfer: 'transferMs',
} as const satisfies Record<Step, keyof Phases>

const LATE = {
  dns: ['dns.timeout', 'the host name was not resolved in'],
  connect: ['connect.timeout', 'no connection in'],
  tls: ['timeout.tls', 'no TLS handshake in'],
  firstByte: ['timeout.ttfb', 'no first byte in'],
  transfer: ['timeout.body', 'the answer did not end in'],
} as const satisfies Record<Step, readonly [NetworkCode, string]>

/** The failure of a step that took longer than its bound. */
export function late(step: Step, ms: number): ProbeError {
  const [code, phrase] = LATE[step]
  return new ProbeError(code, { message: `${phrase} ${ms} ms` })
}

/** Error codes of Node, libuv, OpenSSL and llhttp. Source: nodejs.org/api/errors, X509_verify_cert_error_string(3). */
const BY_ERROR_CODE: ReadonlyMap<string, NetworkCode> = new Map(
  Object.entries<NetworkCode>({
    ECONNREFUSED: 'connect.refused',
    ETIMEDOUT: 'connect.timeout',
    ERR_SOCKET_CONNECTION_TIMEOUT: 'connect.timeout',
    ECONNRESET: 'connect.reset',
    ECONNABORTED: 'connect.reset',
    EPIPE: 'connect.reset',
    ERR_SOCKET_CLOSED: 'connect.reset',
    ERR_STREAM_DESTROYED: 'connect.reset',
    ENETUNREACH: 'connect.unreachable',
    EHOSTUNREACH: 'connect.unreachable',
    EHOSTDOWN: 'connect.unreachable',
    ENETDOWN: 'connect.unreachable',
    EADDRNOTAVAIL: 'connect.unreachable',
    EACCES: 'connect.unreachable',
    EPERM: 'connect.unreachable',

    CERT_HAS_EXPIRED: 'tls.expired',
    CERT_NOT_YET_VALID: 'tls.not_yet_valid',
    CERT_REVOKED: 'tls.revoked',
    ERR_TLS_CERT_ALTNAME_INVALID: 'tls.hostname',
    ERR_TLS_CERT_ALTNAME_FORMAT: 'tls.hostname',
    CERT_UNTRUSTED: 'tls.untrusted',
    CERT_REJECTED: 'tls.untrusted',
    CERT_SIGNATURE_FAILURE: 'tls.untrusted',
    CERT_CHAIN_TOO_LONG: 'tls.untrusted',
    DEPTH_ZERO_SELF_SIGNED_CERT: 'tls.untrusted',
    SELF_SIGNED_CERT_IN_CHAIN: 'tls.untrusted',
    UNABLE_TO_GET_ISSUER_CERT: 'tls.untrusted',
    UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'tls.untrusted',
    UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'tls.untrusted',
    UNABLE_TO_DECRYPT_CERT_SIGNATURE: 'tls.untrusted',
    INVALID_CA: 'tls.untrusted',
    INVALID_PURPOSE: 'tls.untrusted',
    PATH_LENGTH_EXCEEDED: 'tls.untrusted',
    UNABLE_TO_GET_CRL: 'tls.crl',
    UNABLE_TO_DECRYPT_CRL_SIGNATURE: 'tls.crl',
    CRL_SIGNATURE_FAILURE: 'tls.crl',
    CRL_NOT_YET_VALID: 'tls.crl',
    CRL_HAS_EXPIRED: 'tls.crl',
    EPROTO: 'tls.handshake',

    ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL: 'http.no_h2',
    ERR_HTTP2_ERROR: 'http.protocol',
    ERR_HTTP2_STREAM_ERROR: 'connect.reset',
    ERR_HTTP2_STREAM_CANCEL: 'connect.reset',
    ERR_HTTP2_SESSION_ERROR: 'connect.reset',
    ERR_HTTP2_GOAWAY_SESSION: 'connect.reset',
    ERR_HTTP2_INVALID_SESSION: 'connect.reset',
    ERR_HTTP2_INVALID_STREAM: 'connect.reset',

    HPE_HEADER_OVERFLOW: 'http.headers_too_large',
    ERR_STREAM_PREMATURE_CLOSE: 'http.truncated',
  }),
)

/** Families of codes, for those with too many members to list. The first that fits counts. */
const BY_ERROR_FAMILY: readonly (readonly [RegExp, NetworkCode])[] = [
  [/^ERR_SSL_.*CERTIFICATE_REQUIRED$/, 'tls.client_cert_required'],
  // What the far side says of certificates in an alert, it says of ours. Source: RFC 8446 section 6.2.
  [
    /^ERR_SSL_.*ALERT_(?:(?:BAD|UNSUPPORTED)_CERTIFICATE|CERTIFICATE_(?:REVOKED|EXPIRED|UNKNOWN)|UNKNOWN_CA|ACCESS_DENIED)$/,
    'tls.client_cert_refused',
  ],
  [/^ERR_SSL_.*(?:PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL|VERSION_TOO_LOW)$/, 'tls.version'],
  [/^ERR_(?:SSL|OSSL)_/, 'tls.handshake'],
  [/^ERR_TLS_/, 'tls.handshake'],
  [/^HPE_/, 'http.protocol'],
]

/** What is known of an exchange when it fails. */
export type Circumstances = { step: Step | undefined; tls: TlsSeen | null }

/** Names the cause of `error`. What nobody foresaw is taken as our own fault. */
export function toProbeError(error: unknown, { step, tls }: Circumstances): ProbeError {
  if (error instanceof ProbeError) return error
  const code = causeOf(error, step)
  const message = code === 'tls.expired' ? expiryMessage(tls) : undefined
  return new ProbeError(code, { message, cause: error })
}

function expiryMessage(tls: TlsSeen | null): string | undefined {
  if (tls === null || tls.expiresAt === null) return undefined
  return `the certificate expired on ${new Date(tls.expiresAt).toISOString().slice(0, 10)}`
}

function causeOf(error: unknown, step: Step | undefined): NetworkCode {
  if (step === 'dns') return dnsCause(errorCode(error))
  const code = mostTelling(error)
  const cause =
    BY_ERROR_CODE.get(code) ?? BY_ERROR_FAMILY.find(([family]) => family.test(code))?.[1]
  return step === 'transfer' && cause === 'connect.reset'
    ? 'http.truncated'
    : (cause ?? 'probe.internal')
}

const NO_SUCH_NAME = new Set(['ENOTFOUND', 'ENODATA'])

function dnsCause(code: string): NetworkCode {
  return NO_SUCH_NAME.has(code) ? 'dns.nxdomain' : 'dns.servfail'
}

/** When several addresses were tried, what an address that is there said outranks a missing route to another. */
const TELLING = ['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'ERR_SOCKET_CONNECTION_TIMEOUT']

function mostTelling(error: unknown): string {
  if (!(error instanceof AggregateError)) return opensslCode(error) ?? errorCode(error)
  const codes = error.errors.map(errorCode)
  return TELLING.find((code) => codes.includes(code)) ?? codes[0] ?? errorCode(error)
}

/** The code Node gives an OpenSSL reason when reading, also where the same came up while writing, as `EPROTO`. */
function opensslCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || errorCode(error) !== 'EPROTO') return undefined
  const [, reason] = /:SSL routines:[^:]*:([^:]+):/.exec(error.message) ?? []
  return reason && `ERR_SSL_${reason.toUpperCase().replaceAll(' ', '_')}`
}
