/** How often and how patiently an endpoint is asked: its own settings, else `defaults`, else ours. */
import type { Endpoint, Judging, Timeouts } from './config.ts'
import type { Endpoint as EndpointInFile } from './payer-schema.ts'
import { attemptsOf, retryComplaints, retryOf } from './retry.ts'
import {
  atLeast,
  type Complaint,
  type Defaults,
  type Pace,
  type Placed,
  timingOf,
  tooShort,
} from './timing.ts'

const SECOND = 1_000
const BUILT_IN = {
  timeout: 20 * SECOND,
  dns: 2 * SECOND,
  connect: 3 * SECOND,
  tls: 5 * SECOND,
  firstByte: 10 * SECOND,
  maxBody: 256 * 1024,
  freshEvery: 5,
  confirmAfter: { public: 60 * SECOND, private: 5 * SECOND },
}

type Settings = Pick<
  Endpoint,
  | 'interval'
  | 'cron'
  | 'quietHours'
  | 'backoff'
  | 'timeouts'
  | 'maxBody'
  | 'degradeOver'
  | 'confirmAfter'
  | 'freshEvery'
  | 'judge'
  | 'retry'
  | 'unreviewed'
>

/** All settings of one endpoint, and what is wrong with them. What is too short is raised to the least. */
export function settingsOf(
  own: EndpointInFile,
  defaults: Defaults,
  placed: Placed,
): { settings: Settings; complaints: Complaint[] } {
  const given = { ...defaults, ...defined(own) }
  const { network } = placed
  const pace: Pace = { network, attempts: attemptsOf(own, defaults) }
  const { timing, complaints: untimely } = timingOf(own, defaults, placed)
  const complaints = [
    ...untimely,
    ...(network === 'public'
      ? tooShort('confirm_after', own, { ms: given.confirm_after, pace })
      : []),
    ...judgeComplaints(own, defaults),
    ...retryComplaints(own, defaults, network),
  ]
  const settings: Settings = {
    ...timing,
    timeouts: timeoutsOf(own, defaults),
    maxBody: given.max_body ?? BUILT_IN.maxBody,
    ...(given.degrade_over === undefined ? {} : { degradeOver: given.degrade_over }),
    confirmAfter: confirmAfterOf(given.confirm_after, { interval: timing.interval, pace }),
    freshEvery: given.fresh_every ?? BUILT_IN.freshEvery,
    judge: judgingOf(own, defaults),
    ...retryOf(own, defaults),
    unreviewed: given.unreviewed ?? false,
  }
  return { settings, complaints }
}

/** A public host is never asked faster than by interval; a private one is, but not slower. */
function confirmAfterOf(
  given: number | undefined,
  { interval, pace }: { interval: number; pace: Pace },
): number {
  if (pace.network === 'public') return atLeast(given ?? BUILT_IN.confirmAfter.public, pace)
  return given ?? Math.min(BUILT_IN.confirmAfter.private, interval)
}

function timeoutsOf(own: EndpointInFile, defaults: Defaults): Timeouts {
  const timeout = own.timeout ?? defaults.timeout
  const waits = { ...defined(defaults.timeouts ?? {}), ...defined(own.timeouts ?? {}) }
  const total = timeout ?? BUILT_IN.timeout
  return {
    dns: Math.min(waits.dns ?? BUILT_IN.dns, total),
    connect: Math.min(waits.connect ?? BUILT_IN.connect, total),
    tls: Math.min(waits.tls ?? BUILT_IN.tls, total),
    firstByte: Math.min(waits.first_byte ?? timeout ?? BUILT_IN.firstByte, total),
    total,
  }
}

function judgingOf(own: EndpointInFile, defaults: Defaults): Judging {
  const given = { ...defined(defaults.judge ?? {}), ...defined(own.judge ?? {}) }
  return {
    window: given.window ?? 3,
    downAfter: given.down_after ?? 2,
    recoverAfter: given.recover_after ?? 2,
  }
}

function judgeComplaints(own: EndpointInFile, defaults: Defaults): Complaint[] {
  const { window, downAfter, recoverAfter } = judgingOf(own, defaults)
  if (Math.max(downAfter, recoverAfter) <= window) return []
  const expected = `down_after and recover_after no larger than window (${window})`
  return [{ key: 'judge', isOwn: own.judge !== undefined, expected }]
}

/** `settings` without the keys that say nothing, so that they do not hide what others say. */
function defined<T extends object>(settings: T): T {
  const said = Object.entries(settings).filter(([, value]) => value !== undefined)
  return Object.fromEntries(said) as T // safe: only absent keys are left out
}
