/**
 * What moves through the house: a result becomes a state, a state becomes a record of the log.
 * Inside, every time is epoch ms and every duration ms; `board/wire.ts` makes them what clients see.
 */
import type {
  Advice,
  Attribution,
  Capability,
  EvidenceLevel,
  FailureKind,
  Identifier,
  Incident,
  Phases,
  Reason,
  RollupStatus,
  Status,
  Verdict,
  Window,
} from '@payer-status/protocol'
import type { Plan } from './config/config.ts'

/** Why a probe failed. `message` is one of ours: it never quotes the far side, a query or a secret. */
export type Failure = { kind: FailureKind; message: string }

/**
 * How far a probe got: `nothing` when no connection was made, `connected` when it was, `answered` when an HTTP answer
 * came, `unsent` when the probe never left this process.
 */
export type Progress = 'unsent' | 'nothing' | 'connected' | 'answered'

/**
 * The transport security that a probe met. `issuer`: who issued the certificate, at most 64 letters, digits, spaces, dots,
 * hyphens and underscores; absent where none is named, or where the certificate vouches for itself.
 */
export type TlsSeen = {
  version: string
  verified: boolean
  expiresAt: number | null
  issuer?: string
}

/** One observation of one endpoint: when, how long, what came back and what it means. A failure is a value. */
export type ProbeResult = {
  endpoint: string
  /** Correlates log lines from probe to push. */
  probe: string
  /** When the probe ended, epoch ms. */
  at: number
  latencyMs: number
  statusCode: number | null
  attempts: number
  connectionReused: boolean
  tls: TlsSeen | null
  phases: Phases
  bytes: number
  truncated: boolean
  via: string
  evidence: EvidenceLevel | null
  verdict: Verdict
  attribution: Attribution
  /** Codes from the allow-list, such as `HTTP:503` or `connect.refused`. */
  codes: readonly string[]
  failure: Failure | null
  progress: Progress
}

/** What a verdict says of the payer's health. */
export type Health = 'healthy' | 'degraded' | 'unhealthy' | 'maintenance' | 'inconclusive'

/**
 * What the judge remembers of one conclusive result. `witnessed`: it was the far side's doing, for a connection was made,
 * or another host answered since the failures began.
 */
export type Sample = {
  at: number
  health: Exclude<Health, 'inconclusive'>
  witnessed: boolean
  reason: Reason | null
}

/** What is known of an endpoint after its latest result, with what the judge needs to go on. */
export type EndpointState = {
  endpoint: string
  payer: string
  payerName: string
  type: string
  capability: Capability | null
  via: string
  /** Scheme, host and path, for v1 clients. */
  url: string
  /** Whether any certificate is taken, as configured. */
  skipVerify?: boolean
  vantage: string
  /** Fingerprint of what the endpoint is asked, but for what is secret of it. */
  question?: string
  /** A person said not to probe it; `until` is epoch ms, null for no end. */
  paused?: { until: number | null }
  /** A person wants no alerts of it until then, epoch ms. */
  silencedUntil?: number
  status: Status
  intermittent: boolean
  since: number
  evidence: EvidenceLevel | null
  verdict: Verdict | null
  attribution: Attribution | null
  advice: Advice
  reason: Reason | null
  result: ProbeResult | null
  /** Id of the announced maintenance window that it is in; absent before, after and in what overran. */
  window?: string
  memory: {
    /** The latest conclusive results, oldest first. */
    recent: readonly Sample[]
    /** When the status changed, within the last hour. */
    changes: readonly number[]
    /** Whether it has ever answered as expected. */
    reached: boolean
    /** What the conclusive results amount to; `status` may show less. */
    settled?: Status
    /** Whether its answers of late take too long. */
    slow?: boolean
    /** The deepest evidence that any result had. */
    deepest?: EvidenceLevel
    /** What it is by its results, where announced maintenance says something else. */
    beneath?: Standing
  }
}

/** What announced maintenance may change of what is shown of an endpoint. */
export type Standing = Pick<
  EndpointState,
  'status' | 'intermittent' | 'since' | 'reason' | 'advice'
>

/** The roll-up of a payer, before it has a `rev`. */
export type PayerState = {
  payer: string
  name: string
  aliases: readonly string[]
  identifiers: readonly Identifier[]
  status: RollupStatus
  types: Readonly<Record<string, RollupStatus>>
}

/** An incident before it has a `rev`. It is kept in wire form, since it is read far more often than changed. */
export type IncidentRecord = Omit<Incident, 'rev'>

/** A maintenance window before it has a `rev`, in wire form as incidents are. */
export type WindowRecord = Omit<Window, 'rev'>

/** One record of the log; `value` is null when it has left. */
export type LogRecord =
  | { kind: 'endpoint'; id: string; value: EndpointState | null }
  | { kind: 'payer'; id: string; value: PayerState | null }
  | { kind: 'incident'; id: string; value: IncidentRecord | null }
  | { kind: 'window'; id: string; value: WindowRecord | null }
  /** What maintenance was announced; no client sees it, windows follow from it. */
  | { kind: 'plan'; id: string; value: Plan | null }

/** A record in its place. `statusRev`: where what matters to `detail: "status"` changed; `resultRev`: where a result came. */
export type LogEntry = LogRecord & { rev: number; statusRev: number; resultRev: number; at: number }

/** What history keeps of one result. `intervalMs`: how often the endpoint was asked, so that gaps can be told. */
export type HistoryRow = Pick<
  ProbeResult,
  | 'endpoint'
  | 'at'
  | 'latencyMs'
  | 'statusCode'
  | 'attempts'
  | 'verdict'
  | 'attribution'
  | 'evidence'
  | 'codes'
  | 'phases'
> & { failure: FailureKind | null; intervalMs: number }

/** From `at` on the endpoint had this status, until its next row. `planned`: within an announced window. */
export type TimelineRow = { endpoint: string; at: number; status: Status; planned: boolean }

/** Latencies and outcomes of one step of time. Percentiles are null where nothing answered. */
export type LatencyStep = {
  /** When the step begins, epoch ms. */
  at: number
  /** Results, and how many of them failed. */
  count: number
  failures: number
  p50Ms: number | null
  p90Ms: number | null
  p95Ms: number | null
  p99Ms: number | null
}

/** How long each status was true within a UTC day, minutes; `unknown` and what was not observed is the rest. */
export type DayMinutes = {
  /** Days since 1970-01-01, UTC. */
  day: number
  operational: number
  degraded: number
  down: number
  maintenance: number
  /** Of `down` and `maintenance`, what lay within an announced window. */
  planned: number
}
