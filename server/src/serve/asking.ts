import type { Clock } from '../ports.ts'

/** Pings with one byte of payload, RFC 6455 section 5.5.2: each client has one on its way at a time, so few marks do. */
const PINGS = Array.from({ length: 256 }, (_, mark) => Buffer.from([0x89, 1, mark]))

/** A mark that a pong brings back, and the bytes that ask for it. */
export type Question = { readonly mark: number; readonly bytes: Uint8Array }

/** How peers ask what has arrived; shared by all, as are frames with a ping behind them. */
export class Asking {
  readonly clock: Clock
  /** With so many bytes unacknowledged, a client is asked what has arrived. */
  readonly above: number
  #mark = 0
  #frame: Uint8Array | undefined
  #behindFrame: Question | undefined

  constructor({ clock, above }: { clock: Clock; above: number }) {
    this.clock = clock
    this.above = above
  }

  /** A ping. */
  alone(): Question {
    this.#mark = (this.#mark + 1) % PINGS.length
    return { mark: this.#mark, bytes: pingOf(this.#mark) }
  }

  /** A frame and a ping in one; the same for all who are sent that frame one after the other. */
  behind(frame: Uint8Array): Question {
    if (frame === this.#frame && this.#behindFrame) return this.#behindFrame
    const { mark, bytes } = this.alone()
    this.#frame = frame
    this.#behindFrame = { mark, bytes: Buffer.concat([frame, bytes]) }
    return this.#behindFrame
  }
}

/** The ping with a mark. */
export function pingOf(mark: number): Uint8Array {
  return PINGS[mark] as Buffer // safe: there is one for each mark
}
