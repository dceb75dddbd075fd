/** What may be told of the single requests of a probe: where they went, what they took, what came back, nothing of what was said. */
import type { Phases } from '@payer-status/protocol'
import { errorCode } from '../lib/errors.ts'
import type { Hop } from './hop.ts'
import type { Trace } from './trace.ts'

/** One request that has ended. */
export type Leg = {
  /** Whether it asked for a token, of a token server, or for what the endpoint is configured to ask. */
  purpose: 'token' | 'probe'
  /** How many redirects led to it. */
  redirects: number
  method: string
  /** Without user, query and fragment. */
  url: string
  /** Host and port. */
  host: string
  phases: Phases
  elapsedMs: number
  status: number | null
  /** Why no whole answer came. */
  code: string | undefined
  /** Of the answer, such as `1.1`. */
  httpVersion: string | undefined
  reused: boolean
  /** Of the bodies. */
  sentBytes: number
  receivedBytes: number
}

/** Told of each request when it has ended. */
export type Watcher = (leg: Leg) => void

/** What may be told of a request. */
export function legOf(
  hop: Hop,
  trace: Trace,
  said: Pick<Leg, 'purpose' | 'redirects' | 'code'>,
): Leg {
  const { phases, elapsedMs, status, reused, httpVersion, bytes } = trace
  return {
    ...said,
    method: hop.method,
    url: hop.url.origin + hop.url.pathname,
    host: hop.url.host,
    phases,
    elapsedMs,
    status,
    httpVersion,
    reused,
    sentBytes: Buffer.byteLength(hop.body ?? ''),
    receivedBytes: bytes,
  }
}

/** What `exchange` gives, after `ended` was told why it failed, if it did. */
export async function watched<T>(
  exchange: Promise<T>,
  ended: (code: string | undefined) => void,
): Promise<T> {
  try {
    const answer = await exchange
    ended(undefined)
    return answer
  } catch (error) {
    ended(errorCode(error))
    throw error
  }
}
