/** Reject reason codes of an AAA segment that the X12 gateways can answer with. */
export const AAA_CODES = ['41', '42', '51', '75', '79', '80'] as const
export type AaaCode = (typeof AAA_CODES)[number]

/** What each fault looks like from outside; the keys are the closed list of faults. */
export const FAULTS = {
  healthy: 'the endpoint answers as it should',
  slow: 'the right answer, `ms` late (2000)',
  status: 'an answer with the HTTP status `status`',
  refuse: 'the port is closed; it is the port of all the payer’s endpoints',
  reset: 'the connection is reset (RST) when the request has come',
  hang: 'the connection is accepted and never answered',
  drip: 'the right answer, one byte every `ms` (200)',
  truncate: 'the connection ends in the middle of the body',
  garbage: 'status 200 with random bytes',
  maintenance_200: 'a maintenance page with status 200',
  maintenance_503: 'a maintenance page with status 503 and Retry-After',
  wrong_type: 'status 200 with something else: HTML for an API, JSON for a portal',
  redirect_loop: 'redirects to itself without end',
  redirect_http: 'redirects once to a plain http address',
  big_body: 'a body of 8 MiB',
  malformed: 'bytes that are not HTTP',
  blocked: 'a bot wall: 403 with a page',
  unauthorized: 'status 401',
  unavailable: 'the edge answers 200, the system behind it says no (X12: AAA `code`, 42)',
  rejected: 'the request is turned away as malformed (X12: a 999 with R, elsewhere 400)',
} as const
export type FaultKind = keyof typeof FAULTS

/** What is wrong with an endpoint now. The list is closed. */
export type Fault =
  | { kind: Exclude<FaultKind, 'slow' | 'drip' | 'status' | 'unavailable'> }
  | { kind: 'slow' | 'drip'; ms: number }
  | { kind: 'status'; status: number }
  | { kind: 'unavailable'; code: AaaCode }

/** Nothing is wrong. */
export const HEALTHY: Fault = { kind: 'healthy' }

/** A fault as somebody asks for it: its kind, and what that kind needs. */
export type FaultRequest = { kind: unknown; ms?: unknown; status?: unknown; code?: unknown }

/** Longest time that may be asked for: an hour. */
export const MAX_MS = 3_600_000

/** The fault that was asked for, or why there is none such. */
export function readFault(asked: FaultRequest): Fault | { reason: string } {
  if (!isKind(asked.kind)) {
    return { reason: `fault: expected one of ${Object.keys(FAULTS).join(', ')}` }
  }
  const stray = (['ms', 'status', 'code'] as const).find(
    (name) => asked[name] !== undefined && PARAMETER[asked.kind as FaultKind] !== name,
  )
  if (stray !== undefined) return { reason: `${stray}: not a parameter of the fault ${asked.kind}` }
  return withParameter(asked.kind, asked)
}

const PARAMETER: Partial<Record<FaultKind, 'ms' | 'status' | 'code'>> = {
  slow: 'ms',
  drip: 'ms',
  status: 'status',
  unavailable: 'code',
}

function withParameter(kind: FaultKind, asked: FaultRequest): Fault | { reason: string } {
  switch (kind) {
    case 'slow':
    case 'drip': {
      const ms = asked.ms ?? (kind === 'slow' ? 2_000 : 200)
      return isWhole(ms, 1, MAX_MS) ? { kind, ms } : { reason: wholeReason('ms', 1, MAX_MS) }
    }
    case 'status': {
      const { status } = asked
      return isWhole(status, 200, 599)
        ? { kind, status }
        : { reason: wholeReason('status', 200, 599) }
    }
    case 'unavailable': {
      const code = AAA_CODES.find((known) => known === (asked.code ?? '42'))
      return code === undefined
        ? { reason: `code: expected one of ${AAA_CODES.join(', ')}` }
        : { kind, code }
    }
    default:
      return { kind }
  }
}

function isKind(kind: unknown): kind is FaultKind {
  return typeof kind === 'string' && Object.hasOwn(FAULTS, kind)
}

/** Whether `value` is a whole number from `min` to `max`. */
export function isWhole(value: unknown, min: number, max: number): value is number {
  return Number.isInteger(value) && (value as number) >= min && (value as number) <= max
}

/** Says what `isWhole` expected. */
export function wholeReason(name: string, min: number, max: number): string {
  return `${name}: expected a whole number from ${min} to ${max}`
}
