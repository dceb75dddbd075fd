/**
 * The way of one result:
 *
 *   due -> probe -> judge -> bus ~> board -> hub, metrics
 *
 * Left of `~>` is the prober side, run by whoever owns the endpoint; right of it the gateway side, run by everyone who serves clients.
 */
import type { Endpoint } from './config/config.ts'
import { errorCode } from './lib/errors.ts'
import type { EndpointState, LogEntry, ProbeResult } from './model.ts'
import type { Again, Log, ProberEvents } from './ports.ts'
import type { Run } from './schedule/slot.ts'
import { courseOf } from './status/course.ts'
import type { Circumstances } from './status/judge.ts'
import { isUnconfirmed, judge } from './status/judge.ts'

/** What the left half works with. */
export type ProberSide = {
  log: Log
  probe: (
    endpoint: Endpoint,
    how: { signal: AbortSignal; fresh: boolean; again: Again },
  ) => Promise<ProbeResult>
  /** Says whether this probe opens a connection of its own. */
  wantsFresh: (endpoint: Endpoint, before: EndpointState) => boolean
  states: Map<string, EndpointState>
  /** The endpoint as it is configured now. */
  present: (id: string) => Endpoint | undefined
  /** How often the endpoint has begun anew: an answer to an older question says nothing of the present one. */
  resets: (id: string) => number
  /** Notes how far the probe got, and says what is known of the place it was sent from. */
  circumstances: (endpoint: Endpoint, result: ProbeResult) => Circumstances
  tell: ProberEvents
}

/** Left half: probes an endpoint that is due, judges the answer and tells everyone. */
export async function onDue(
  side: ProberSide,
  endpoint: Endpoint,
  { signal, again }: { signal: AbortSignal; again: Again },
): Promise<Run<ProbeResult>> {
  const known = side.states.get(endpoint.id)
  const resets = side.resets(endpoint.id)
  const result = await side.probe(endpoint, {
    signal,
    again,
    fresh: known === undefined || side.wantsFresh(endpoint, known),
  })
  const before = side.states.get(endpoint.id)
  const present = side.present(endpoint.id)
  const isMoot = signal.aborted || resets !== side.resets(endpoint.id)
  if (isMoot || before === undefined || present === undefined)
    return { outcome: result, recheckIn: null }
  side.tell.result(result)
  const after = judge(present, before, { result, ...side.circumstances(endpoint, result) })
  side.states.set(endpoint.id, after)
  side.tell.state(after)
  logResult(side.log, { endpoint, before, after, result })
  const recheckIn = isUnconfirmed(after, endpoint.judge.window) ? endpoint.confirmAfter : null
  return { outcome: result, recheckIn, course: courseOf(after, result) }
}

function logResult(
  log: Log,
  seen: { endpoint: Endpoint; before: EndpointState; after: EndpointState; result: ProbeResult },
): void {
  const { endpoint, before, after, result } = seen
  const fields = {
    endpoint: endpoint.id,
    probe: result.probe,
    status: after.status,
    latencyMs: Math.round(result.latencyMs),
    statusCode: result.statusCode ?? undefined,
    kind: result.failure?.kind,
  }
  log.debug(fields, 'probed')
  if (before.status === after.status) return
  const change = {
    ...fields,
    payer: endpoint.payer,
    type: endpoint.type,
    previousStatus: before.status,
  }
  const line = { ...change, kind: after.reason?.kind }
  if (after.status === 'down') log.warn(line, 'endpoint went down')
  else log.info(line, 'endpoint status changed')
}

/** What the right half works with. */
export type GatewaySide = {
  log: Log
  /** Told of every entry, in this order. One that throws does not stop the rest. */
  sinks: Readonly<Record<string, (entry: LogEntry) => void>>
}

/** Right half: passes an entry of the log to everyone who acts on it. */
export function onEntry({ sinks, log }: GatewaySide, entry: LogEntry): void {
  if (entry.kind === 'endpoint' && log.isLevelEnabled('debug'))
    log.debug(
      { endpoint: entry.id, probe: entry.value?.result?.probe, rev: entry.rev },
      'published',
    )
  for (const [sink, tell] of Object.entries(sinks)) {
    try {
      tell(entry)
    } catch (error) {
      log.error({ room: sink, rev: entry.rev, code: errorCode(error) }, 'sink failed')
    }
  }
}
