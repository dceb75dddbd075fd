/** When an endpoint is probed: its own settings, else `defaults`, else ours. */
import { type Cron, cronGap } from '../lib/cron.ts'
import { type QuietHours, quietEnd } from '../lib/quiet-hours.ts'
import type { Backoff, Endpoint } from './config.ts'
import type { Endpoint as EndpointInFile, Network } from './payer-schema.ts'
import { attemptsOf } from './retry.ts'
import type { QuietHours as QuietHoursInFile } from './schedule-schema.ts'
import type { File } from './schema.ts'

export type Defaults = File['defaults']

/** What the resolver needs from whoever reports: which setting is wrong, and how. */
export type Complaint = { key: keyof Defaults; isOwn: boolean; expected: string }

/** What the endpoint’s place in the file decides. */
export type Placed = { network: Network; lenient: boolean; timeZone?: string | undefined }

/** Where an endpoint is, and how often one probe asks it at most. */
export type Pace = { network: Network; attempts: number }

/** Shortest intervals, ms. Public: one a minute is the least that payers' terms and firewalls take for a visitor. */
const MIN_INTERVAL: Readonly<Record<Network, number>> = { public: 60_000, private: 1_000 }

/** Source of the original's: its documentation. */
const INTERVAL_MS = { ours: 300_000, original: 900_000 }
const BACKOFF = { factor: 2, cap: 3_600_000 }
const EVERY_DAY = [0, 1, 2, 3, 4, 5, 6]
/** Any instant will do: quiet times come again every week. */
const AN_INSTANT = Date.UTC(2026, 0, 5)

type Timing = Pick<Endpoint, 'interval' | 'cron' | 'quietHours' | 'backoff'>

/** When one endpoint is probed, and what is wrong with what is said of that. */
export function timingOf(
  own: EndpointInFile,
  defaults: Defaults,
  placed: Placed,
): { timing: Timing; complaints: Complaint[] } {
  const pace: Pace = { network: placed.network, attempts: attemptsOf(own, defaults) }
  const timeZone = own.time_zone ?? placed.timeZone ?? defaults.time_zone ?? 'UTC'
  const cron = cronOf(own, defaults, timeZone)
  const interval = cron === undefined ? intervalOf(own, defaults, placed) : cronGap(cron)
  const backoff = backoffOf(own, defaults, interval)
  const quietHours = (own.quiet_hours ?? defaults.quiet_hours ?? []).map((one) =>
    quietOf(one, timeZone),
  )
  const timing: Timing = {
    interval: atLeast(interval, pace),
    ...(cron === undefined ? {} : { cron }),
    ...(quietHours.length === 0 ? {} : { quietHours }),
    ...(backoff === undefined ? {} : { backoff }),
  }
  const complaints = [
    ...rhythmComplaints(own, defaults),
    ...(cron === undefined
      ? tooShort('interval', own, { ms: own.interval ?? defaults.interval, pace })
      : tooShort('cron', own, { ms: interval, pace })),
    ...quietComplaints(own, quietHours),
    ...backoffComplaints(own, backoff, interval),
  ]
  return { timing, complaints }
}

/** A public host is asked no more often with retries than without: each attempt takes the time of a probe. */
function leastOf({ network, attempts }: Pace): number {
  return MIN_INTERVAL[network] * (network === 'public' ? attempts : 1)
}

export function atLeast(ms: number, pace: Pace): number {
  return Math.max(ms, leastOf(pace))
}

export function tooShort(
  key: 'interval' | 'confirm_after' | 'cron',
  own: EndpointInFile,
  { ms, pace }: { ms: number | undefined; pace: Pace },
): Complaint[] {
  const least = leastOf(pace)
  if (ms === undefined || ms >= least) return []
  const between = key === 'cron' ? ' between its times' : ''
  const retries = pace.network === 'public' && pace.attempts > 1
  const expected = `at least ${least / 1_000}s${between} on a ${pace.network} network${retries ? ` with ${pace.attempts} attempts` : ''}`
  return [{ key, isOwn: own[key] !== undefined, expected }]
}

/** An interval of its own goes before the cron of `defaults`. */
function cronOf(own: EndpointInFile, defaults: Defaults, timeZone: string): Cron | undefined {
  const inherited = own.interval === undefined ? defaults.cron : undefined
  const expression = own.cron ?? inherited
  return expression === undefined ? undefined : { expression, timeZone }
}

function intervalOf(own: EndpointInFile, defaults: Defaults, { lenient }: Placed): number {
  return own.interval ?? defaults.interval ?? INTERVAL_MS[lenient ? 'original' : 'ours']
}

function backoffOf(own: EndpointInFile, defaults: Defaults, interval: number): Backoff | undefined {
  if (own.backoff === undefined && defaults.backoff === undefined) return undefined
  return {
    factor: own.backoff?.factor ?? defaults.backoff?.factor ?? BACKOFF.factor,
    cap: own.backoff?.cap ?? defaults.backoff?.cap ?? Math.max(BACKOFF.cap, interval),
  }
}

function quietOf({ from, to, days, time_zone }: QuietHoursInFile, timeZone: string): QuietHours {
  return { from, to, days: days ?? EVERY_DAY, timeZone: time_zone ?? timeZone }
}

function rhythmComplaints(own: EndpointInFile, defaults: Defaults): Complaint[] {
  return [own, defaults]
    .filter(({ cron, interval }) => cron !== undefined && interval !== undefined)
    .map((both) => ({ key: 'cron', isOwn: both === own, expected: 'either cron or interval' }))
}

function quietComplaints(own: EndpointInFile, quiet: readonly QuietHours[]): Complaint[] {
  if (quietEnd(quiet, AN_INSTANT) !== Number.POSITIVE_INFINITY) return []
  const expected = 'quiet hours that leave some time in between'
  return [{ key: 'quiet_hours', isOwn: own.quiet_hours !== undefined, expected }]
}

function backoffComplaints(
  own: EndpointInFile,
  backoff: Backoff | undefined,
  interval: number,
): Complaint[] {
  if (backoff === undefined || backoff.cap >= interval) return []
  const expected = `a cap of at least the interval (${interval / 1_000}s)`
  return [{ key: 'backoff', isOwn: own.backoff !== undefined, expected }]
}
