/** A week of two thousand endpoints, simulated in seconds. */
import type { Budget, Share } from '../../src/schedule/gate.ts'
import { Scheduler } from '../../src/schedule/scheduler.ts'
import type { Planned, Run } from '../../src/schedule/slot.ts'
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
  host: { concurrent: 1, perMinute: 6 },
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
  lags: number[]
  counts: Scheduler<string>['counts']
  /** Probes that began while another of the same endpoint ran. */
  overlaps: number
}

/** Simulates the week. */
export async function simulated(plans: readonly Planned[]): Promise<Week> {
  const clock = new SwiftClock(BEGAN)
  const byId = new Map(plans.map((plan) => [plan.id, plan]))
  const probeOf = prober()
  const running = new Set<string>()
  const starts = new Map<string, number[]>(plans.map(({ id }) => [id, []]))
  const lags: number[] = []
  let overlaps = 0
  const onDue = (id: string): Promise<Run<string>> => {
    const at = clock.monotonic()
    const { take, ...course } = probeOf(byId.get(id) as Planned, at) // safe: only what was assigned is due
    if (running.has(id)) overlaps++
    running.add(id)
    starts.get(id)?.push(at)
    return new Promise((resolve) => {
      clock.after(take, () => {
        running.delete(id)
        resolve({ outcome: id, ...course })
      })
    })
  }
  const onLag = (ms: number) => lags.push(ms)
  const concurrency = 128
  const scheduler = new Scheduler<string>({ clock, random: () => 0.5, concurrency, onDue, onLag })
  scheduler.assign(plans)
  await clock.runUntil(WEEK)
  return { starts, lags, overlaps, counts: scheduler.counts }
}

/** Most probes take less than a second, some five, those of the ill twenty; at first that they are so is unconfirmed. */
function prober() {
  const chance = seeded(1)
  return (plan: Planned, at: number) => {
    if (!isIll(plan, at))
      return {
        take: chance() < 0.01 ? 5_000 : 50 + 700 * chance(),
        recheckIn: null,
        course: 'answering' as const,
      }
    const isConfirmed = at > 2 * DAY + 2 * plan.interval
    return isConfirmed
      ? { take: 20_000, recheckIn: null, course: 'failing' as const }
      : { take: 20_000, recheckIn: MINUTE, course: undefined }
  }
}
