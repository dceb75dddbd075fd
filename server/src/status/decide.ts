import type { Reason, Status } from '@payer-status/protocol'
import type { EndpointState, Sample } from '../model.ts'

type Rules = {
  before: Status
  window: number
  downAfter: number
  recoverAfter: number
  vantage: string
}

const STATUS_OF = {
  healthy: 'operational',
  degraded: 'degraded',
  unhealthy: 'down',
  maintenance: 'maintenance',
} as const satisfies Record<Sample['health'], Status>

/** The status that a sample argues for. */
export function statusOfSample(sample: Sample): Status {
  return STATUS_OF[sample.health]
}

/**
 * The status that the latest conclusive samples, oldest first, amount to.
 * By default 2 of the last 3 must be bad to lower a status, and 2 in a row healthy to restore it.
 */
export function decide(
  recent: readonly Sample[],
  rules: Rules,
): { status: Status; reason: Reason | null } {
  const status = confirmedStatus(recent, rules)
  if (status === 'operational') return { status, reason: null }
  if (status === 'unknown') return { status, reason: whyUnknown(recent, rules) }
  return { status, reason: latestReason(recent, status) }
}

function confirmedStatus(recent: readonly Sample[], rules: Rules): Status {
  const { before, downAfter, recoverAfter } = rules
  const tail = recent.slice(-recoverAfter)
  if (tail.length === recoverAfter && tail.every((sample) => sample.health === 'healthy'))
    return 'operational'
  const count = (health: Sample['health']) => recent.filter((s) => s.health === health).length
  if (count('maintenance') >= downAfter) return 'maintenance'
  const theirs = recent.filter((sample) => isOut(sample) && sample.witnessed)
  if (theirs.length >= neededFor(theirs, rules)) return 'down'
  if (isUnwitnessed(recent, rules)) return 'unknown'
  const isDegraded = count('degraded') > 0 && theirs.length + count('degraded') >= downAfter
  return isDegraded ? 'degraded' : before
}

/** How many failures it takes. A page that is not found may have been moved: it takes three. Source: docs/protocol.md. */
function neededFor(failures: readonly Sample[], { window, downAfter }: Rules): number {
  const isGone = failures.every(({ reason }) => reason?.kind === 'http_4xx')
  return isGone ? Math.max(downAfter, Math.min(GONE_AFTER, window)) : downAfter
}

const GONE_AFTER = 3

/** Whether there were failures enough, but the latest may be our own network's. */
function isUnwitnessed(recent: readonly Sample[], { downAfter }: Rules): boolean {
  const failures = recent.filter(isOut)
  return failures.length >= downAfter && failures.at(-1)?.witnessed === false
}

/** Whether a sample shows that the payer cannot be used. */
export function isOut({ health }: Sample): boolean {
  return health === 'unhealthy' || health === 'maintenance'
}

function whyUnknown(recent: readonly Sample[], rules: Rules): Reason {
  const last = recent.at(-1)
  const codes = last?.reason?.codes ?? []
  if (isUnwitnessed(recent, rules)) {
    const message = `not reached from ${rules.vantage}, and no other host answered meanwhile`
    return { kind: 'not_witnessed', codes, message }
  }
  const seen = last?.health === 'healthy' ? 'a healthy answer' : 'a failure'
  return { kind: 'unconfirmed', codes, message: `${seen} was seen; the next probe confirms it` }
}

function latestReason(recent: readonly Sample[], status: Status): Reason | null {
  const same = recent.findLast((sample) => statusOfSample(sample) === status)
  const bad = same ?? recent.findLast((sample) => sample.health !== 'healthy')
  return bad?.reason ?? null
}

/** When a status began: the first result in a row of memory that contradicted the status before. */
export function sinceOf(
  recent: readonly Sample[],
  before: EndpointState,
  now: { status: Status; at: number },
): number {
  if (now.status === 'unknown') return now.at
  const first = recent.find(
    (sample) => sample.at >= before.since && isContradiction(sample, before.status, now.status),
  )
  return Math.min(first?.at ?? now.at, now.at)
}

/** Whether a sample argues against the status before, and for the one that followed. */
function isContradiction(sample: Sample, before: Status, after: Status): boolean {
  if (before === 'unknown') return (sample.health === 'healthy') === (after === 'operational')
  return statusOfSample(sample) !== before
}
