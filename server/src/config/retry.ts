/** How often one probe asks: the endpoint's own settings, else `defaults`, else ours. */
import type { Endpoint, Retry } from './config.ts'
import type { Network } from './payer-schema.ts'
import type { Retry as RetryInFile } from './retry-schema.ts'

/** What an endpoint or `defaults` says of retries. */
type Said = { retry?: RetryInFile | undefined }

/** Shortest wait before a public host is asked again, ms. */
export const MIN_PUBLIC_DELAY = 1_000

/** How often a probe asks at most. */
export function attemptsOf(own: Said, defaults: Said): number {
  return own.retry?.attempts ?? defaults.retry?.attempts ?? 1
}

/** The endpoint's retries; nothing where it has none. */
export function retryOf(own: Said, defaults: Said): Pick<Endpoint, 'retry'> {
  const retry = completed(own, defaults)
  return retry.attempts === 1 ? {} : { retry }
}

/** What is wrong with them. */
export function retryComplaints(
  own: Said,
  defaults: Said,
  network: Network,
): { key: 'retry'; isOwn: boolean; expected: string }[] {
  const { attempts, delay, maxDelay } = completed(own, defaults)
  const isOwn = own.retry !== undefined
  if (attempts === 1) return []
  if (network === 'public' && delay < MIN_PUBLIC_DELAY)
    return [{ key: 'retry', isOwn, expected: 'a delay of at least 1s on a public network' }]
  return maxDelay < delay
    ? [{ key: 'retry', isOwn, expected: 'a max_delay no shorter than delay' }]
    : []
}

function completed(own: Said, defaults: Said): Retry {
  const said = { ...defaults.retry }
  for (const [key, value] of Object.entries(own.retry ?? {}))
    if (value !== undefined) Object.assign(said, { [key]: value })
  return {
    attempts: said.attempts ?? 1,
    delay: said.delay ?? 2_000,
    maxDelay: said.max_delay ?? Math.max(10_000, said.delay ?? 0),
    degradeAfterRetry: said.degrade_after_retry ?? false,
    anyMethod: said.any_method ?? false,
  }
}
