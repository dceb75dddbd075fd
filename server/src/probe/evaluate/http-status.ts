import type { Meaning } from './network.ts'

/** What is known of an answer besides its status. */
export type Answered = { hasRetryAfter: boolean; credentialed: boolean }

type Rule = Meaning & {
  /** First and last status that the rule is for. */
  from: number
  to?: number
  /** Further conditions; absent ones do not matter. */
  when?: Partial<Answered>
}

const down = { kind: 'http_5xx', verdict: 'down', attribution: 'target' } as const
const behindGateway = { ...down, attribution: 'payer_behind_gateway' } as const
const ourRequest = {
  kind: 'request_rejected',
  verdict: 'probe_misconfigured',
  attribution: 'probe',
} as const
const ourCredentials = {
  kind: 'auth',
  verdict: 'probe_misconfigured',
  attribution: 'probe',
} as const
const byPolicy = { kind: 'auth', verdict: 'edge_up', attribution: 'none' } as const
const gone = { kind: 'http_4xx', verdict: 'down', attribution: 'target' } as const
const ourCertificate = {
  kind: 'tls_client_cert',
  verdict: 'probe_misconfigured',
  attribution: 'probe',
} as const

/** What statuses mean that were not expected; the first rule that fits counts. Source of the codes: RFC 9110, RFC 6585. */
const RULES: readonly Rule[] = [
  { from: 400, ...ourRequest },
  { from: 401, when: { credentialed: true }, ...ourCredentials },
  { from: 401, ...byPolicy },
  { from: 403, when: { credentialed: true }, ...ourCredentials },
  { from: 403, ...byPolicy },
  { from: 404, ...gone },
  { from: 405, kind: 'http_4xx', verdict: 'edge_up', attribution: 'probe' },
  { from: 406, ...ourRequest },
  { from: 408, kind: 'timeout', verdict: 'degraded', attribution: 'target' },
  { from: 410, ...gone },
  { from: 413, to: 415, ...ourRequest },
  { from: 422, ...ourRequest },
  { from: 429, kind: 'rate_limited', verdict: 'degraded', attribution: 'probe' },
  { from: 495, to: 496, ...ourCertificate },
  { from: 501, ...ourRequest },
  { from: 502, ...behindGateway },
  { from: 503, when: { hasRetryAfter: true }, ...down, verdict: 'maintenance' },
  { from: 504, ...behindGateway },
  { from: 505, ...ourRequest },
  // A captive portal between us and the payer.
  { from: 511, kind: 'blocked', verdict: 'unknown', attribution: 'path' },
  { from: 520, to: 530, ...behindGateway },
  { from: 500, to: 599, ...down },
]

const UNRECOGNISED: Meaning = { kind: 'unrecognised', verdict: 'unknown', attribution: 'unknown' }

/** An answer, but not the one that belongs there. */
export const MISMATCH: Meaning = {
  kind: 'expectation',
  verdict: 'content_mismatch',
  attribution: 'target',
}

/** What a status means that is none of the expected ones. */
export function statusMeaning(status: number, answered: Answered): Meaning {
  if (status < 400) return MISMATCH
  const { kind, verdict, attribution } =
    RULES.find((rule) => fits(rule, status, answered)) ?? UNRECOGNISED
  return { kind, verdict, attribution }
}

function fits({ from, to = from, when = {} }: Rule, status: number, answered: Answered): boolean {
  return (
    status >= from &&
    status <= to &&
    (when.hasRetryAfter ?? answered.hasRetryAfter) === answered.hasRetryAfter &&
    (when.credentialed ?? answered.credentialed) === answered.credentialed
  )
}
