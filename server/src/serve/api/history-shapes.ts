/** What history looks like over REST: the answers, as they are documented and as the board reads them. */
import {
  Attribution,
  EvidenceLevel,
  FailureKind,
  Phases,
  Status,
  Verdict,
} from '@payer-status/protocol'
import * as z from 'zod'
import { listOf } from './answers.ts'

const Instant = z.iso.datetime({ precision: 3 })
/** From 0 to 1; never rounded up, so that only what was never out is 1. */
const Share = z.number().min(0).max(1)
const Milliseconds = z.number().nonnegative()
const Minutes = z.number().nonnegative()

/** One result of the past. */
export const PastResult = z.strictObject({
  at: Instant.meta({ description: 'When the probe ended' }),
  latencyMs: Milliseconds,
  statusCode: z.int().nullable(),
  attempts: z.int().positive(),
  verdict: Verdict,
  attribution: Attribution,
  evidence: EvidenceLevel.nullable(),
  codes: z.array(z.string()),
  phases: Phases,
  failure: z.strictObject({ kind: FailureKind }).nullable(),
})
export type PastResult = z.infer<typeof PastResult>

/** A page of results, newest first. */
export const PastResults = listOf(PastResult)

/** Latencies and outcomes of one step of time. */
export const PastStep = z.strictObject({
  at: Instant.meta({ description: 'When the step begins' }),
  count: z.int().positive().meta({ description: 'Results' }),
  failures: z.int().nonnegative().meta({ description: 'How many of them failed' }),
  availability: Share.meta({ description: 'Share of the results that did not fail' }),
  p50Ms: Milliseconds.nullable(),
  p90Ms: Milliseconds.nullable(),
  p95Ms: Milliseconds.nullable(),
  p99Ms: Milliseconds.nullable().meta({
    description: 'Percentiles are null where nothing answered',
  }),
})
export type PastStep = z.infer<typeof PastStep>

/** Latency over time. */
export const PastLatency = z.strictObject({
  endpoint: z.string(),
  from: Instant,
  to: Instant.meta({ description: 'Exclusive' }),
  stepMs: z.int().positive(),
  steps: z
    .array(PastStep)
    .meta({ description: 'Oldest first; a step without results is left out' }),
})
export type PastLatency = z.infer<typeof PastLatency>

/** From `at` on the endpoint had this status, until the next change. */
export const StatusChange = z.strictObject({
  at: Instant.meta({
    description: 'That of the first one may lie before `from`: it was in force then',
  }),
  status: Status,
  planned: z.boolean().meta({ description: 'Within an announced maintenance window' }),
})
export type StatusChange = z.infer<typeof StatusChange>

/** Status changes, oldest first. */
export const PastTimeline = listOf(StatusChange)

/** One number a day, oldest first, as many as there are `days`. */
const daily = z.array(Minutes)

/** One endpoint over the days asked for. Minutes that are in none of the lists were `unknown` or not observed. */
export const UptimeRow = z.strictObject({
  endpoint: z.string(),
  payer: z.string(),
  type: z.string(),
  coverage: Share.meta({ description: 'Share of the whole time that was observed' }),
  availability: Share.nullable().meta({
    description: 'Share of the observed time that it could be used; null below a coverage of 0.90',
  }),
  netAvailability: Share.nullable().meta({
    description: 'The same without announced maintenance; null below a coverage of 0.90',
  }),
  daily: z
    .array(Share.nullable())
    .meta({ description: 'Availability of each day; null below a coverage of 0.90' }),
  minutes: z
    .strictObject({
      operational: daily.optional(),
      degraded: daily.optional(),
      down: daily.optional(),
      maintenance: daily.optional(),
      planned: daily.optional(),
    })
    .meta({
      description:
        'Minutes of each day; a list of zeros is left out. `planned`: of `down` and `maintenance`, what was announced',
    }),
})
export type UptimeRow = z.infer<typeof UptimeRow>

/** Availability by day, of many endpoints. Days are UTC. */
export const Uptime = z.strictObject({
  days: z.array(z.iso.date()).meta({ description: 'Oldest first; the last one is today, so far' }),
  items: z.array(UptimeRow).meta({ description: 'By endpoint' }),
  next: z
    .string()
    .nullable()
    .meta({ description: 'The `cursor` of the next page; null at the end' }),
})
export type Uptime = z.infer<typeof Uptime>
