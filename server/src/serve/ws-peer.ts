import type { Duplex } from 'node:stream'
import type { Clock } from '../ports.ts'
import type { Peer } from './settings.ts'

/** The part of a `ws` WebSocket that a peer uses. */
export type ClosableSocket = {
  readonly readyState: number
  readonly extensions: string
  close(code: number, reason: string): void
  terminate(): void
}

/** What a peer is made from. `askAbove`: with so many bytes unacknowledged, a ping asks what has arrived. */
export type WsPeerOf = { ws: ClosableSocket; socket: Duplex; clock: Clock; askAbove: number }

const OPEN = 1
const NOT_ASKED = -1
/** Pings with one byte of payload, RFC 6455 section 5.5.2: one is on its way at a time, so few marks do. */
const PINGS = Array.from({ length: 256 }, (_, mark) => Buffer.from([0x89, 1, mark]))

/**
 * A WebSocket as the hub sees it. Frames are written straight to its stream: without compression the package keeps
 * no queue of its own, so whole frames never mix with the control frames that it writes there.
 */
export class WsPeer implements Peer {
  readonly #of: WsPeerOf
  readonly #ws: ClosableSocket
  readonly #stream: Duplex
  #written = 0
  #arrived = 0
  /** The ping that has not been answered: its mark, what had been written before it, and when, monotonic ms. */
  #mark = 0
  #askedFor = 0
  #askedAt = NOT_ASKED

  constructor(of: WsPeerOf) {
    if (of.ws.extensions !== '') throw new TypeError('frames cannot be shared under an extension')
    this.#of = of
    this.#ws = of.ws
    this.#stream = of.socket
  }

  /** While false, a `drain` event of the stream is to come. */
  get writable(): boolean {
    return this.#ws.readyState === OPEN && !this.#stream.writableNeedDrain
  }

  /** What has not been acknowledged: the kernel hides megabytes of backlog, a pong tells what has arrived. */
  get unsentBytes(): number {
    return this.#written - this.#arrived
  }

  /** One ping at a time, in the same write: to a fast client it is a few bytes in many thousand, to a slow one none is added. */
  write(framed: Uint8Array): void {
    if (this.#ws.readyState !== OPEN) return
    this.#written += framed.length
    if (this.#askedAt !== NOT_ASKED || this.unsentBytes < this.#of.askAbove) {
      this.#stream.write(framed)
      return
    }
    this.#stream.cork()
    this.#stream.write(framed)
    this.ping()
    this.#stream.uncork()
  }

  ping(): void {
    if (this.#ws.readyState !== OPEN) return
    if (this.#askedAt === NOT_ASKED) {
      this.#mark = (this.#mark + 1) % PINGS.length
      this.#askedFor = this.#written
      this.#askedAt = Math.round(this.#of.clock.monotonic())
    }
    this.#stream.write(PINGS[this.#mark])
  }

  /** Takes the answer to a ping, and says how long it took, ms. One that was not asked for means nothing. */
  ponged(data: Buffer): number | undefined {
    if (this.#askedAt === NOT_ASKED || data.length !== 1 || data[0] !== this.#mark) return undefined
    const took = this.#of.clock.monotonic() - this.#askedAt
    this.#arrived = this.#askedFor
    this.#askedAt = NOT_ASKED
    if (this.unsentBytes >= this.#of.askAbove) this.ping()
    return Math.max(0, took)
  }

  close(code: number, reason: string): void {
    this.#ws.close(code, reason)
  }

  terminate(): void {
    this.#ws.terminate()
  }
}
