import type { Duplex } from 'node:stream'
import { type Asking, pingOf, type Question } from './asking.ts'
import type { Peer } from './settings.ts'
import { descriptorOf, writeStraight } from './straight-write.ts'

/** The part of a `ws` WebSocket that a peer uses. */
export type ClosableSocket = {
  readonly readyState: number
  readonly extensions: string
  close(code: number, reason: string): void
  terminate(): void
}

/** What a peer is made from. */
export type WsPeerOf = { ws: ClosableSocket; socket: Duplex; asking: Asking }

const OPEN = 1
const NOT_ASKED = -1

/**
 * A WebSocket as the hub sees it. Frames go past the package: without compression it keeps no queue of its own, so whole
 * frames never mix with the control frames that it writes.
 */
export class WsPeer implements Peer {
  readonly #ws: ClosableSocket
  readonly #stream: Duplex
  readonly #fd: number
  readonly #asking: Asking
  #written = 0
  #arrived = 0
  /** The ping that has not been answered: its mark, what had been written before it, and when, monotonic ms. */
  #mark = 0
  #askedFor = 0
  #askedAt = NOT_ASKED

  constructor({ ws, socket, asking }: WsPeerOf) {
    if (ws.extensions !== '') throw new TypeError('frames cannot be shared under an extension')
    this.#ws = ws
    this.#stream = socket
    this.#fd = descriptorOf(socket)
    this.#asking = asking
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
    const asks = this.#askedAt === NOT_ASKED && this.unsentBytes >= this.#asking.above
    this.#send(asks ? this.#asked(this.#asking.behind(framed)) : framed)
  }

  ping(): void {
    if (this.#ws.readyState !== OPEN) return
    const isAsked = this.#askedAt !== NOT_ASKED
    this.#send(isAsked ? pingOf(this.#mark) : this.#asked(this.#asking.alone()))
  }

  /** Takes the answer to a ping, and says how long it took, ms. One that was not asked for means nothing. */
  ponged(data: Buffer): number | undefined {
    if (this.#askedAt === NOT_ASKED || data.length !== 1 || data[0] !== this.#mark) return undefined
    const took = this.#asking.clock.monotonic() - this.#askedAt
    this.#arrived = this.#askedFor
    this.#askedAt = NOT_ASKED
    if (this.unsentBytes >= this.#asking.above) this.ping()
    return Math.max(0, took)
  }

  close(code: number, reason: string): void {
    this.#ws.close(code, reason)
  }

  terminate(): void {
    this.#ws.terminate()
  }

  /** Notes a question, and gives what asks it. */
  #asked({ mark, bytes }: Question): Uint8Array {
    this.#mark = mark
    this.#askedFor = this.#written
    this.#askedAt = Math.round(this.#asking.clock.monotonic())
    return bytes
  }

  #send(bytes: Uint8Array): void {
    writeStraight(this.#stream, this.#fd, bytes)
  }
}
