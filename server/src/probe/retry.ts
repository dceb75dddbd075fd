/** Asks once more where that may cure what went wrong, within the time of one probe. */
import type { Endpoint, Retry } from '../config/config.ts'
import { MIN_PUBLIC_DELAY } from '../config/retry.ts'
import type { Clock, Random } from '../lib/clock.ts'
import type { Again, Observation, Observed } from '../ports.ts'
import type { NetworkCode } from './evaluate/network.ts'

/** Causes that may be gone a moment later. Certificates, redirects and our own mistakes are not. */
const PASSING_CAUSES: ReadonlySet<string> = new Set<NetworkCode>([
  'dns.servfail',
  'dns.timeout',
  'connect.refused',
  'connect.timeout',
  'connect.unreachable',
  'connect.reset',
  'timeout.tls',
  'timeout.ttfb',
  'timeout.body',
  'http.truncated',
])

/** Statuses of a moment. Source: RFC 9110 sections 15.6.3 to 15.6.5, RFC 6585 section 4. */
const PASSING_STATUSES = new Set([429, 502, 503, 504])

/** Whether a retry may cure a probe that came to no answer. */
export function isPassingCause(code: NetworkCode): boolean {
  return PASSING_CAUSES.has(code)
}

/** Whether a retry may cure an answer that was not expected: never one that names its own time. */
export function isPassingStatus(status: number, hasRetryAfter: boolean): boolean {
  return PASSING_STATUSES.has(status) && !hasRetryAfter
}

/**
 * The wait before attempt number `next`, ms: any time up to a bound that doubles with each attempt, and on public
 * networks at least one second. Source: AWS, exponential backoff and (full) jitter.
 */
export function waitBefore(next: number, retry: Retry, { least, random }: Chance): number {
  const most = Math.min(retry.maxDelay, retry.delay * 2 ** (next - 2))
  return least + random() * Math.max(0, most - least)
}

type Chance = { least: number; random: Random }

type Outside = { clock: Clock; random: Random; signal: AbortSignal; again: Again }

/** What came of all attempts together. */
export type Retried = { attempts: number; observation: Observation }

/** Asks until it succeeds, cannot be cured, or attempts, tokens or time run out. @throws when `signal` aborts a wait */
export async function withRetries(
  endpoint: Endpoint,
  outside: Outside,
  ask: (attempt: number) => Promise<Observed>,
): Promise<Retried> {
  const { retry, network, timeouts } = endpoint
  const { clock, random, signal } = outside
  const end = clock.monotonic() + timeouts.total
  const least = network === 'public' ? MIN_PUBLIC_DELAY : 0
  const first = await ask(1)
  let latest = first
  let attempts = 1
  while (retry !== undefined && latest.curable === true && attempts < retry.attempts) {
    const wait = waitBefore(attempts + 1, retry, { least, random })
    if (!(await comesTo(outside, wait, end))) break
    attempts++
    const next = await ask(attempts)
    // What our own deadline cut short says less than the attempt before.
    if (signal.aborted && next.failure !== null) break
    latest = next
  }
  const observation = observationOf(latest)
  const isWorse = retry?.degradeAfterRetry === true && attempts > 1
  return { attempts, observation: isWorse ? onlyAfter(first, observation, attempts) : observation }
}

/**
 * Waits until a further attempt may begin; false when that would not be before `end`. Tokens are asked for when the wait
 * is over, not before it: then they are spent as the attempts begin, and no minute sees more of them than it may.
 */
async function comesTo(outside: Outside, wait: number, end: number): Promise<boolean> {
  const { clock, signal, again } = outside
  if (signal.aborted || clock.monotonic() + wait >= end) return false
  await pause(clock, wait, signal)
  const tokensIn = again(end - clock.monotonic())
  if (tokensIn === undefined) return false
  if (tokensIn > 0) await pause(clock, tokensIn, signal)
  return true
}

function observationOf({ curable: _, ...observation }: Observed): Observation {
  return observation
}

/** What is as it should be, but only after a retry, is degraded for the reason of the first failure. */
function onlyAfter(first: Observed, latest: Observation, attempts: number): Observation {
  const isWell = latest.failure === null && latest.verdict !== 'degraded'
  if (!isWell || first.failure === null) return latest
  const { kind, message } = first.failure
  return {
    ...latest,
    verdict: 'degraded',
    attribution: first.attribution,
    codes: [...latest.codes, 'retried'],
    failure: { kind, message: `answered only at attempt ${attempts}: ${message}`.slice(0, 300) },
  }
}

/** Resolves after `ms`; rejects as soon as `signal` aborts. */
function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      cancel()
      reject(signal.reason)
    }
    const cancel = clock.after(ms, () => {
      signal.removeEventListener('abort', stop)
      resolve()
    })
    signal.addEventListener('abort', stop, { once: true })
  })
}
