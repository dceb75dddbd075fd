/** The tokens that probes are asked with: each kept for as long as it lasts, and asked for once at a time. */
import type { Endpoint, OAuth2 } from '../config/config.ts'
import { type Clock, deadline } from '../lib/clock.ts'
import { Exchange, type Line } from './exchange.ts'
import { ProbeError } from './failure.ts'
import { legOf, type Watcher, watched } from './leg.ts'
import { grantIn, MAX_TOKEN_ANSWER, tokenHop } from './token-request.ts'
import { Trace } from './trace.ts'

/** Most tokens that are kept; beyond it the one not used for longest is forgotten. */
const MAX_ENTRIES = 1_000
/** How long a failure keeps us from asking again, ms: twice as long each time, since servers lock clients out. */
const PAUSE = { first: 10_000, most: 5 * 60_000 }
/** When a token is renewed: this share of its life before its end, but not earlier than `most` ms. */
const EARLY = { share: 0.2, most: 60_000 }
/** A token younger than this, ms, is not to blame when an endpoint refuses it. */
const MIN_AGE = 60_000
/** Longest waits for a token server, ms: the same for all who wait for one token. */
const TIMEOUTS = { dns: 2_000, connect: 3_000, tls: 5_000, firstByte: 10_000, total: 15_000 }

/** A token; times are monotonic ms. */
export type Token = { value: string; since: number; renewAt: number; expiresAt: number }

/** An endpoint that is asked with a token. */
export type TokenUser = Pick<Endpoint, 'network'> & {
  oauth2: OAuth2
  /** Told of the request for a token, if it is this user who makes it. */
  onLeg?: Watcher | undefined
}

type Entry = {
  token: Token | undefined
  asking: Promise<Token> | undefined
  failed: { error: unknown; pause: number; until: number } | undefined
}

/** Keeps tokens. Disposing it ends every request for one. */
export class Tokens implements Disposable {
  readonly #clock: Clock
  readonly #line: Line
  readonly #entries = new Map<string, Entry>()
  readonly #closing = new AbortController()

  constructor(deps: { clock: Clock; line: Line }) {
    this.#clock = deps.clock
    this.#line = deps.line
  }

  /** The number of tokens that are kept or asked for. */
  get size(): number {
    return this.#entries.size
  }

  /** The token that is kept; one that ends soon is renewed meanwhile, and nobody waits for that. */
  kept(user: TokenUser): Token | undefined {
    const entry = this.#entryOf(user)
    const now = this.#clock.monotonic()
    if (entry.token === undefined || entry.token.expiresAt <= now) return undefined
    if (entry.token.renewAt <= now && !isPausing(entry, now)) this.#ask(entry, user).catch(() => {}) // which is remembered, and the token still good
    return entry.token
  }

  /** A token from its server, unless that failed just now. @throws {ProbeError} `token.*` */
  async obtain(user: TokenUser, signal: AbortSignal): Promise<Token> {
    const entry = this.#entryOf(user)
    if (isPausing(entry, this.#clock.monotonic())) throw entry.failed?.error
    return untilAborted(this.#ask(entry, user), signal)
  }

  /** Forgets a token that an endpoint refused. False when another would fare no better. */
  discard(user: TokenUser, token: Token): boolean {
    const entry = this.#entryOf(user)
    if (entry.token !== undefined && entry.token !== token) return true
    if (this.#clock.monotonic() - token.since < MIN_AGE) return false
    entry.token = undefined
    return true
  }

  [Symbol.dispose](): void {
    this.#closing.abort(new ProbeError('probe.stopped'))
    this.#entries.clear()
  }

  #entryOf(user: TokenUser): Entry {
    const key = keyOf(user)
    const entry = this.#entries.get(key) ?? {
      token: undefined,
      asking: undefined,
      failed: undefined,
    }
    this.#entries.delete(key)
    this.#entries.set(key, entry)
    const [oldest] = this.#entries.keys()
    if (this.#entries.size > MAX_ENTRIES && oldest !== undefined) this.#entries.delete(oldest)
    return entry
  }

  #ask(entry: Entry, user: TokenUser): Promise<Token> {
    if (entry.asking !== undefined) return entry.asking
    const asking = this.#request(user)
    entry.asking = asking
    asking
      .then(
        (token) => {
          entry.token = token
          entry.failed = undefined
        },
        (error: unknown) => {
          const pause = Math.min((entry.failed?.pause ?? PAUSE.first / 2) * 2, PAUSE.most)
          entry.failed = { error, pause, until: this.#clock.monotonic() + pause }
        },
      )
      .finally(() => {
        entry.asking = undefined
      })
    return asking
  }

  async #request({ network, oauth2, onLeg }: TokenUser): Promise<Token> {
    using limit = deadline(this.#clock, TIMEOUTS.total, this.#closing.signal)
    const { signal } = limit
    const endpoint = { network, timeouts: TIMEOUTS, maxBody: MAX_TOKEN_ANSWER }
    const trace = new Trace(this.#clock)
    const asking = { endpoint, signal, trace, fresh: false, alone: true }
    const since = this.#clock.monotonic()
    try {
      const hop = tokenHop(oauth2)
      const tell = (code: string | undefined) =>
        onLeg?.(legOf(hop, trace, { purpose: 'token', redirects: 0, code }))
      const answer = await watched(new Exchange(this.#line, hop, asking).run(), tell)
      return tokenFrom(grantIn(answer), since)
    } catch (error) {
      throw failureOf(error)
    }
  }
}

function isPausing({ failed }: Entry, now: number): boolean {
  return failed !== undefined && now < failed.until
}

function tokenFrom({ token, life }: { token: string; life: number }, since: number): Token {
  const expiresAt = since + life
  const renewAt = expiresAt - Math.min(life * EARLY.share, EARLY.most)
  return { value: token, since, renewAt, expiresAt }
}

/** All that decides which token it is. It stays in memory, as the secrets themselves do. */
function keyOf({ network, oauth2 }: TokenUser): string {
  const { tokenUrl, clientId, clientSecret, scope, audience, authStyle, tls } = oauth2
  const secrets = [tokenUrl, clientId, clientSecret].map((secret) => secret.reveal())
  return JSON.stringify([network, ...secrets, scope, audience, authStyle, tls?.id])
}

/** What is wrong with us stays that; everything else is the token server's, not the endpoint's. */
function failureOf(error: unknown): unknown {
  if (!(error instanceof ProbeError) || OURS.test(error.code)) return error
  const message = `no token: ${error.message}`
  if (error.code === 'address.refused')
    return new ProbeError(error.code, { message: `${message} (the token server’s)`, cause: error })
  return new ProbeError('token.unreachable', { message, cause: error })
}

const OURS = /^(?:token|probe)\./

/** What `promise` gives; or why the probe ended before. */
function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(endOf(signal))
    if (signal.aborted) stop()
    signal.addEventListener('abort', stop, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
  })
}

function endOf({ reason }: AbortSignal): unknown {
  const isLate = reason instanceof DOMException && reason.name === 'TimeoutError'
  return isLate ? new ProbeError('token.unreachable') : reason
}
