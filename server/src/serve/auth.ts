/**
 * API keys for whatever changes something. Reading needs none.
 * A request that shows no key passes only when the listener is bound to loopback, and the request came from this machine,
 * to a loopback name, not through a proxy. In every other case it needs a key with the scope.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Config } from '../config/config.ts'
import type { Clock, Log } from '../ports.ts'
import { addressKey } from './address.ts'
import { isLoopback, isLoopbackHost } from './guard.ts'
import { ProblemError } from './problem.ts'

/** A key as it is configured: its hash, and what it is for. */
export type ApiKey = Config['auth']['apiKeys'][number]
/** What a key may be for. */
export type Scope = ApiKey['scopes'][number]

type AuthDeps = {
  /** The keys in force, read at every request, so that a reload revokes what it takes out. */
  keys: () => readonly ApiKey[]
  /** Whether only this machine can reach the listener. */
  loopback: boolean
  clock: Clock
  log: Log
}

/** After so many refused keys within `FAILURE_WINDOW_MS`, an address may not try others; a known key passes all the same. */
const MAX_FAILURES = 10
const FAILURE_WINDOW_MS = 60_000
/** Addresses remembered at once; the oldest is forgotten first. */
const MAX_ADDRESSES = 10_000
/** RFC 6750 section 2.1. */
const BEARER = /^Bearer +([A-Za-z0-9._~+/-]+=*) *$/i
/** Who asks without a key. */
const LOCAL = 'local'
const PROXY_HEADERS = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via']

/** The keys of one listener, and who failed to show one. */
export class ApiKeys {
  readonly #deps: AuthDeps
  readonly #failures = new Map<string, { count: number; until: number }>()

  constructor(deps: AuthDeps) {
    this.#deps = deps
  }

  /** Lets the request pass, and says who it is: the key's name, or `local` without one. @throws {ProblemError} 401 without a valid key, 403 without the scope, 429 after too many failures */
  demand(request: IncomingMessage, scope: Scope): string {
    const { authorization } = request.headers
    const showsKey = authorization !== undefined && this.#deps.keys().length > 0
    if (!showsKey && this.#deps.loopback && isLocal(request)) return LOCAL
    const address = addressKey(request.socket.remoteAddress ?? '')
    const key = authorization === undefined ? undefined : this.#keyOf(authorization)
    if (key === undefined) {
      this.#refuseWhileLimited(address)
      throw authorization === undefined ? this.#missing(scope) : this.#failed(address)
    }
    if (!key.scopes.includes(scope))
      throw new ProblemError('forbidden', `this API key lacks the scope "${scope}"`, {
        headers: { 'www-authenticate': `Bearer error="insufficient_scope", scope="${scope}"` },
      })
    return key.name
  }

  /** Compares with every key, so that the time tells nothing of which one was close. */
  #keyOf(authorization: string): ApiKey | undefined {
    const [, token] = BEARER.exec(authorization) ?? []
    const hash = createHash('sha256')
      .update(token ?? '')
      .digest()
    let found: ApiKey | undefined
    for (const key of this.#deps.keys())
      if (timingSafeEqual(Buffer.from(key.hash, 'hex'), hash)) found = key
    return token === undefined ? undefined : found
  }

  #missing(scope: Scope): ProblemError {
    const detail =
      this.#deps.keys().length === 0
        ? 'this needs an API key, and none is configured; add one under auth.api_keys'
        : `this needs an API key with the scope "${scope}" as "Authorization: Bearer <key>"`
    return new ProblemError('unauthenticated', detail, {
      headers: { 'www-authenticate': 'Bearer' },
    })
  }

  #failed(address: string): ProblemError {
    const now = this.#deps.clock.monotonic()
    const before = this.#failures.get(address)
    const isFresh = before !== undefined && before.until > now
    const count = isFresh ? before.count + 1 : 1
    this.#failures.delete(address)
    this.#failures.set(address, { count, until: isFresh ? before.until : now + FAILURE_WINDOW_MS })
    const [oldest] = this.#failures.keys()
    if (this.#failures.size > MAX_ADDRESSES && oldest !== undefined) this.#failures.delete(oldest)
    this.#deps.log.warn({ remote: address, code: 'unauthenticated' }, 'API key refused')
    return new ProblemError('unauthenticated', 'this API key is not known', {
      headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
    })
  }

  #refuseWhileLimited(address: string): void {
    const failures = this.#failures.get(address)
    const left = (failures?.until ?? 0) - this.#deps.clock.monotonic()
    if (failures === undefined || failures.count < MAX_FAILURES || left <= 0) return
    throw new ProblemError('rate_limited', 'too many unknown API keys from this address', {
      retryAfterMs: left,
    })
  }
}

/** True when the request was made on this machine and not handed on by a proxy. */
function isLocal(request: IncomingMessage): boolean {
  const remote = request.socket.remoteAddress ?? ''
  return (
    isLoopback(remote) &&
    isLoopbackHost(request) &&
    PROXY_HEADERS.every((name) => request.headers[name] === undefined)
  )
}
