/**
 * One request as it is sent: the configured one, or what a redirect made of it.
 */
import type { OutgoingHttpHeaders } from 'node:http'
import { isIP } from 'node:net'
import { isCredentialHeader, isHarmlessHeader } from '../config/address.ts'
import type { Endpoint, Tls } from '../config/config.ts'
import { ProbeError } from './failure.ts'

/** A request to one address. */
export type Hop = {
  url: URL
  method: string
  headers: readonly (readonly [name: string, value: string])[]
  body: string | undefined
  /** The transport security of the endpoint's own origin. */
  tls?: Tls | undefined
  /** Whether the endpoint's own origin is asked by HTTP/2. */
  http2?: boolean
}

/** Headers that frame the message or speak of the connection: HTTP itself sets them, whatever the configuration says. */
const NOT_CONFIGURABLE = new Set([
  'accept-encoding',
  'connection',
  'content-length',
  'expect',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/** The request as configured. @throws {ProbeError} `probe.misconfigured` */
export function firstHop(endpoint: Endpoint): Hop {
  const { url: address, method, headers, body, tls, http2 = false } = endpoint
  const url = addressOf(address.reveal())
  const configured = headers
    .filter(([name]) => !NOT_CONFIGURABLE.has(name.toLowerCase()))
    .map(([name, value]) => [name, value.reveal()] as const)
  const withUser = hasHeader(configured, 'authorization') ? [] : basicCredentials(url)
  return { url, method, headers: [...configured, ...withUser], body: body?.reveal(), tls, http2 }
}

function addressOf(text: string): URL {
  const url = URL.parse(text)
  if (url !== null && isWebAddress(url)) return url
  throw new ProbeError('probe.misconfigured', {
    message: 'the address is not an absolute http or https address',
  })
}

/** Whether a probe can go there at all. */
export function isWebAddress(url: URL): boolean {
  return (url.protocol === 'http:' || url.protocol === 'https:') && url.hostname !== ''
}

/** The user and password of an address, as RFC 7617 sends them. */
function basicCredentials({ username, password }: URL): readonly (readonly [string, string])[] {
  if (username === '' && password === '') return []
  const pair = `${decoded(username)}:${decoded(password)}`
  return [['Authorization', `Basic ${Buffer.from(pair).toString('base64')}`]]
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part // a stray percent sign means itself
  }
}

function hasHeader(headers: Hop['headers'], wanted: string): boolean {
  return headers.some(([name]) => name.toLowerCase() === wanted)
}

/** Only the headers that may travel to another origin. */
export function withoutCredentials(headers: Hop['headers']): Hop['headers'] {
  return headers.filter(([name]) => isHarmlessHeader(name))
}

/** Whether the request carries anything that may be a credential. */
export function carriesCredentials({ headers }: Hop): boolean {
  return headers.some(([name]) => isCredentialHeader(name))
}

/** Whether asking twice is the same as asking once, and changes nothing. Source: RFC 9110 section 9.2.1. */
export function isSafe({ method }: Pick<Hop, 'method'>): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS'
}

/** The host as sockets want it: without the brackets of IPv6. */
export function socketHost({ hostname }: URL): string {
  return hostname.replace(/^\[(.*)\]$/, '$1')
}

/** The name that the certificate must carry; none where the host is an address. Source: RFC 6066 section 3. */
export function serverName(url: URL): string {
  const host = socketHost(url)
  return isIP(host) === 0 ? host.replace(/\.$/, '') : ''
}

/** Whose certificate is taken, as Node's TLS wants it. */
export function verification(
  url: URL,
  tls: Tls | undefined,
): { servername: string; rejectUnauthorized?: false } {
  const servername = tls?.serverName ?? serverName(url)
  return tls?.skipVerify ? { servername, rejectUnauthorized: false } : { servername }
}

/** Every header that is sent. What is configured wins over what identifies us. */
export function headersOf(hop: Hop, userAgent: string): OutgoingHttpHeaders {
  const sent = new Map<string, string>([
    ['host', hop.url.host],
    ['user-agent', userAgent],
    ['accept', '*/*'],
    ['accept-encoding', 'identity'],
  ])
  for (const [name, value] of hop.headers) sent.set(name.toLowerCase(), value)
  if (hop.body !== undefined) sent.set('content-length', String(Buffer.byteLength(hop.body)))
  return Object.fromEntries(sent)
}
