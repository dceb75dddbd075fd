import type { Payer, Removed, RemovedPayer, Result, State } from '@payer-status/protocol'
import type { EndpointState, LogEntry, PayerState, ProbeResult } from '../model.ts'

/** What an entry of the log looks like to a client: the closed, final shape. Nothing else leaves the monitor. */
export function toWire(entry: LogEntry): object {
  switch (entry.kind) {
    case 'endpoint':
      return entry.value === null
        ? ({ endpoint: entry.id, rev: entry.rev, removed: true } satisfies Removed)
        : toWireState(entry.value, entry)
    case 'payer':
      return entry.value === null
        ? ({ payer: entry.id, rev: entry.rev, removed: true } satisfies RemovedPayer)
        : toWirePayer(entry.value, entry.rev)
    case 'plan':
      return {}
    case 'incident':
    case 'window':
      return entry.value === null ? {} : { ...entry.value, rev: entry.rev }
  }
}

/** A state in its place in the log. */
export function toWireState(state: EndpointState, at: { rev: number; statusRev: number }): State {
  return {
    endpoint: state.endpoint,
    payer: state.payer,
    payerName: state.payerName,
    type: state.type,
    rev: at.rev,
    statusRev: at.statusRev,
    capability: state.capability,
    via: state.via,
    status: state.status,
    intermittent: state.intermittent,
    since: iso(state.since),
    evidence: state.evidence,
    verdict: state.verdict,
    attribution: state.attribution,
    advice: state.advice,
    reason: state.reason,
    vantage: state.vantage,
    ...(state.window === undefined ? {} : { window: state.window }),
    ...(state.skipVerify ? { skipVerify: true } : {}),
    ...(state.paused && { paused: { until: isoOrNull(state.paused.until) } }),
    ...(state.silencedUntil !== undefined && { silencedUntil: iso(state.silencedUntil) }),
    result: state.result === null ? null : toWireResult(state.result),
  }
}

/** The part of a result that clients see. */
export function toWireResult(result: ProbeResult): Result {
  const { tls, failure } = result
  return {
    at: iso(result.at),
    latencyMs: round(result.latencyMs),
    statusCode: result.statusCode,
    attempts: result.attempts,
    connectionReused: result.connectionReused,
    tls: tls && {
      version: tls.version,
      verified: tls.verified,
      expiresAt: tls.expiresAt === null ? null : iso(tls.expiresAt),
    },
    phases: {
      dnsMs: roundOrNull(result.phases.dnsMs),
      connectMs: roundOrNull(result.phases.connectMs),
      tlsMs: roundOrNull(result.phases.tlsMs),
      firstByteMs: roundOrNull(result.phases.firstByteMs),
      transferMs: roundOrNull(result.phases.transferMs),
      ...(result.phases.tokenMs === undefined ? {} : { tokenMs: round(result.phases.tokenMs) }),
    },
    failure: failure && { kind: failure.kind },
  }
}

function toWirePayer(value: PayerState, rev: number): Payer {
  return {
    payer: value.payer,
    name: value.name,
    aliases: [...value.aliases],
    identifiers: [...value.identifiers],
    rev,
    status: value.status,
    types: { ...value.types },
  }
}

function iso(at: number): string {
  return new Date(at).toISOString()
}

function isoOrNull(at: number | null): string | null {
  return at === null ? null : iso(at)
}

function round(ms: number): number {
  return Math.round(ms * 10) / 10
}

function roundOrNull(ms: number | null): number | null {
  return ms === null ? null : round(ms)
}
