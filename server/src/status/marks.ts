/** What people say of an endpoint's probing: a pause, and a silence. Pure; the log keeps both in the endpoint's state. */
import type { EndpointState } from '../model.ts'

type Marked = Pick<EndpointState, 'paused' | 'silencedUntil'>

/** The state with the marks of another, and with no others: whoever probes may know older ones. */
export function withMarks(state: EndpointState, from: Marked | undefined): EndpointState {
  const { paused: _paused, silencedUntil: _silencedUntil, ...rest } = state
  return {
    ...rest,
    ...(from?.paused && { paused: from.paused }),
    ...(from?.silencedUntil !== undefined && { silencedUntil: from.silencedUntil }),
  }
}

/** The state of an endpoint that is not probed from `at` on, until it is resumed or `until` comes. */
export function paused(
  before: EndpointState,
  { at, until }: { at: number; until: number | null },
): EndpointState {
  const { status, since } = before
  const { settled: _settled, slow: _slow, beneath: _beneath, ...memory } = before.memory
  return {
    ...before,
    status: 'unknown',
    intermittent: false,
    since: status === 'unknown' ? since : at,
    advice: { action: 'proceed' },
    reason: { kind: 'paused', codes: [], message: 'not probed: a person has paused it' },
    memory: { ...memory, recent: [], changes: [] }, // by the time it is resumed, they say nothing any more
    paused: { until },
  }
}

/** The state of an endpoint that is probed again: unknown until it has been seen. */
export function resumed(before: EndpointState): EndpointState {
  const { paused: _, ...rest } = before
  return {
    ...rest,
    reason: { kind: 'unconfirmed', codes: [], message: 'not probed since it was paused' },
  }
}

/** The state of an endpoint without alerts until then, epoch ms; with them again for null. */
export function silenced(before: EndpointState, until: number | null): EndpointState {
  const { silencedUntil: _, ...rest } = before
  return until === null ? rest : { ...rest, silencedUntil: until }
}

/** When the first of its marks ends, epoch ms; undefined when none does. */
export function nextEnd({ paused: pause, silencedUntil }: Marked): number | undefined {
  const ends = [pause?.until ?? undefined, silencedUntil].filter((end) => end !== undefined)
  return ends.length === 0 ? undefined : Math.min(...ends)
}

/** The state at `at` without the marks that have ended; itself when none has. */
export function ended(state: EndpointState, at: number): EndpointState {
  const { paused: pause, silencedUntil } = state
  const audible = silencedUntil !== undefined && silencedUntil <= at ? silenced(state, null) : state
  const isOver = pause !== undefined && pause.until !== null && pause.until <= at
  return isOver ? resumed(audible) : audible
}
