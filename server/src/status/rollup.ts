import type { Capability, EvidenceLevel, RollupStatus, Status } from '@payer-status/protocol'
import type { PayerEntry } from '../config/config.ts'
import type { EndpointState, PayerState } from '../model.ts'

/** What users cannot do without; the FHIR interfaces are a lane of their own. */
const CORE: ReadonlySet<Capability> = new Set([
  'eligibility',
  'claim_status',
  'claims_submission',
  'prior_auth',
  'provider_portal',
])

/** Whether a capability is one that users cannot do without. */
export function isCore(capability: Capability | null): boolean {
  return capability !== null && CORE.has(capability)
}

/** Worst last. `unknown` never outranks what is known, `maintenance` never outranks `down`. */
const RANK: Readonly<Record<RollupStatus, number>> = {
  unknown: 0,
  operational: 1,
  degraded: 2,
  maintenance: 3,
  partial_outage: 4,
  down: 5,
}

type Judged = Pick<EndpointState, 'type' | 'capability' | 'via' | 'status'> & {
  memory?: Pick<EndpointState['memory'], 'deepest'>
}

/** From two on. */
const HALF = { least: 2, share: 0.5 }

/** Whether half or more of the core capabilities of a payer are down, and more than one. */
export function isHalfOut(endpoints: readonly Judged[]): boolean {
  const core = endpoints.filter(({ capability }) => isCore(capability))
  const lanes = [...Map.groupBy(core, ({ capability }) => capability).values()]
  const down = lanes.filter((states) => ofType(states) === 'down').length
  return down >= HALF.least && down >= HALF.share * lanes.length
}

/** The roll-up of a payer over its endpoints: routes into types, types into the payer. */
export function rollUp(entry: PayerEntry, endpoints: Iterable<Judged>): PayerState {
  const byType = Map.groupBy(endpoints, ({ type }) => type)
  const types = [...byType].map(([type, states]) => ({ type, states, status: ofType(states) }))
  types.sort((a, b) => (a.type < b.type ? -1 : 1))
  return {
    payer: entry.payer,
    name: entry.name,
    aliases: entry.aliases,
    identifiers: entry.identifiers,
    status: ofPayer(types),
    types: Object.fromEntries(types.map(({ type, status }) => [type, status])),
  }
}

/** All routes down is down, some is a partial outage, else the worst. */
function ofType(states: readonly Judged[]): RollupStatus {
  const routes = [...Map.groupBy(states, ({ via }) => via).values()]
  return combine(routes.map((route) => worst(deepest(route).map(({ status }) => status))))
}

/** Those that saw the application itself outrank those that saw its edge only, as far as anything is known of them. */
function deepest(route: readonly Judged[]): readonly Judged[] {
  const application = route.filter(
    ({ memory, status }) => status !== 'unknown' && isApplication(memory?.deepest),
  )
  return application.length > 0 ? application : route
}

/** Whether evidence is of the application: a transaction, or real traffic. */
function isApplication(evidence: EvidenceLevel | undefined): boolean {
  return evidence === 'L3' || evidence === 'LP'
}

/** Core types decide where a payer has any; the others can only make it a partial outage. */
function ofPayer(
  types: readonly { states: readonly Judged[]; status: RollupStatus }[],
): RollupStatus {
  const isCoreType = ({ states }: { states: readonly Judged[] }) =>
    states.some((s) => isCore(s.capability))
  const core = types.filter(isCoreType).map(({ status }) => status)
  const other = types.filter((type) => !isCoreType(type)).map(({ status }) => status)
  if (core.length === 0) return combine(other)
  const lane = combine(core)
  const ofOthers = combine(other)
  if (lane === 'down') return 'down'
  return worst([lane, ofOthers === 'down' ? 'partial_outage' : ofOthers])
}

function combine(statuses: readonly RollupStatus[]): RollupStatus {
  const known = statuses.filter((status) => status !== 'unknown')
  const isOut = (status: RollupStatus) => status === 'down' || status === 'partial_outage'
  if (known.length > 0 && known.every((status) => status === 'down')) return 'down'
  return known.some(isOut) ? 'partial_outage' : worst(statuses)
}

function worst<T extends Status | RollupStatus>(statuses: readonly T[]): T | 'unknown' {
  return statuses.reduce<T | 'unknown'>((a, b) => (RANK[b] > RANK[a] ? b : a), 'unknown')
}
