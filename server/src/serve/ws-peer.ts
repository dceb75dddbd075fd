import type { Duplex } from 'node:stream'
import type { Peer } from './settings.ts'

/** The part of a `ws` WebSocket that a peer uses. */
export type PingableSocket = {
  readonly readyState: number
  readonly extensions: string
  ping(data: string): void
  close(code: number, reason: string): void
  terminate(): void
}

const OPEN = 1

/**
 * A WebSocket as the hub sees it. Frames are written straight to its stream: without compression the package keeps
 * no queue of its own, so whole frames never mix with the control frames that it writes there.
 */
export class WsPeer implements Peer {
  readonly #ws: PingableSocket
  readonly #stream: Duplex
  readonly #askAbove: number
  #written = 0
  #arrived = 0
  #asked: { name: string; written: number } | undefined
  #nextName = 1

  /** `askAbove`: with so many bytes written since the last answer, a ping asks what has arrived. */
  constructor({ ws, socket, askAbove }: { ws: PingableSocket; socket: Duplex; askAbove: number }) {
    if (ws.extensions !== '') throw new TypeError('frames cannot be shared under an extension')
    this.#ws = ws
    this.#stream = socket
    this.#askAbove = askAbove
  }

  /** While false, a `drain` event of the stream is to come. */
  get writable(): boolean {
    return this.#ws.readyState === OPEN && !this.#stream.writableNeedDrain
  }

  /** What has not been acknowledged: the kernel hides megabytes of backlog, a pong tells what has arrived. */
  get unsentBytes(): number {
    return this.#written - this.#arrived
  }

  write(framed: Uint8Array): void {
    if (this.#ws.readyState !== OPEN) return
    this.#stream.write(framed)
    this.#written += framed.length
    this.#ask()
  }

  ping(): void {
    if (this.#ws.readyState !== OPEN) return
    this.#asked ??= { name: String(this.#nextName++), written: this.#written }
    this.#ws.ping(this.#asked.name)
  }

  /** Takes the answer to a ping. One that was not asked for means nothing. */
  ponged(data: Buffer): void {
    if (this.#asked === undefined || data.toString('latin1') !== this.#asked.name) return
    this.#arrived = this.#asked.written
    this.#asked = undefined
    this.#ask()
  }

  close(code: number, reason: string): void {
    this.#ws.close(code, reason)
  }

  terminate(): void {
    this.#ws.terminate()
  }

  /** One ping at a time: to a fast client they are a few bytes in many thousand, to a slow one none is added. */
  #ask(): void {
    if (!this.#asked && this.#written - this.#arrived >= this.#askAbove) this.ping()
  }
}
