import { TokenBucket } from '../lib/token-bucket.ts'
import type { Clock, Random } from '../ports.ts'
import { addressKey } from './address.ts'
import { type HeadCount, OwnHeadCount } from './head-count.ts'

/** How many clients are let in; see `limits` in the configuration. */
export type AdmissionLimits = {
  maxConnections: number
  connectionsPerAddress: number
  handshakesPerSecond: number
  handshakesAtOnce: number
}

/** Why a client is not let in, and when it may try again. */
export type NotAdmitted = { message: string; retryAfterMs: number }

/** When it is full, how long a client waits before it asks again: places come free slowly. */
const FULL_RETRY_MS = 5_000

/** A place that a client has, until it is given back; giving it back twice is harmless. */
export class Place {
  #admission: Admission | undefined
  readonly address: string

  /** Without an admission it is a place that nobody counts. */
  constructor(admission: Admission | undefined, address: string) {
    this.#admission = admission
    this.address = address
  }

  release(): void {
    this.#admission?.free(this)
    this.#admission = undefined
  }
}

/** What admission works with; `clients` are those of other threads too, where there are any. */
type AdmissionDeps = { clock: Clock; random: Random; clients?: HeadCount | undefined }

/** Decides who may connect, before anything is spent on a connection. WebSocket and SSE clients count alike. */
export class Admission {
  readonly #limits: AdmissionLimits
  readonly #random: Random
  readonly #clock: Clock
  readonly #handshakes: TokenBucket
  readonly #clients: HeadCount
  /** Let in during this turn of the event loop: a herd is let in by herds, so that others get their turn. */
  #inThisTurn = 0

  constructor(limits: AdmissionLimits, { clock, random, clients }: AdmissionDeps) {
    const { handshakesPerSecond } = limits
    this.#limits = limits
    this.#clients = clients ?? new OwnHeadCount()
    this.#random = random
    this.#clock = clock
    this.#handshakes = new TokenBucket(clock, {
      capacity: handshakesPerSecond,
      perSecond: handshakesPerSecond,
    })
  }

  /** Gives a place to a client at `remote`, or says why not. */
  admit(remote: string): Place | NotAdmitted {
    const address = addressKey(remote)
    this.#clients.add(address) // before it is judged: two threads must not both give away the last place
    const refusal = this.#refusal(address)
    if (refusal) {
      this.#clients.remove(address)
      return refusal
    }
    this.#handshakes.take()
    this.#countTurn()
    return new Place(this, address)
  }

  /** Takes a place back. */
  free({ address }: Place): void {
    this.#clients.remove(address)
  }

  /** Why a client that is counted already may not stay. */
  #refusal(address: string): NotAdmitted | undefined {
    const { maxConnections, connectionsPerAddress, handshakesAtOnce } = this.#limits
    const later = FULL_RETRY_MS * (1 + this.#random())
    if (this.#clients.total > maxConnections)
      return { message: 'all places are taken', retryAfterMs: later }
    if (this.#clients.from(address) > connectionsPerAddress)
      return { message: 'too many connections from this address', retryAfterMs: later }
    if (this.#inThisTurn < handshakesAtOnce && this.#handshakes.isReady) return undefined
    const soon = this.#handshakes.waitMs + 1_000 * this.#random()
    return { message: 'too many new connections at this moment', retryAfterMs: soon }
  }

  #countTurn(): void {
    if (this.#inThisTurn++ > 0) return
    this.#clock.after(0, () => {
      this.#inThisTurn = 0
    })
  }
}
