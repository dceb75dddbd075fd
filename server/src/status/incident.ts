/** The life of one endpoint's incident. Pure but for the id, which the caller makes. */
import type { EndpointState, IncidentRecord } from '../model.ts'
import { type Condition, conditionOf, familyOf, needsIncident, severityOf } from './condition.ts'
import { healthOf } from './health.ts'
import { INTERMITTENT } from './shown.ts'

/** What makes two reports the same outage: payer, capability or type, route, and the family of failures. */
export function keyOf(state: EndpointState): string {
  const { payer, capability, type, via } = state
  return `${payer}|${capability ?? type}|${via}|${familyOf(state)}`
}

/** The incident of an endpoint that needs one. */
export function opened(state: EndpointState, id: string): IncidentRecord {
  const openedAt = state.since
  return {
    id,
    key: keyOf(state),
    parent: null,
    scope: 'endpoint',
    payers: [state.payer],
    endpoints: [state.endpoint],
    types: [state.type],
    status: stageOf(state.attribution),
    severity: severityOf(state),
    openedAt: iso(openedAt),
    confirmedAt: iso(Math.max(openedAt, state.result?.at ?? openedAt)),
    resolvedAt: null,
    cause: causeOf(state),
    advice: state.advice,
    planned: false,
    acknowledgedBy: null,
    notes: [],
  }
}

/** The incident with one more endpoint. */
export function joined(
  incident: IncidentRecord,
  { endpoint, payer }: EndpointState,
): IncidentRecord {
  return {
    ...incident,
    payers: union(incident.payers, [payer]),
    endpoints: union(incident.endpoints, [endpoint]),
  }
}

/** A resolved incident that turns out not to be over. What it was part of, it may not be part of again. */
export function reopened(incident: IncidentRecord): IncidentRecord {
  return { ...incident, parent: null, status: 'investigating', resolvedAt: null }
}

/**
 * What the states of its endpoints mean for an incident: it follows the worst of them, and is resolved when all are well.
 * `members` are those that are in the catalogue still; `at` is the time of what made one look, epoch ms.
 */
export function advanced(
  incident: IncidentRecord,
  members: readonly EndpointState[],
  at: number,
): IncidentRecord {
  if (members.length === 0) return resolved(incident, at)
  const types = union(
    [],
    members.map(({ type }) => type),
  ) // a reload may have given them others
  const base = { ...incident, types }
  const standing = members.map((state) => ({ state, condition: conditionOf(state) }))
  const wrong = standing.filter(({ condition }) => condition !== 'well')
  if (wrong.length === 0) return { ...resolved(base, at), advice: worstAdvice(members) }
  const lead = leadOf(wrong)
  if (lead !== undefined)
    return following(
      base,
      lead,
      wrong.map(({ state }) => state),
    )
  return wrong.some(({ condition }) => condition === 'mending')
    ? { ...base, status: 'monitoring' }
    : base
}

/** An incident that is over, at `at`; never before it was confirmed. */
export function resolved(incident: IncidentRecord, at: number): IncidentRecord {
  const confirmedAt = Date.parse(incident.confirmedAt ?? incident.openedAt)
  return { ...incident, status: 'resolved', resolvedAt: iso(Math.max(at, confirmedAt)) }
}

/** `identified` once it is known whose doing it is. */
export function stageOf(
  attribution: IncidentRecord['cause']['attribution'] | null,
): 'investigating' | 'identified' {
  const isKnown = attribution !== null && attribution !== 'unknown' && attribution !== 'none'
  return isKnown ? 'identified' : 'investigating'
}

/** Everything of both, once. */
export function union<T>(a: readonly T[], b: readonly T[]): T[] {
  return [...new Set([...a, ...b])]
}

export function iso(at: number): string {
  return new Date(at).toISOString()
}

const RANK: Readonly<Partial<Record<Condition, number>>> = { out: 3, flapping: 2, poor: 1 }

type Standing = { state: EndpointState; condition: Condition }

/** The endpoint that says how bad it is; undefined when none is known to be bad now. */
function leadOf(standing: readonly Standing[]): EndpointState | undefined {
  const rankOf = ({ state, condition }: Standing) =>
    (RANK[condition] ?? 0) * 2 + (severityOf(state) === 'major' ? 1 : 0)
  const bad = standing.filter(({ condition }) => RANK[condition] !== undefined)
  return bad.toSorted((a, b) => rankOf(b) - rankOf(a))[0]?.state
}

function following(
  incident: IncidentRecord,
  lead: EndpointState,
  wrong: readonly EndpointState[],
): IncidentRecord {
  const cause = causeOf(lead, incident.cause)
  const isMajor = wrong.some((state) => needsIncident(state) && severityOf(state) === 'major')
  return {
    ...incident,
    key: natureOf(incident.key) === natureOf(keyOf(lead)) ? incident.key : keyOf(lead),
    status: stageOf(cause.attribution),
    severity: isMajor ? 'major' : 'minor',
    cause,
    advice: lead.advice,
  }
}

/** What kind of trouble it is; failures of one family may turn into those of another within an outage. */
function natureOf(key: string): string {
  const family = key.slice(key.lastIndexOf('|') + 1)
  return family === 'degraded' || family === 'intermittent' ? family : 'outage'
}

type Cause = IncidentRecord['cause']

/** A result that says nothing of the far side says nothing of the cause either. */
function causeOf(state: EndpointState, before?: Cause): Cause {
  const { result } = state
  if (before && result && healthOf(result) === 'inconclusive') return before
  const cause = conditionOf(state) === 'flapping' ? flapping(state, before) : failing(state)
  return before?.counts === undefined ? cause : { ...cause, counts: before.counts }
}

function failing({ reason, attribution }: EndpointState): Cause {
  return {
    kind: reason?.kind ?? 'unrecognised',
    codes: union([], reason?.codes ?? []),
    attribution: attribution ?? 'unknown',
    message: reason?.message ?? 'it does not work',
  }
}

/** What it fails with, and whose doing that is, is known from before while it works. */
function flapping({ reason, attribution }: EndpointState, before?: Cause): Cause {
  const { kind, message } = INTERMITTENT
  const isKnown = stageOf(attribution) === 'identified'
  const codes = before?.codes ?? [...(reason?.codes ?? [])]
  return {
    kind,
    codes,
    attribution: (isKnown ? attribution : before?.attribution) ?? 'unknown',
    message,
  }
}

function worstAdvice(members: readonly EndpointState[]): IncidentRecord['advice'] {
  const cautious = members.find(({ advice }) => advice.action !== 'proceed') ?? members[0]
  return cautious?.advice ?? { action: 'proceed' }
}
