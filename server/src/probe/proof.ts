import type { Phases } from '@payer-status/protocol'
import type { Endpoint } from '../config/config.ts'
import type { Clock } from '../lib/clock.ts'
import type { Answer } from './exchange.ts'
import { carriesCredentials, type Hop } from './hop.ts'
import type { Watcher } from './leg.ts'
import type { Token, Tokens, TokenUser } from './tokens.ts'

/** Where a probe ended, and with what answer. */
export type Arrival = { hop: Hop; answer: Answer }

type ProofDeps = {
  tokens: Tokens
  clock: Clock
  endpoint: Endpoint
  signal: AbortSignal
  onLeg: Watcher | undefined
}

/** The token that one probe is asked with, where its endpoint wants one. */
export class Proof {
  readonly #deps: ProofDeps
  readonly #user: TokenUser | undefined
  /** The token taken, if it was there before this probe. */
  #kept: Token | undefined
  #waitedMs: number | undefined

  constructor(deps: ProofDeps) {
    const { network, oauth2 } = deps.endpoint
    this.#deps = deps
    this.#user = oauth2 && { network, oauth2, onLeg: deps.onLeg }
  }

  /** How long the probe waited for its token; nothing where none was asked for. */
  get phase(): Pick<Phases, 'tokenMs'> {
    return this.#waitedMs === undefined ? {} : { tokenMs: this.#waitedMs }
  }

  /** `hop` with the token. @throws {ProbeError} `token.*` */
  async added(hop: Hop): Promise<Hop> {
    if (this.#user === undefined) return hop
    this.#kept = this.#deps.tokens.kept(this.#user)
    const { value } = this.#kept ?? (await this.#obtained(this.#user))
    return { ...hop, headers: [...hop.headers, ['Authorization', `Bearer ${value}`]] }
  }

  /** Whether the kept token was refused where it is due, and another may be taken. It is forgotten then. */
  isStale({ hop, answer }: Arrival): boolean {
    if (this.#user === undefined || this.#kept === undefined) return false
    if (answer.status !== 401 || !carriesCredentials(hop)) return false
    const { status: expected = [] } = this.#deps.endpoint.expect
    if (expected.some(([from, to]) => from <= 401 && to >= 401)) return false
    return this.#deps.tokens.discard(this.#user, this.#kept)
  }

  async #obtained(user: TokenUser): Promise<Token> {
    const { tokens, clock, signal } = this.#deps
    const since = clock.monotonic()
    try {
      return await tokens.obtain(user, signal)
    } finally {
      this.#waitedMs = (this.#waitedMs ?? 0) + clock.monotonic() - since
    }
  }
}
