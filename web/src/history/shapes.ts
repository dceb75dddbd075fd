/** What the monitor's REST answers tell of the past. Times are RFC 3339 in UTC, durations ms; see docs/protocol.md. */
import type { Incident, State } from '@payer-status/client'

/** A page of a list; `next` is the `cursor` of the page after it. */
export type Page<Item> = { readonly items: readonly Item[]; readonly next: string | null }

/** One step of an endpoint's latency. Percentiles are null where nothing answered. */
export type LatencyStep = {
  /** When the step begins. */
  readonly at: string
  /** Results, and how many of them failed. */
  readonly count: number
  readonly failures: number
  /** The share of the results that did not fail. */
  readonly availability: number
  readonly p50Ms: number | null
  readonly p90Ms: number | null
  readonly p95Ms: number | null
  readonly p99Ms: number | null
}

/** An endpoint's latency, the oldest step first; steps without results are left out. */
export type Latency = { readonly stepMs: number; readonly steps: readonly LatencyStep[] }

/** From `at` on the endpoint had this status, until the next row. `planned`: within an announced window. */
export type StatusChange = {
  readonly at: string
  readonly status: State['status']
  readonly planned: boolean
}

/** Minutes of each day in each status; a status that never was is absent. `planned`: of `down` and `maintenance`. */
export type DailyMinutes = {
  readonly [K in 'operational' | 'degraded' | 'down' | 'maintenance' | 'planned']?:
    | readonly number[]
    | undefined
}

/** One endpoint's days. */
export type UptimeRow = {
  readonly endpoint: string
  readonly payer: string
  readonly minutes: DailyMinutes
}

/** The days of many endpoints. */
export type Uptime = Page<UptimeRow> & {
  /** UTC days, as `2026-11-01`, oldest first; the last one is today, so far. */
  readonly days: readonly string[]
}

/** Open and resolved incidents, newest first. */
export type Incidents = Page<Incident>
