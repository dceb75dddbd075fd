/**
 * Holds an answer against what the configuration expects: status, content type, headers, body, certificate, latency.
 * The first expectation that is not met is named; those that only degrade come after all others.
 */
import type { Checks, Expect } from '../config/config.ts'
import { clipped, comparisonOf, type Shown, unmetComparison } from './comparison.ts'
import { looksInside, unmetContent } from './expect-content.ts'
import type { Judged, Unmet } from './judged.ts'

/** Success where the configuration says nothing else. */
const DEFAULT_STATUS: NonNullable<Checks['status']> = [[200, 399]]
/** Longest message that clients take. */
const MAX_MESSAGE = 300
const DAY = 86_400_000

/** The first expectation that was not met; `degrades` where the answer is good for something all the same. */
export type UnmetExpectation = Unmet & { degrades: boolean }

/** Whether the configuration looks into bodies. */
export function expectsBody({ degrade = {}, ...checks }: Expect): boolean {
  return looksInside(checks) || looksInside(degrade)
}

/** Whether a redirect with this status is itself what the configuration waits for, and so is not followed. */
export function expectsRedirect(status: number, { status: set = [] }: Expect): boolean {
  return set.some(([from, to]) => from >= 300 && to <= 399 && status >= from && status <= to)
}

/** Holds an answer against the configuration; undefined when every expectation is met. */
export function unmetExpectation(
  { degrade = {}, shown, ...checks }: Expect,
  answer: Judged,
): UnmetExpectation | undefined {
  const unmet = firstUnmet({ status: DEFAULT_STATUS, ...checks }, answer, shown)
  const first = unmet ?? firstUnmet(degrade, answer, shown)
  if (first === undefined) return undefined
  const { of, message } = first
  return { of, message: message.slice(0, MAX_MESSAGE), degrades: unmet === undefined }
}

function firstUnmet(checks: Checks, answer: Judged, shown: Shown): Unmet | undefined {
  return (
    unmetStatus(checks, answer) ??
    unmetContentType(checks, answer) ??
    unmetHeader(checks, answer, shown) ??
    unmetContent(checks, answer, shown) ??
    unmetCertificate(checks, answer) ??
    unmetLatency(checks, answer)
  )
}

function unmetStatus({ status: set }: Checks, { status }: Judged): Unmet | undefined {
  if (set === undefined || set.some(([from, to]) => status >= from && status <= to))
    return undefined
  const expected = set.map(([from, to]) => (from === to ? String(from) : `${from}-${to}`))
  return { of: 'status', message: `expected status ${listed(expected)}, got ${status}` }
}

function unmetContentType({ contentType: types }: Checks, answer: Judged): Unmet | undefined {
  const [type = ''] = headerOf(answer, 'content-type')?.split(';') ?? []
  const seen = type.trim().toLowerCase()
  if (types === undefined || types.some((one) => isOfType(seen, one))) return undefined
  return { of: 'content_type', message: `expected content type ${listed(types)}` }
}

function isOfType(seen: string, wanted: string): boolean {
  return wanted.endsWith('/*') ? seen.startsWith(wanted.slice(0, -1)) : seen === wanted
}

function unmetHeader({ headers = [] }: Checks, answer: Judged, shown: Shown): Unmet | undefined {
  for (const [name, is] of headers) {
    const unmet = unmetComparison(comparisonOf(is), [headerOf(answer, name)], shown)
    if (unmet !== undefined) return { of: 'header', message: `expected header ${name} ${unmet}` }
  }
  return undefined
}

function headerOf({ headers }: Judged, name: string): string | undefined {
  const value = Object.hasOwn(headers, name) ? headers[name] : undefined
  return typeof value === 'object' ? value.join(', ') : value?.trim()
}

function unmetCertificate({ certificateDays: days }: Checks, answer: Judged): Unmet | undefined {
  if (days === undefined) return undefined
  const until = answer.tls?.expiresAt ?? undefined
  const left = until === undefined ? undefined : Math.floor((until - answer.at) / DAY)
  if (left !== undefined && left >= days) return undefined
  const got = left === undefined ? 'none' : `${left} days`
  return {
    of: 'certificate',
    message: `expected a certificate valid for at least ${days} days more, got ${got}`,
  }
}

function unmetLatency({ latency = [] }: Checks, answer: Judged): Unmet | undefined {
  const { dnsMs, connectMs, tlsMs, firstByteMs, transferMs } = answer.phases
  const seen = {
    dns: dnsMs,
    connect: connectMs,
    tls: tlsMs,
    firstByte: firstByteMs,
    transfer: transferMs,
    total: answer.latencyMs,
  }
  for (const [phase, most] of latency) {
    const ms = seen[phase] ?? 0 // a step that was not taken took no time
    if (ms <= most) continue
    const got = Math.ceil(ms)
    return { of: 'latency', message: `expected ${SAID[phase]} within ${most} ms, got ${got} ms` }
  }
  return undefined
}

const SAID = {
  dns: 'the name to resolve',
  connect: 'a connection',
  tls: 'the TLS handshake',
  firstByte: 'the first byte',
  transfer: 'the answer to end after its first byte',
  total: 'the whole answer',
} as const

function listed(choices: readonly string[]): string {
  return clipped(choices.join(', '))
}
