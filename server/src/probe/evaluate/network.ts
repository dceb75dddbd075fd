import type { Attribution, FailureKind, Verdict } from '@payer-status/protocol'

/** What a cause or a status means. `target` is whoever owns the address, payer or intermediary. */
export type Meaning = { kind: FailureKind; verdict: Verdict; attribution: Attribution }

/** The last item is what people read, unless the error knows more. */
type Row = readonly [FailureKind, Verdict, Attribution, string]

/**
 * What it means when no answer came, or not a whole one. It judges one result only: that a timeout counts once it is
 * confirmed, and a refused connection only while other hosts answer, is for the judge to say.
 */
const TABLE = {
  'dns.nxdomain': ['dns', 'down', 'target', 'the host name does not exist'],
  'dns.servfail': ['dns', 'unknown', 'path', 'the host name could not be resolved'],
  'dns.timeout': ['dns', 'unknown', 'path', 'the host name was not resolved in time'],

  'connect.refused': ['connect', 'down', 'target', 'connection refused'],
  'connect.timeout': ['connect', 'down', 'target', 'no connection in time'],
  'connect.unreachable': ['connect', 'unknown', 'path', 'no route to the host'],
  'connect.reset': ['connect', 'degraded', 'path', 'connection closed before an answer'],

  'tls.expired': ['tls_cert', 'down', 'target', 'the certificate has expired'],
  'tls.hostname': ['tls_cert', 'down', 'target', 'the certificate is for another host'],
  'tls.revoked': ['tls_cert', 'down', 'target', 'the certificate is revoked'],
  'tls.not_yet_valid': ['tls_cert', 'unknown', 'unknown', 'the certificate is not valid yet'],
  'tls.untrusted': ['tls_cert', 'unknown', 'unknown', 'the certificate is not trusted here'],
  'tls.crl': [
    'tls_cert',
    'probe_misconfigured',
    'probe',
    'our revocation list is out of date, or not of this authority',
  ],
  'tls.version': ['tls_protocol', 'degraded', 'target', 'no TLS version of 1.2 or later'],
  'tls.handshake': ['tls_protocol', 'degraded', 'target', 'the TLS handshake failed'],
  'tls.client_cert_required': [
    'tls_client_cert',
    'edge_up',
    'probe',
    'a client certificate is required',
  ],
  'tls.client_cert_refused': [
    'tls_client_cert',
    'probe_misconfigured',
    'probe',
    'our client certificate was refused',
  ],

  'timeout.tls': ['timeout', 'down', 'target', 'no TLS handshake in time'],
  'timeout.ttfb': ['timeout', 'down', 'target', 'no first byte in time'],
  'timeout.body': ['timeout', 'degraded', 'target', 'the answer did not end in time'],

  'http.protocol': ['protocol', 'degraded', 'target', 'the answer is not valid HTTP'],
  'http.no_h2': ['protocol', 'degraded', 'target', 'no HTTP/2 was offered'],
  'http.headers_too_large': ['protocol', 'degraded', 'target', 'the headers exceed 16 KiB'],
  'http.truncated': ['transport_truncated', 'degraded', 'unknown', 'the answer was cut off'],

  'redirect.invalid': ['redirect', 'down', 'target', 'redirected to what is no web address'],
  'redirect.downgrade': ['redirect', 'down', 'target', 'redirected from https to http'],
  'redirect.too_many': ['redirect', 'down', 'target', 'redirected more than 5 times'],
  'redirect.cross_origin': [
    'redirect',
    'down',
    'target',
    'redirected a request that changes something to another origin',
  ],

  'token.unreachable': [
    'auth',
    'unknown',
    'unknown',
    'no token: its server did not answer in time',
  ],
  'token.failed': ['auth', 'unknown', 'unknown', 'the token server answered with an error'],
  'token.invalid': ['auth', 'unknown', 'unknown', 'the token server gave no usable token'],
  'token.refused': [
    'auth',
    'probe_misconfigured',
    'probe',
    'the token server refused our credentials',
  ],

  'address.refused': [
    'address_refused',
    'probe_misconfigured',
    'probe',
    'the host has an address that is not public',
  ],
  'probe.misconfigured': [
    'probe_internal',
    'probe_misconfigured',
    'probe',
    'the request cannot be sent as configured',
  ],
  'probe.stopped': ['probe_internal', 'unknown', 'probe', 'stopped before the probe ended'],
  'probe.internal': ['probe_internal', 'unknown', 'probe', 'the probe itself failed'],
} as const satisfies Record<string, Row>

/** Why no whole answer came. */
export type NetworkCode = keyof typeof TABLE

/** What `code` means, and how to say it. */
export function networkMeaning(code: NetworkCode): Meaning & { message: string } {
  const [kind, verdict, attribution, message] = TABLE[code]
  return { kind, verdict, attribution, message }
}
