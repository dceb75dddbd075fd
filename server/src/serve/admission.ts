import { TokenBucket } from '../lib/token-bucket.ts'
import type { Clock, Random } from '../ports.ts'
import { addressKey } from './address.ts'

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

  constructor(admission: Admission, address: string) {
    this.#admission = admission
    this.address = address
  }

  release(): void {
    this.#admission?.free(this)
    this.#admission = undefined
  }
}

/** Decides who may connect, before anything is spent on a connection. WebSocket and SSE clients count alike. */
export class Admission {
  readonly #limits: AdmissionLimits
  readonly #random: Random
  readonly #clock: Clock
  readonly #handshakes: TokenBucket
  readonly #byAddress = new Map<string, number>()
  #connections = 0
  /** Let in during this turn of the event loop: a herd is let in by herds, so that others get their turn. */
  #inThisTurn = 0

  constructor(limits: AdmissionLimits, { clock, random }: { clock: Clock; random: Random }) {
    const { handshakesPerSecond } = limits
    this.#limits = limits
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
    const refusal = this.#refusal(address)
    if (refusal) return refusal
    this.#handshakes.take()
    this.#connections++
    this.#byAddress.set(address, (this.#byAddress.get(address) ?? 0) + 1)
    this.#countTurn()
    return new Place(this, address)
  }

  /** Takes a place back. */
  free({ address }: Place): void {
    this.#connections--
    const left = (this.#byAddress.get(address) ?? 1) - 1
    if (left > 0) this.#byAddress.set(address, left)
    else this.#byAddress.delete(address)
  }

  #refusal(address: string): NotAdmitted | undefined {
    const { maxConnections, connectionsPerAddress, handshakesAtOnce } = this.#limits
    const later = FULL_RETRY_MS * (1 + this.#random())
    if (this.#connections >= maxConnections)
      return { message: 'all places are taken', retryAfterMs: later }
    if ((this.#byAddress.get(address) ?? 0) >= connectionsPerAddress)
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
