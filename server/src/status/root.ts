/** The life of an incident of what several endpoints share: it is what its children are. Pure but for the id. */
import type { IncidentRecord } from '../model.ts'
import { type Shared, scopeOf } from './components.ts'
import { iso, resolved, stageOf, union } from './incident.ts'
import { most, summed } from './tally.ts'

const MESSAGE: Readonly<Record<Shared, string>> = {
  host: 'endpoints on one host fail together',
  platform: 'endpoints on hosts of one domain fail together',
  issuer: 'certificates of one issuer are not accepted',
  intermediary: 'endpoints behind one intermediary fail together',
  payer: 'half or more of what users need of this payer is down',
}

/** The incident of a component whose endpoints fail together, before its children are looked at. */
export function openedRoot(component: string, id: string, at: number): IncidentRecord {
  return {
    id,
    key: component,
    parent: null,
    scope: scopeOf(component),
    payers: [],
    endpoints: [],
    types: [],
    status: 'investigating',
    severity: 'major',
    openedAt: iso(at),
    confirmedAt: iso(at),
    resolvedAt: null,
    cause: { kind: 'unrecognised', codes: [], attribution: 'unknown', message: '' },
    advice: { action: 'hold' },
    planned: false,
    acknowledgedBy: null,
    notes: [],
  }
}

/**
 * What its open children mean for an incident: it is resolved when none is left. `isHalfOut`: of a payer that it touches,
 * half or more of what users need is down.
 */
export function advancedRoot(
  root: IncidentRecord,
  children: readonly IncidentRecord[],
  { at, isHalfOut }: { at: number; isHalfOut: (payer: string) => boolean },
): IncidentRecord {
  if (children.length === 0) return { ...resolved(root, at), advice: { action: 'proceed' } }
  const failing = children.filter(({ status }) => status !== 'monitoring')
  const speaking = failing.length > 0 ? failing : children
  const cause = causeOf(root, speaking)
  const payers = union(
    root.payers,
    children.flatMap((child) => child.payers),
  )
  const openedAt = [root, ...children].map((incident) => incident.openedAt).toSorted()[0]
  return {
    ...root,
    payers,
    endpoints: union(
      root.endpoints,
      children.flatMap(({ endpoints }) => endpoints),
    ),
    types: union(
      root.types,
      children.flatMap(({ types }) => types),
    ),
    openedAt: openedAt ?? root.openedAt,
    status: failing.length === 0 ? 'monitoring' : stageOf(cause.attribution),
    severity: payers.some(isHalfOut) ? 'critical' : severityOf(root, children),
    cause,
    advice:
      speaking.find(({ advice }) => advice.action === 'hold')?.advice ??
      speaking[0]?.advice ??
      root.advice,
  }
}

/** What is shared is major, however little each child is; a payer is as bad as its children. */
function severityOf(
  { scope }: IncidentRecord,
  children: readonly IncidentRecord[],
): IncidentRecord['severity'] {
  return scope !== 'payer' || children.some(({ severity }) => severity !== 'minor')
    ? 'major'
    : 'minor'
}

function causeOf(
  root: IncidentRecord,
  children: readonly IncidentRecord[],
): IncidentRecord['cause'] {
  const kind = most(children.map(({ cause }) => cause.kind)) ?? root.cause.kind
  const attribution = most(children.map(({ cause }) => cause.attribution)) ?? 'unknown'
  const counts = summed(children.map(({ cause }) => cause.counts ?? {}))
  const codes = Object.keys(counts)
  const known = codes.length > 0 ? { codes, counts } : { codes: root.cause.codes }
  return { kind, ...known, attribution, message: MESSAGE[scopeOf(root.key)] }
}
