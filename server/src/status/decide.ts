import type { Reason, Status } from '@payer-status/protocol'
import type { EndpointState, Sample } from '../model.ts'

type Rules = {
  before: Status
  downAfter: number
  recoverAfter: number
  answeredElsewhereAt: number | null
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
  const out = count('unhealthy') + count('maintenance')
  if (out >= downAfter) {
    if (count('maintenance') >= downAfter) return 'maintenance'
    return isWitnessed(recent, rules) ? 'down' : 'unknown'
  }
  return out + count('degraded') >= downAfter ? 'degraded' : before
}

/** Whether the failures were the far side's: a connection was made, or another host answered since they began. */
function isWitnessed(
  recent: readonly Sample[],
  { downAfter, answeredElsewhereAt }: Rules,
): boolean {
  const bad = recent.filter((s) => s.health === 'unhealthy' || s.health === 'maintenance')
  const first = bad[0]?.at ?? 0
  const others = answeredElsewhereAt !== null && answeredElsewhereAt >= first
  return others || bad.filter((sample) => sample.witnessed).length >= downAfter
}

function whyUnknown(recent: readonly Sample[], rules: Rules): Reason {
  const last = recent.at(-1)
  const codes = last?.reason?.codes ?? []
  if (
    last?.health === 'unhealthy' &&
    !isWitnessed(recent, rules) &&
    recent.length >= rules.downAfter
  )
    return {
      kind: 'not_witnessed',
      codes,
      message: `not reached from ${rules.vantage}, and no other host answered meanwhile`,
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
    (sample) =>
      sample.at >= before.since &&
      (before.status === 'unknown' || statusOfSample(sample) !== before.status),
  )
  return Math.min(first?.at ?? now.at, now.at)
}
