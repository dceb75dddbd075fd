/**
 * The records of the log, as they travel: states of endpoints, roll-ups of payers, incidents, maintenance windows.
 * Times are RFC 3339 UTC with milliseconds; durations end in `Ms`. Every record has its position in the log, `rev`.
 */
import * as z from 'zod'
import {
  Advice,
  Attribution,
  Capability,
  EvidenceLevel,
  FailureKind,
  ReasonKind,
  RollupStatus,
  Status,
  Verdict,
} from './words.ts'

const Instant = z.iso.datetime({ precision: 3 })
const Rev = z.int().nonnegative()

/** Where the time of one probe went, ms; null where that step was not taken (a reused connection resolves nothing). */
export const Phases = z.strictObject({
  dnsMs: z.number().nonnegative().nullable(),
  connectMs: z.number().nonnegative().nullable(),
  tlsMs: z.number().nonnegative().nullable(),
  firstByteMs: z.number().nonnegative().nullable(),
  transferMs: z.number().nonnegative().nullable(),
  /** The wait for an access token, before the rest; absent where none was asked for. */
  tokenMs: z.number().nonnegative().optional(),
})
export type Phases = z.infer<typeof Phases>

/** The transport security of one probe. `verified` is false where the certificate was refused, or was not checked. */
export const TlsFacts = z.strictObject({
  version: z.string().max(16),
  verified: z.boolean(),
  expiresAt: Instant.nullable(),
})
export type TlsFacts = z.infer<typeof TlsFacts>

/** What a client sees of the latest probe. */
export const Result = z.strictObject({
  at: Instant.meta({ description: 'When the probe ended' }),
  latencyMs: z.number().nonnegative(),
  statusCode: z.int().nullable(),
  attempts: z.int().positive().meta({ description: 'How often the probe asked' }),
  connectionReused: z.boolean(),
  tls: TlsFacts.nullable(),
  phases: Phases,
  failure: z.strictObject({ kind: FailureKind }).nullable(),
})
export type Result = z.infer<typeof Result>

/** Why the status is what it is; null while all is well. */
export const Reason = z.strictObject({
  kind: ReasonKind,
  codes: z.array(z.string().max(64)).max(8),
  message: z.string().max(300),
})
export type Reason = z.infer<typeof Reason>

/** What is known of one endpoint. */
export const State = z.strictObject({
  endpoint: z
    .string()
    .meta({ description: 'Its id, `payer/name`', examples: ['aetna/eligibility'] }),
  payer: z.string(),
  payerName: z.string(),
  type: z.string(),
  rev: Rev,
  statusRev: Rev.meta({ description: 'Where status, reason, advice or flags last changed' }),
  capability: Capability.nullable(),
  via: z.string(),
  status: Status,
  intermittent: z.boolean(),
  since: Instant.meta({ description: 'The first result that contradicted the status before' }),
  evidence: EvidenceLevel.nullable(),
  verdict: Verdict.nullable(),
  attribution: Attribution.nullable(),
  advice: Advice,
  reason: Reason.nullable(),
  vantage: z.string(),
  window: z
    .string()
    .optional()
    .meta({ description: 'Id of the announced maintenance window that it is in now' }),
  skipVerify: z
    .literal(true)
    .optional()
    .meta({ description: 'Any certificate is taken, as configured; absent where it is verified' }),
  paused: z
    .strictObject({ until: Instant.nullable() })
    .optional()
    .meta({ description: 'A person said not to probe it; `until` is null where that has no end' }),
  silencedUntil: Instant.optional().meta({
    description: 'A person wants no alerts of it until then; absent where nobody does',
  }),
  result: Result.nullable(),
})
export type State = z.infer<typeof State>

/** An endpoint that has left the catalogue. */
export const Removed = z.strictObject({ endpoint: z.string(), rev: Rev, removed: z.literal(true) })
export type Removed = z.infer<typeof Removed>

/** A payer's identifier in one scheme, such as its X12 payer id. */
export const Identifier = z.strictObject({ scheme: z.string(), value: z.string() })
export type Identifier = z.infer<typeof Identifier>

/** The roll-up of a payer: its own status, and that of each type it has. */
export const Payer = z.strictObject({
  payer: z.string(),
  name: z.string(),
  aliases: z.array(z.string()),
  identifiers: z.array(Identifier),
  rev: Rev,
  status: RollupStatus,
  types: z.record(z.string(), RollupStatus),
})
export type Payer = z.infer<typeof Payer>

/** A payer that has left the catalogue. */
export const RemovedPayer = z.strictObject({
  payer: z.string(),
  rev: Rev,
  removed: z.literal(true),
})
export type RemovedPayer = z.infer<typeof RemovedPayer>

/** An outage with a stable identity, a start, a cause and an end. */
export const Incident = z.strictObject({
  id: z.string().regex(/^inc_[0-9A-HJKMNP-TV-Z]{26}$/),
  rev: Rev,
  key: z.string().meta({ description: 'What makes two reports the same outage' }),
  parent: z.string().nullable(),
  scope: z.enum(['endpoint', 'payer', 'host', 'platform', 'issuer', 'intermediary']),
  payers: z.array(z.string()),
  endpoints: z.array(z.string()),
  types: z.array(z.string()),
  status: z.enum(['investigating', 'identified', 'monitoring', 'resolved']),
  severity: z.enum(['minor', 'major', 'critical']),
  openedAt: Instant.meta({
    description: 'The first contradicting result, not the one that confirmed it',
  }),
  confirmedAt: Instant.nullable(),
  resolvedAt: Instant.nullable(),
  cause: z.strictObject({
    kind: ReasonKind,
    codes: z.array(z.string()),
    counts: z
      .record(z.string().max(64), z.int().positive())
      .refine((counts) => Object.keys(counts).length <= 8)
      .optional()
      .meta({ description: 'How many bad results had each code; the first eight codes' }),
    attribution: Attribution,
    message: z.string(),
  }),
  advice: Advice,
  planned: z.boolean(),
  acknowledgedBy: z.string().nullable(),
  notes: z.array(z.strictObject({ at: Instant, by: z.string(), text: z.string() })),
})
export type Incident = z.infer<typeof Incident>

/** A maintenance window that a payer announced. */
export const Window = z.strictObject({
  id: z.string().regex(/^mw_[0-9A-HJKMNP-TV-Z]{26}$/),
  rev: Rev,
  plan: z
    .string()
    .regex(/^mp_[0-9A-HJKMNP-TV-Z]{26}$/)
    .meta({ description: 'The announcement, of which there may be many windows' }),
  payer: z.string(),
  types: z.array(z.string()).meta({ description: 'Types or capabilities; none means all' }),
  via: z.string().nullable().meta({ description: 'The route; null means every one' }),
  kind: z.enum(['routine', 'non_routine', 'unscheduled', 'implied']),
  startsAt: Instant,
  endsAt: Instant,
  rrule: z.string().nullable(),
  timeZone: z.string(),
  announcedAt: Instant.nullable(),
  noticeOk: z.boolean().nullable(),
  state: z.enum(['scheduled', 'in_progress', 'completed', 'overrun']),
  sourceUrl: z.string().nullable(),
})
export type Window = z.infer<typeof Window>
