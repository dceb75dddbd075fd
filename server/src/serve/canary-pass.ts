/** How our own canary is known when it comes in by the public door: by a secret that never leaves the process. */
import { timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/** The header of its handshake that carries the secret. */
export const PASS_HEADER = 'x-payer-status-canary'
/** The header of the answer that says which gateway thread it has come to; for the canary alone. */
export const THREAD_HEADER = 'x-payer-status-thread'
/** What stands for the address of the canary, which is nobody's. */
export const CANARY = 'canary'

/** The secret, and which gateway thread looks at it. */
export type CanaryPass = { secret: string; thread: number }

/** Whether a handshake is our own canary's. Takes as long for a wrong secret as for the right one. */
export function isCanary({ headers }: IncomingMessage, pass: CanaryPass | undefined): boolean {
  const said = headers[PASS_HEADER]
  if (pass === undefined || pass.secret === '' || typeof said !== 'string') return false
  const [ours, theirs] = [Buffer.from(pass.secret), Buffer.from(said)]
  return ours.length === theirs.length && timingSafeEqual(ours, theirs)
}
