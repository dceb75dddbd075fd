/**
 * What is shown of an endpoint within announced maintenance, laid over what its results amount to:
 *
 *   judge -> state -> covered -> bus; the judge only ever sees what is beneath
 */
import type { Occurrence } from '../lib/recurrence.ts'
import type { EndpointState, Standing } from '../model.ts'
import { CHANGES_AN_HOUR } from './judge.ts'
import { adviceFor } from './reason.ts'
import { shown } from './shown.ts'

/** The window that an endpoint is in, or was in when it was last seen to work. */
export type Covering = Occurrence & { id: string; phase: 'in' | 'grace' | 'overrun' }

/** What lies over an endpoint. */
export type Over = {
  window: Covering | undefined
  /** The endpoint's windows of the last hour: what changes within them was to be expected. */
  spans: readonly Occurrence[]
  /** The state as it was published last: what was out when its window ended is still that, whatever it fails by. */
  before: EndpointState | undefined
}

/** What is published of a state of the judge's. Pure. */
export function covered(state: EndpointState, { window, spans, before }: Over): EndpointState {
  const calm = calmed(state, spans)
  const standing = window === undefined ? calm : (excused(state, window, before) ?? calm)
  const badge = window?.phase === 'in' ? { window: window.id } : {}
  if (standing === undefined) return 'window' in badge ? { ...state, ...badge } : state
  const memory = { ...state.memory, beneath: standingOf(state) }
  return { ...state, ...badge, ...standing, memory }
}

/** The judge's state beneath a published one. */
export function uncovered(state: EndpointState): EndpointState {
  if (state.window === undefined && state.memory.beneath === undefined) return state
  const { window: _, ...rest } = state
  const { beneath, ...memory } = state.memory
  return { ...rest, ...beneath, memory }
}

/** Whether a published state is out, and shown as maintenance or as its overrun. */
export function isExcused({ status, reason, memory }: EndpointState): boolean {
  const isShownSo = status === 'maintenance' || reason?.kind === 'maintenance_overrun'
  return isShownSo && memory.beneath !== undefined && isOut(memory.beneath)
}

function isOut({ status }: Pick<EndpointState, 'status'>): boolean {
  return status === 'down' || status === 'maintenance'
}

function standingOf({ status, intermittent, since, reason, advice }: EndpointState): Standing {
  return { status, intermittent, since, reason, advice }
}

/** What is out within a window, or since one; undefined for all else. */
function excused(
  state: EndpointState,
  window: Covering,
  before: EndpointState | undefined,
): Standing | undefined {
  const { phase, startsAt, endsAt } = window
  if (!isOut(state)) return undefined
  const held = before !== undefined && isExcused(before) ? before : undefined
  if (phase !== 'in' && held === undefined && state.since >= endsAt) return undefined
  const standing = { intermittent: false, advice: { action: 'hold' } as const }
  const reason = { codes: state.reason?.codes ?? [], message: MESSAGE[phase](window) }
  if (phase === 'overrun')
    return {
      ...standing,
      status: 'down',
      since: endsAt,
      reason: { kind: 'maintenance_overrun', ...reason },
    }
  const began = state.status === 'maintenance' ? state.since : Math.max(state.since, startsAt)
  const since = held?.status === 'maintenance' ? held.since : began
  return { ...standing, status: 'maintenance', since, reason: { kind: 'maintenance', ...reason } }
}

const MESSAGE: Readonly<Record<Covering['phase'], (window: Covering) => string>> = {
  in: ({ id, endsAt }) => `announced maintenance until ${iso(endsAt)} (${id})`,
  grace: ({ id, endsAt }) =>
    `announced maintenance ended at ${iso(endsAt)}, not seen to work since (${id})`,
  overrun: ({ id, endsAt }) =>
    `still out although announced maintenance ended at ${iso(endsAt)} (${id})`,
}

/** Without the flag that it changes all the time, where too few of the changes were outside of announced maintenance. */
function calmed(state: EndpointState, spans: readonly Occurrence[]): Standing | undefined {
  if (!state.intermittent) return undefined
  const isWithin = (at: number) =>
    spans.some(({ startsAt, endsAt }) => at >= startsAt && at < endsAt)
  const outside = state.memory.changes.filter((at) => !isWithin(at))
  if (outside.length > CHANGES_AN_HOUR || outside.length === state.memory.changes.length)
    return undefined
  const standing = { ...standingOf(state), intermittent: false }
  if (state.reason?.kind !== 'intermittent') return standing
  const settled = { status: state.memory.settled ?? 'operational', reason: null }
  const now = shown(settled, { intermittent: false, slow: state.memory.slow ?? false })
  return { ...standing, ...now, advice: adviceFor({ ...now, verdict: state.verdict }) }
}

function iso(at: number): string {
  return new Date(at).toISOString()
}
