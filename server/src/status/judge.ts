/**
 * What a result means for an endpoint's status. Pure: the same arguments always give the same state.
 *
 *   result -> sample (if conclusive) -> the last few samples -> status, since, reason, advice
 */
import type { EvidenceLevel, Reason, Status } from '@payer-status/protocol'
import type { Endpoint } from '../config/config.ts'
import type { EndpointState, ProbeResult, Sample } from '../model.ts'
import { decide, isOut, sinceOf, statusOfSample } from './decide.ts'
import { healthOf } from './health.ts'
import { adviceFor, reasonOf } from './reason.ts'
import { shown } from './shown.ts'
import { STALE, staleAfter } from './stale.ts'

const HOUR_MS = 3_600_000
/** More status changes than this within an hour are called intermittent. */
export const CHANGES_AN_HOUR = 3
/** What is known of the vantage at the moment of a result. */
export type Circumstances = {
  /** Nothing answers from here: our own network, not the payers. */
  offline: boolean
  /** When another host last answered, epoch ms; without that, a failed path may be our own. */
  answeredElsewhereAt: number | null
  /** Whether its answers of late take too long; undefined when there are too few to say. */
  slow?: boolean | undefined
}

/** The state of an endpoint that has not been probed yet. */
export function initialState(endpoint: Endpoint, vantage: string, at: number): EndpointState {
  const reason: Reason = endpoint.notProbeable
    ? { kind: 'not_probeable', codes: [], message: endpoint.notProbeable }
    : { kind: 'unconfirmed', codes: [], message: 'not probed yet' }
  return {
    ...labelsOf(endpoint),
    vantage,
    status: 'unknown',
    intermittent: false,
    since: at,
    evidence: null,
    verdict: null,
    attribution: null,
    advice: { action: 'proceed' },
    reason,
    result: null,
    memory: { recent: [], changes: [], reached: false },
  }
}

/** What a state repeats of its endpoint's configuration. */
export function labelsOf(
  endpoint: Endpoint,
): Pick<
  EndpointState,
  'endpoint' | 'payer' | 'payerName' | 'type' | 'capability' | 'via' | 'url' | 'skipVerify'
> {
  const { id, payer, payerName, type, capability, via, shownUrl, tls } = endpoint
  const skipVerify = tls?.skipVerify ?? false
  return { endpoint: id, payer, payerName, type, capability, via, url: shownUrl, skipVerify }
}

/** Folds one result into the state. */
export function judge(
  endpoint: Endpoint,
  before: EndpointState,
  seen: { result: ProbeResult } & Circumstances,
): EndpointState {
  const result = meantBy(seen.result, before.memory.reached)
  const healthy = healthOf(result) === 'healthy'
  const reached = before.memory.reached || healthy
  const latest = { ...before, ...labelsOf(endpoint), ...observedIn(result), result: seen.result }
  const noted = {
    reached,
    slow: seen.slow ?? before.memory.slow ?? false,
    ...deepestOf(before, result),
  }
  const settle = (status: Status, reason: Reason | null, recent: readonly Sample[]) =>
    settled(before, { ...latest, status, reason, memory: { ...before.memory, ...noted, recent } })

  if (seen.offline && result.progress !== 'answered')
    return settle('unknown', offlineReason(before.vantage), believable(before.memory.recent))
  if (endpoint.unreviewed && !reached)
    return settle('unknown', neverReached(result), before.memory.recent)
  const sample = sampleOf(result)
  if (sample === null)
    return settle(...inconclusive(endpoint, before, result), before.memory.recent)
  const recent = witnessed([...before.memory.recent, sample], seen).slice(-endpoint.judge.window)
  const { status, reason } = decide(recent, {
    before: settledStatus(before),
    ...endpoint.judge,
    vantage: before.vantage,
  })
  return settle(status, reason, recent)
}

/** Answers that say of an address that never worked that it is wrong, not that the payer is down. */
const WRONG_ADDRESS: ReadonlySet<string> = new Set(['HTTP:404', 'HTTP:410', 'dns.nxdomain'])

/** What a result means, given whether the endpoint ever answered as expected. */
function meantBy(result: ProbeResult, reached: boolean): ProbeResult {
  const isWrong = result.failure !== null && result.codes.some((code) => WRONG_ADDRESS.has(code))
  if (reached || !isWrong) return result
  return { ...result, verdict: 'probe_misconfigured', attribution: 'probe' }
}

/** The state of an endpoint when the vantage has gone offline: nothing can be said of it any more. */
export function cutOff(before: EndpointState, at: number): EndpointState {
  if (before.reason?.kind === 'not_probeable') return before
  const memory = { ...before.memory, recent: believable(before.memory.recent) }
  const reason = offlineReason(before.vantage)
  return settled(before, { ...before, status: 'unknown', reason, memory }, at)
}

/** The state of an endpoint of which nothing conclusive was heard for too long. */
export function outdated(before: EndpointState, at: number): EndpointState {
  return settled(before, { ...before, status: 'unknown', reason: STALE }, at)
}

/** Whether the latest sample contradicts the status, so that the next probe should come soon. */
export function isUnconfirmed(state: EndpointState, window: number): boolean {
  const { memory } = state
  const last = memory.recent.at(-1)
  if (last === undefined || statusOfSample(last) === settledStatus(state)) return false
  const agreeing = memory.recent.filter((sample) => sample.health === last.health)
  return agreeing.length < window
}

function observedIn(
  result: ProbeResult,
): Pick<EndpointState, 'evidence' | 'verdict' | 'attribution'> {
  const { evidence, verdict, attribution } = result
  return { evidence, verdict, attribution }
}

function sampleOf(result: ProbeResult): Sample | null {
  const health = healthOf(result)
  if (health === 'inconclusive') return null
  return {
    at: result.at,
    health,
    witnessed: result.progress !== 'nothing',
    reason: reasonOf(result),
  }
}

/** When the latest sample is a failure and another host has answered since the failures began, all of them are theirs. */
function witnessed(
  recent: readonly Sample[],
  { answeredElsewhereAt }: Circumstances,
): readonly Sample[] {
  const latest = recent.at(-1)
  const begun = recent.find(isOut)
  if (latest === undefined || begun === undefined || !isOut(latest)) return recent
  if (answeredElsewhereAt === null || answeredElsewhereAt < begun.at) return recent
  return recent.map((sample) => (isOut(sample) ? { ...sample, witnessed: true } : sample))
}

/** What can still be believed of the past once it is known that our own network was the matter. */
function believable(recent: readonly Sample[]): readonly Sample[] {
  return recent.filter((sample) => sample.witnessed || !isOut(sample))
}

/** An inconclusive result changes a status only when the last conclusive one is too old. */
function inconclusive(
  endpoint: Endpoint,
  before: EndpointState,
  result: ProbeResult,
): [Status, Reason | null] {
  const status = settledStatus(before)
  const conclusive = before.memory.recent.at(-1)
  const isFresh =
    conclusive !== undefined && result.at - conclusive.at <= staleAfter(endpoint, status)
  if (isFresh && status !== 'unknown')
    return [status, status === 'operational' ? null : before.reason]
  return ['unknown', reasonOf(result) ?? edgeOnly(result) ?? STALE]
}

/** The state of an endpoint when the monitor starts again: unknown where nothing conclusive was seen lately, else as it was. */
export function afterPause(endpoint: Endpoint, before: EndpointState, at: number): EndpointState {
  const last = before.memory.recent.at(-1)
  if (last === undefined || before.status === 'unknown') return before
  const staleAt = last.at + staleAfter(endpoint, before.status)
  if (at <= staleAt) return before
  const recent = before.memory.recent.filter(({ health }) => health === 'healthy') // trouble must be seen again
  const memory = { ...before.memory, recent }
  return settled(before, { ...before, status: 'unknown', reason: STALE, memory }, staleAt)
}

function edgeOnly({ verdict, codes }: ProbeResult): Reason | null {
  if (verdict !== 'edge_up') return null
  return { kind: 'auth', codes: [...codes], message: 'edge reachable, application not observed' }
}

function neverReached(result: ProbeResult): Reason {
  const codes = result.codes.slice(0, 8)
  return { kind: 'never_reached', codes, message: 'never reached from here' }
}

function offlineReason(vantage: string): Reason {
  return {
    kind: 'vantage_offline',
    codes: [],
    message: `vantage ${vantage} is offline: nothing answers from there`,
  }
}

/** What its conclusive results amount to; only what is shown as degraded may be more than that. */
function settledStatus({ status, memory }: EndpointState): Status {
  return status === 'degraded' ? (memory.settled ?? status) : status
}

/** Completes a state, whose status is what its results amount to: what is shown, since when, what to do. */
function settled(
  before: EndpointState,
  after: EndpointState,
  at = after.result?.at ?? 0,
): EndpointState {
  const was = settledStatus(before)
  const changed = after.status !== was
  const inLastHour = before.memory.changes.filter((change) => change > at - HOUR_MS && change <= at)
  const counts = changed && was !== 'unknown' && after.status !== 'unknown'
  const changes = counts ? [...inLastHour, at].slice(-CHANGES_AN_HOUR - 1) : inLastHour
  const intermittent = changes.length > CHANGES_AN_HOUR
  const { status, reason } = shown(after, { intermittent, slow: after.memory.slow ?? false })
  const from = changed
    ? sinceOf(after.memory.recent, { ...before, status: was }, { status: after.status, at })
    : at
  const since = status === before.status ? before.since : from
  const advice = adviceFor({ status, verdict: after.verdict })
  const memory = { ...after.memory, changes, settled: after.status }
  return { ...after, status, reason, since, intermittent, advice, memory }
}

const DEPTH: Readonly<Record<EvidenceLevel, number>> = { LF: 0, L0: 1, L1: 2, L2: 3, L3: 4, LP: 4 }

/** The deepest that the endpoint was ever proven to work. */
function deepestOf(
  { memory }: EndpointState,
  { evidence }: ProbeResult,
): { deepest?: EvidenceLevel } {
  const { deepest } = memory
  if (evidence === null) return {}
  return deepest === undefined || DEPTH[evidence] > DEPTH[deepest] ? { deepest: evidence } : {}
}
