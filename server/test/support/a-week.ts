/** A week of two thousand endpoints, simulated in seconds. */

import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { Again, Observed } from '../../src/ports.ts'
import { withRetries } from '../../src/probe/retry.ts'
import type { Budget, Share } from '../../src/schedule/gate.ts'
import { Scheduler } from '../../src/schedule/scheduler.ts'
import type { Planned, Run, SchedulerDeps } from '../../src/schedule/slot.ts'
import { aRefusal, aResult } from './builders.ts'
import { endpointAt } from './far-side-endpoint.ts'
import { SwiftClock } from './swift-clock.ts'

export const MINUTE = 60_000
export const DAY = 1_440 * MINUTE
export const WEEK = 7 * DAY
/** In this week New York's clocks are put forward. */
export const BEGAN = Date.UTC(2026, 2, 5)

const INTERVALS = [30, 60, 60, 120, 120, 240].map((minutes) => minutes * MINUTE)
const ZONES = ['America/New_York', 'America/Chicago', 'America/Los_Angeles', 'UTC'] as const
const NIGHT = { from: 1_320, to: 360, days: [0, 1, 2, 3, 4, 5, 6], timeZone: ZONES[0] }
const WEEKEND = { from: 0, to: 1_440, days: [0, 6], timeZone: ZONES[0] }

/** Tighter than by default, so that some have to wait. */
const TIGHT: Record<Share['of'], Budget> = {
  host: { concurrent: 1, perMinute: 3 },
  payer: { concurrent: 1, perMinute: 12 },
}

/** A repeatable chance. */
export function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
}

/** Endpoint number `i`: ten to a payer, three to a host; every fifth by cron, every seventh quiet at times, every ninth falls ill. */
export function planOf(i: number): Planned {
  const payer = Math.floor(i / 10)
  const interval = INTERVALS[i % INTERVALS.length] ?? MINUTE
  const name = { host: `p${payer}h${i % 3}`, payer: `p${payer}` }
  const shares = (['host', 'payer'] as const).map((of) => ({ of, name: name[of], ...TIGHT[of] }))
  const plan = { id: `p${payer}/${i}`, interval, minGap: MINUTE, shares: i % 2 ? shares : [] }
  if (i % 9 === 0) return { ...plan, backoff: { factor: 2, cap: 6 * 60 * MINUTE } }
  if (i % 7 === 0) return { ...plan, quietHours: i % 2 ? [NIGHT] : [WEEKEND, NIGHT] }
  return i % 5 === 0 ? byCron(plan, i / 5) : plan
}

function byCron(plan: Planned, i: number): Planned {
  const expression = i % 3 ? `${5 * (i % 12)} 8-18 * * 1-5` : `${(i / 3) % 5}-59/15 * * * *`
  const timeZone = ZONES[i % ZONES.length] ?? 'UTC'
  return { ...plan, interval: (i % 3 ? 60 : 15) * MINUTE, cron: { expression, timeZone } }
}

/** Whether an endpoint that falls ill is so: about a day of the week. */
function isIll({ backoff }: Planned, at: number): boolean {
  return backoff !== undefined && at > 2 * DAY && at < 3 * DAY
}

/** What came of the week. */
export type Week = {
  starts: Map<string, number[]>
  /** Those of the starts that looked again, because the one before had found no answer. */
  rechecks: Map<string, number[]>
  /** When each attempt of a probe began, by the budget that it counts against. */
  attempts: Map<Share, number[]>
  lags: number[]
  counts: Scheduler<string>['counts']
  /** Probes that began while another of the same endpoint ran. */
  overlaps: number
}

/** The week of so many endpoints, simulated in another thread. */
export async function weekOf(endpoints: number): Promise<Week> {
  const thread = new Worker(new URL('./a-week-thread.ts', import.meta.url), {
    workerData: endpoints,
  })
  const [week] = (await once(thread, 'message')) as [Week] // safe: it posts nothing else
  return week
}

/** Simulates the week. */
export async function simulated(plans: readonly Planned[]): Promise<Week> {
  const clock = new SwiftClock(BEGAN)
  const byId = new Map(plans.map((plan) => [plan.id, plan]))
  const budgets = new Map(plans.flatMap(({ shares }) => shares.map((one) => [keyOf(one), one])))
  const attempts = new Map<Share, number[]>(Array.from(budgets.values(), (one) => [one, []]))
  const probe = prober(clock, ({ shares }) => {
    for (const share of shares)
      attempts.get(budgets.get(keyOf(share)) as Share)?.push(clock.monotonic()) // safe: made of all shares
  })
  const running = new Set<string>()
  const starts = new Map<string, number[]>(plans.map(({ id }) => [id, []]))
  const rechecks = new Map<string, number[]>(plans.map(({ id }) => [id, []]))
  const inDoubt = new Set<string>()
  const lags: number[] = []
  let overlaps = 0
  const onDue: SchedulerDeps<string, Planned>['onDue'] = async (id, _, again) => {
    if (running.has(id)) overlaps++
    running.add(id)
    starts.get(id)?.push(clock.monotonic())
    if (inDoubt.delete(id)) rechecks.get(id)?.push(clock.monotonic())
    const course = await probe(byId.get(id) as Planned, again) // safe: only what was assigned is due
    running.delete(id)
    if (course.recheckIn !== null) inDoubt.add(id)
    return { outcome: id, ...course }
  }
  const onLag = (ms: number) => lags.push(ms)
  const concurrency = 128
  const deps = { clock, random: () => 0.5, concurrency, planOf: (plan: Planned) => plan }
  const scheduler = new Scheduler<string>({ ...deps, onDue, onLag })
  scheduler.assign(plans)
  await clock.runUntil(WEEK)
  return { starts, rechecks, attempts, lags, overlaps, counts: scheduler.counts }
}

const keyOf = ({ of, name }: Share) => `${of} ${name}`

const RETRY = {
  attempts: 3,
  delay: 2_000,
  maxDelay: 10_000,
  degradeAfterRetry: false,
  anyMethod: false,
}
const asked = endpointAt('http://payer.example/', { retry: RETRY, network: 'public' })

/**
 * Most attempts take less than a second, some five. Two in a hundred fail, those of the ill all; then a probe asks again.
 * That an endpoint is ill is at first unconfirmed.
 */
function prober(clock: SwiftClock, attempted: (plan: Planned) => void) {
  const chance = seeded(1)
  const attempt = (isLost: boolean) =>
    new Promise<Observed>((resolve) => {
      const take = isLost || chance() < 0.01 ? 5_000 : 50 + 700 * chance()
      clock.after(take, () => resolve(isLost ? { ...aRefusal(), curable: true } : aResult()))
    })
  return async (plan: Planned, again: Again): Promise<Omit<Run<string>, 'outcome'>> => {
    const began = clock.monotonic()
    const outside = { clock, random: chance, signal: new AbortController().signal, again }
    const { observation } = await withRetries(asked, outside, () => {
      attempted(plan)
      return attempt(isIll(plan, began) || chance() < 0.02)
    })
    if (observation.failure === null) return { recheckIn: null, course: 'answering' }
    const isConfirmed = isIll(plan, began) && began > 2 * DAY + 2 * plan.interval
    return isConfirmed
      ? { recheckIn: null, course: 'failing' }
      : { recheckIn: MINUTE, course: undefined }
  }
}
