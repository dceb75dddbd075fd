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

/** A place that a client has, until it is given back; giving it back twice is harmless. */
export type Place = {
  /** The handshake is over; the connection goes on. */
  settled(): void
  release(): void
}

/** Why a client is not let in, and when it may try again. */
export type NotAdmitted = { message: string; retryAfterMs: number }

/** When it is full, how long a client waits before it asks again: places come free slowly. */
const FULL_RETRY_MS = 5_000

/** Decides who may connect, before anything is spent on a connection. WebSocket and SSE clients count alike. */
export class Admission {
  readonly #limits: AdmissionLimits
  readonly #random: Random
  readonly #handshakes: TokenBucket
  readonly #byAddress = new Map<string, number>()
  #connections = 0
  #underway = 0

  constructor(limits: AdmissionLimits, { clock, random }: { clock: Clock; random: Random }) {
    const { handshakesPerSecond } = limits
    this.#limits = limits
    this.#random = random
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
    this.#underway++
    this.#byAddress.set(address, (this.#byAddress.get(address) ?? 0) + 1)
    let isUnderway = true
    let isHeld = true
    const settled = () => {
      if (isUnderway) this.#underway--
      isUnderway = false
    }
    const release = () => {
      settled()
      if (isHeld) this.#free(address)
      isHeld = false
    }
    return { settled, release }
  }

  #refusal(address: string): NotAdmitted | undefined {
    const { maxConnections, connectionsPerAddress, handshakesAtOnce } = this.#limits
    const later = FULL_RETRY_MS * (1 + this.#random())
    if (this.#connections >= maxConnections)
      return { message: 'all places are taken', retryAfterMs: later }
    if ((this.#byAddress.get(address) ?? 0) >= connectionsPerAddress)
      return { message: 'too many connections from this address', retryAfterMs: later }
    const soon = this.#handshakes.waitMs + 1_000 * this.#random()
    if (this.#underway >= handshakesAtOnce || !this.#handshakes.isReady)
      return { message: 'too many new connections at this moment', retryAfterMs: soon }
    return undefined
  }

  #free(address: string): void {
    this.#connections--
    const left = (this.#byAddress.get(address) ?? 1) - 1
    if (left > 0) this.#byAddress.set(address, left)
    else this.#byAddress.delete(address)
  }
}
