/** What is wrong, whose doing it is and what to do, in short factual words. */
import type { Incident, State } from '@payer-status/client'
import { latency, roughly, time } from './format.ts'

type Reason = NonNullable<State['reason']>
type ReasonKind = Reason['kind']
type Attribution = Incident['cause']['attribution']

/** Fits a cell. */
const SHORT: Readonly<Record<ReasonKind, string>> = {
  dns: 'no DNS answer',
  connect: 'no connection',
  tls_cert: 'certificate',
  tls_protocol: 'TLS protocol',
  tls_client_cert: 'our certificate',
  timeout: 'timeout',
  http_5xx: 'server error',
  http_4xx: 'client error',
  redirect: 'redirected',
  auth: 'our sign-in',
  blocked: 'blocked',
  rate_limited: 'rate limited',
  content_mismatch: 'wrong content',
  contract_drift: 'contract drift',
  application_unavailable: 'not responding',
  application_reject: 'rejected',
  request_rejected: 'our request',
  routing: 'routing',
  transport_truncated: 'cut off',
  protocol: 'protocol',
  probe_internal: 'our probe',
  unrecognised: 'unrecognised',
  maintenance_overrun: 'overrun',
  expectation: 'unexpected',
  address_refused: 'address refused',
  maintenance: 'maintenance',
  vantage_offline: 'offline here',
  not_witnessed: 'not witnessed',
  never_reached: 'never reached',
  unconfirmed: 'unconfirmed',
  stale: 'stale',
  slow: 'slow',
  not_probeable: 'no address',
  paused: 'paused',
  announced: 'announced',
  intermittent: 'unsteady',
}

/** Kinds whose first code says more than their name, as far as it is short. */
const CODED: ReadonlySet<ReasonKind> = new Set([
  'http_5xx',
  'http_4xx',
  'application_unavailable',
  'application_reject',
  'request_rejected',
])

/** A code without its place: `AAA:42@2100A/R` is `AAA 42`. */
export function codeText(code: string): string {
  return code.replace(/@.*$/, '').replace(/[:.]/, ' ')
}

/** Why, in a word or two. */
export function shortReason({ kind, codes }: Pick<Reason, 'kind' | 'codes'>): string {
  const code = codes[0]
  if (code !== undefined && CODED.has(kind) && code.length <= 18) return codeText(code)
  return SHORT[kind] ?? kind.replaceAll('_', ' ')
}

/** How often each code came, where that was counted. */
export type Counted = { readonly counts?: Readonly<Record<string, number>> | undefined }

/** A code and how often it came: `AAA 42, 31 times`. */
export function countedCode(code: string, times: number | undefined): string {
  return times === undefined || times < 2 ? codeText(code) : `${codeText(code)}, ${times} times`
}

/** Why, in one sentence with its codes. */
export function reasonSentence({ kind, codes, message, counts = {} }: Reason & Counted): string {
  const text = message.trim() || (SHORT[kind] ?? kind.replaceAll('_', ' '))
  const said = codes
    .filter((code) => !text.includes(codeText(code)))
    .map((code) => countedCode(code, counts[code]))
  const stem = text.replace(/\.$/, '')
  const tail =
    said.length > 0
      ? ` (${said.slice(0, 3).join(said.some((code) => code.includes(',')) ? '; ' : ', ')})`
      : ''
  return `${stem.charAt(0).toUpperCase()}${stem.slice(1)}${tail}.`
}

const DOING: Readonly<Record<Attribution, string | null>> = {
  payer: 'payer',
  intermediary: 'intermediary',
  target: 'address owner',
  payer_behind_gateway: 'payer, behind a gateway',
  path: 'network path',
  probe: 'our probe',
  trading_partner: 'trading partner',
  none: null,
  unknown: 'cause not yet known',
}

/** Whose doing it is; null where there is nothing to say. */
export function doingOf(attribution: Attribution | null): string | null {
  return attribution === null ? null : (DOING[attribution] ?? null)
}

/** What to do, and how loud to say it. */
export type AdviceTag = { readonly text: string; readonly tone: 'hold' | 'retry' | 'wait' | 'fix' }

/** What to do with work for it; undefined where it may go on. `until` is when announced maintenance ends. */
export function adviceTag(advice: State['advice'], until: number | null): AdviceTag | undefined {
  if (until !== null) return { text: `Wait until ${time(until)}`, tone: 'wait' }
  switch (advice.action) {
    case 'hold':
      return { text: 'Hold', tone: 'hold' }
    case 'retry_after': {
      const { retryAfterMs } = advice
      const text =
        retryAfterMs === undefined ? 'Retry later' : `Retry after ${roughly(retryAfterMs)}`
      return { text, tone: 'retry' }
    }
    case 'reroute':
      return { text: 'Reroute', tone: 'wait' }
    case 'fix_request':
      return { text: 'Fix request', tone: 'fix' }
    default:
      return undefined
  }
}

/** What stands in a cell: the latency while it works or is only slow, else the reason. */
export function cellText(state: State, until: number | null): string {
  const { status, reason, result } = state
  if (status === 'maintenance' && until !== null) return `until ${time(until)}`
  if (result === null && reason?.kind === 'unconfirmed') return 'waiting'
  if (reason !== null && reason.kind !== 'slow' && status !== 'operational')
    return shortReason(reason)
  if (result !== null && status !== 'unknown') return latency(result.latencyMs)
  return result === null ? 'waiting' : 'unknown'
}
