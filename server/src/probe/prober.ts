import type { Endpoint } from '../config/config.ts'
import { type Clock, deadline, type Random } from '../lib/clock.ts'
import { errorCode } from '../lib/errors.ts'
import { type Log, silentLog } from '../lib/log.ts'
import type { ProbeResult } from '../model.ts'
import type { Again, Observation, Probe } from '../ports.ts'
import { ownerOf } from './evaluate/answer.ts'
import { type NetworkCode, networkMeaning } from './evaluate/network.ts'
import { ProbeError } from './failure.ts'
import { type Retried, withRetries } from './retry.ts'

/** How each kind of endpoint is asked. */
export type Probes = Readonly<Record<Endpoint['kind'], Probe>>

/** What `runProbe` needs. What the probe itself does wrong goes to the log. */
export type ProberDeps = {
  probes: Probes
  clock: Clock
  random: Random
  probeId: () => string
  log?: Log
}

/** How long a probe may take to end after it was told to, ms. One that does not is left behind. */
const GRACE = 1_000

/** Runs the probe of the endpoint's kind under its deadline, retries included. Never throws: a failure is a result. */
export async function runProbe(
  deps: ProberDeps,
  endpoint: Endpoint,
  how: { signal: AbortSignal; fresh: boolean; again?: Again },
): Promise<ProbeResult> {
  const { clock, probeId, log = silentLog } = deps
  const started = clock.monotonic()
  const probe = probeId()
  const asked = observe(deps, endpoint, { ...how, probe })
  const { attempts, observation } = await asked.catch((error: unknown) => {
    const code = how.signal.aborted ? 'probe.stopped' : causeOf(error)
    if (code === 'probe.internal') logFault(log, endpoint, error)
    const latencyMs = clock.monotonic() - started
    return { attempts: 1, observation: withoutAnswer(endpoint, { code, latencyMs }) }
  })
  return {
    ...observation,
    endpoint: endpoint.id,
    probe,
    at: clock.now(),
    attempts,
    via: endpoint.via,
  }
}

async function observe(
  { clock, random, probes }: ProberDeps,
  endpoint: Endpoint,
  how: { signal: AbortSignal; fresh: boolean; again?: Again; probe: string },
): Promise<Retried> {
  const { signal, fresh, again = () => 0, probe: id } = how
  signal.throwIfAborted()
  using limit = deadline(clock, endpoint.timeouts.total, signal)
  using overdue = abortPlusGrace(clock, limit.signal)
  const probe = probes[endpoint.kind]
  const outside = { clock, random, signal: limit.signal, again }
  const retried = await Promise.race([
    withRetries(endpoint, outside, (attempt) =>
      probe(endpoint, {
        signal: limit.signal,
        fresh: fresh || attempt > 1,
        trail: { probe: id, attempt },
      }),
    ),
    overdue.never,
  ])
  if (retried.observation.failure !== null) signal.throwIfAborted() // what was cut short by us says nothing
  return retried
}

/** A promise that only ever rejects: some time after the signal was aborted. */
function abortPlusGrace(clock: Clock, signal: AbortSignal): Disposable & { never: Promise<never> } {
  const { promise: never, reject } = Promise.withResolvers<never>()
  let cancel = () => {}
  const aborted = () => {
    cancel = clock.after(GRACE, () => reject(new ProbeError('probe.internal')))
  }
  signal.addEventListener('abort', aborted, { once: true })
  return {
    never,
    [Symbol.dispose]() {
      signal.removeEventListener('abort', aborted)
      cancel()
    },
  }
}

function causeOf(error: unknown): NetworkCode {
  return error instanceof ProbeError ? error.code : 'probe.internal'
}

/** Says where, never what: the message of an unforeseen error may quote what the far side said. */
function logFault(log: Log, { id }: Endpoint, error: unknown): void {
  const fault = error instanceof ProbeError ? (error.cause ?? error) : error
  log.error(
    { endpoint: id, code: errorCode(fault), problem: placeOf(fault) },
    'probe failed inside',
  )
}

/** The frames of an error's stack, without the message they follow; nothing where it is not the one they follow. */
function placeOf(error: unknown): string {
  if (!(error instanceof Error) || !error.stack?.includes(error.message)) return ''
  const lines = error.stack.split('\n').slice(error.message.split('\n').length)
  const frames = lines.map((line) => line.trim()).filter((line) => line.startsWith('at '))
  return frames.join(' ')
}

function withoutAnswer(
  endpoint: Endpoint,
  { code, latencyMs }: { code: NetworkCode; latencyMs: number },
): Observation {
  const { kind, message, verdict, attribution } = networkMeaning(code)
  return {
    latencyMs,
    statusCode: null,
    connectionReused: false,
    tls: null,
    phases: { dnsMs: null, connectMs: null, tlsMs: null, firstByteMs: null, transferMs: null },
    bytes: 0,
    truncated: false,
    evidence: null,
    verdict,
    attribution: ownerOf(attribution, endpoint),
    codes: [code],
    failure: { kind, message },
    progress: 'unsent',
  }
}
