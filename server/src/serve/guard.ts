/**
 * Who may talk to a listener through a browser: the Host must be ours, so that no foreign name can be rebound to this
 * address, and the Origin, where there is one, must be our own or allowed.
 */
import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'

/** What a guard knows of its listener. */
export type GuardOptions = {
  /** The address or name listened on. */
  host: string
  /** Whether only this machine can reach the listener. */
  loopback: boolean
  /** Further names by which clients may call it; one with a port is meant with that port only. */
  allowedHosts: readonly string[]
  /** Web origins, other than its own, whose pages may read from it. */
  allowedOrigins: readonly string[]
}

/** Why a request is turned away. */
export type Refusal = { status: number; message: string }

/** Judges a request by its Host and Origin; undefined lets it pass. */
export type Guard = (request: IncomingMessage) => Refusal | undefined

const WILDCARDS = new Set(['0.0.0.0', '[::]'])
const LOOPBACK_NAMES = new Set(['localhost', '127.0.0.1', '[::1]'])
const AUTHORITY = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::(\d{1,5}))?$/

/** Makes the guard of one listener. */
export function makeGuard(options: GuardOptions): Guard {
  const isOurs = hostTest(options)
  const origins = new Set(options.allowedOrigins.map(originOf))
  return (request) => {
    const hosts = hostHeaders(request)
    if (hosts > 1) return { status: 400, message: 'expected one Host header, got several' }
    if (hosts === 0 && request.httpVersion === '1.1')
      return { status: 400, message: 'expected a Host header' }
    const authority = parseAuthority(authorityOf(request))
    if (authority === undefined || !isOurs(authority, request))
      return {
        status: 421,
        message:
          'the Host is not one of this monitor; its name can be added to server.allowed_hosts',
      }
    const { origin } = request.headers
    if (origin === undefined || isSameOrigin(origin, authority) || origins.has(origin)) return
    return {
      status: 403,
      message: 'the Origin is not allowed; it can be added to server.allowed_origins',
    }
  }
}

/** True for names and addresses that only this machine can reach. */
export function isLoopback(host: string): boolean {
  const name = hostname(host)
  return LOOPBACK_NAMES.has(name) || /^127(?:\.\d{1,3}){3}$/.test(name)
}

/** True when the request names a loopback address or `localhost` as its Host. */
export function isLoopbackHost(request: IncomingMessage): boolean {
  const authority = parseAuthority(authorityOf(request))
  return authority !== undefined && isLoopback(authority.name)
}

/** A host as URLs write it, in lower case, without port: `[::1]`, `127.0.0.1`, `status.example`. */
type Authority = { name: string; port: string | undefined; text: string }

function hostTest({ host, loopback, allowedHosts }: GuardOptions) {
  const listened = hostname(host)
  const isWildcard = WILDCARDS.has(listened)
  const allowed = allowedHosts.flatMap((entry) => parseAuthority(entry) ?? [])
  return (asked: Authority, request: IncomingMessage): boolean => {
    if (asked.name === listened && !isWildcard) return true
    // No other machine's name server decides what `localhost` means, so it is safe on a wildcard too.
    if ((loopback || isWildcard) && LOOPBACK_NAMES.has(asked.name)) return true
    if (isWildcard && asked.name === hostname(request.socket.localAddress ?? '')) return true
    return allowed.some(
      ({ name, port }) => name === asked.name && (port === undefined || port === asked.port),
    )
  }
}

/** RFC 9112 section 3.2.2: the authority of an absolute request target goes before the Host header. */
function authorityOf({ url = '', headers }: IncomingMessage): string {
  const [, target] = /^https?:\/\/([^/?#]*)/i.exec(url) ?? []
  return target ?? headers.host ?? ''
}

function hostHeaders({ rawHeaders }: IncomingMessage): number {
  let count = 0
  for (let i = 0; i < rawHeaders.length; i += 2)
    if (rawHeaders[i]?.length === 4 && rawHeaders[i]?.toLowerCase() === 'host') count++
  return count
}

/** Thousands of clients name the same few hosts. */
const parsed = new Map<string, Authority | undefined>()
const MAX_PARSED = 100

function parseAuthority(value: string): Authority | undefined {
  if (parsed.has(value)) return parsed.get(value)
  if (parsed.size >= MAX_PARSED) parsed.clear()
  const text = value.toLowerCase()
  const [, name, port] = AUTHORITY.exec(text) ?? []
  const authority = name === undefined ? undefined : { name: hostname(name), port, text }
  parsed.set(value, authority)
  return authority
}

/** One spelling per host: IPv6 in brackets and shortened, no mapped IPv4, no final dot. */
function hostname(host: string): string {
  const bare = host.toLowerCase().replace(/^::ffff:(?=\d+\.)/, '')
  const inUrl = isIP(bare) === 6 ? `[${bare}]` : bare
  const url = `http://${inUrl}/`
  return (URL.canParse(url) ? new URL(url).hostname : inUrl).replace(/\.$/, '')
}

function isSameOrigin(origin: string, { text }: Authority): boolean {
  const [, scheme] = /^(https?):\/\//.exec(origin) ?? []
  return scheme !== undefined && originOf(`${scheme}://${text}`) === origin
}

function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : ''
}
