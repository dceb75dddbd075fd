import { ProbeError } from './failure.ts'
import { type Hop, isSafe, isWebAddress, withoutCredentials } from './hop.ts'

/** Most redirects that are followed. */
export const MAX_REDIRECTS = 5

/** Statuses whose `Location` is followed. Source: RFC 9110 section 15.4. */
const REDIRECTS = new Set([301, 302, 303, 307, 308])

/** The part of an answer that says where to go. */
export type Direction = { status: number; location: string | undefined }

/**
 * The request that `answer` sends us to, or undefined when it is the last one. Credentials and transport security stay at
 * their origin for good; a body, or a method that changes something, never leaves it.
 * @throws {ProbeError} `redirect.*`
 */
export function nextHop(hop: Hop, { status, location }: Direction): Hop | undefined {
  if (!REDIRECTS.has(status) || location === undefined) return undefined
  const url = destination(hop, location)
  const next = { ...rewritten(hop, status), url }
  if (url.origin === hop.url.origin) return next
  if (!isSafe(next) || next.body !== undefined) throw new ProbeError('redirect.cross_origin')
  return { ...next, headers: withoutCredentials(next.headers), tls: undefined, http2: false }
}

function destination(hop: Hop, location: string): URL {
  const url = URL.parse(location, hop.url.href)
  if (url === null || !isWebAddress(url)) throw new ProbeError('redirect.invalid')
  if (hop.url.protocol === 'https:' && url.protocol === 'http:')
    throw new ProbeError('redirect.downgrade')
  return url
}

/** What the status makes of method and body. Source: RFC 9110 sections 15.4.2 to 15.4.4. */
function rewritten(hop: Hop, status: number): Hop {
  const becomesGet = status === 303 ? hop.method !== 'HEAD' : status < 303 && hop.method === 'POST'
  if (!becomesGet) return hop
  const headers = hop.headers.filter(([name]) => !name.toLowerCase().startsWith('content-'))
  return { ...hop, method: 'GET', headers, body: undefined }
}
