import assert from 'node:assert/strict'
import { connect, type Socket } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { handshakeText } from '../support/serve-house.ts'
import { OPCODE, type Received, takeFrame } from './frames.ts'

/** Longest wait for something that should come at once. */
const PATIENCE_MS = 10_000

/** What the server has said in JSON. */
export type Said = Record<string, unknown> & { type: string }

/** A WebSocket client of bare bytes. What the server sends is held to RFC 6455 frame by frame. */
export class Wire {
  readonly socket: Socket
  #bytes: Buffer = Buffer.alloc(0)
  #hasEnded = false
  #wake: () => void = () => {}

  /** Half-open, so that it is seen which side ends the connection. */
  constructor(port: number) {
    this.socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true })
    this.socket.on('data', (chunk: Buffer) => {
      this.#bytes = Buffer.concat([this.#bytes, chunk])
      this.#wake()
    })
    this.socket.on('end', () => {
      this.#hasEnded = true
      this.#wake()
    })
    this.socket.on('close', () => this.#wake())
    this.socket.on('error', () => {})
  }

  /** Whether the server has ended its side. */
  get hasEnded(): boolean {
    return this.#hasEnded
  }

  /** Writes frames in one go. */
  send(...frames: Uint8Array[]): void {
    this.socket.write(Buffer.concat(frames))
  }

  /** Writes bytes in pieces that the server reads one by one. */
  async trickle(pieces: Iterable<Uint8Array>): Promise<void> {
    for (const piece of pieces) {
      if (this.#hasEnded || this.socket.destroyed) return
      this.socket.write(piece)
      await turn()
    }
  }

  /** The head of the answer to a handshake, as lines. */
  async head(): Promise<string[]> {
    for (;;) {
      const end = this.#bytes.indexOf('\r\n\r\n')
      if (end !== -1) {
        const lines = this.#bytes.toString('latin1', 0, end).split('\r\n')
        this.#bytes = this.#bytes.subarray(end + 4)
        return lines
      }
      await this.#more()
    }
  }

  /** The next frame; undefined once the server has ended its side. */
  async next(): Promise<Received | undefined> {
    for (;;) {
      const taken = takeFrame(this.#bytes)
      if (taken !== undefined) {
        this.#bytes = taken.rest
        return taken.received
      }
      if (this.#hasEnded) return undefined
      await this.#more()
    }
  }

  /** The next frame as JSON. */
  async said(): Promise<Said> {
    const received = await this.next()
    assert.equal(received?.opcode, OPCODE.text, `${received?.payload.toString('latin1')}`)
    return JSON.parse(received.payload.toString())
  }

  /** The next frame of a kind; others before it are passed over. */
  async until(opcode: number): Promise<Received> {
    for (;;) {
      const received = await this.next()
      assert.ok(received, `the server ended the connection without opcode ${opcode}`)
      if (received.opcode === opcode) return received
    }
  }

  /** Every frame until the server ends the connection, which is the last thing it does. */
  async untilEnd(): Promise<Received[]> {
    const all: Received[] = []
    for (let frame = await this.next(); frame !== undefined; frame = await this.next())
      all.push(frame)
    assert.equal(this.#bytes.length, 0, 'there is no half frame at the end')
    this[Symbol.dispose]()
    return all
  }

  /** The code that the connection is closed with, if nothing else comes before it; 1005 stands for none. */
  async closedWith(): Promise<number> {
    const all = await this.untilEnd()
    assert.deepEqual(
      all.map(({ opcode }) => opcode),
      [OPCODE.close],
    )
    return codeOf(all[0]!)
  }

  [Symbol.dispose](): void {
    this.socket.destroy()
  }

  async #more(): Promise<void> {
    assert.ok(!this.socket.destroyed && !this.#hasEnded, 'the server broke the connection off')
    await new Promise<void>((resolve, reject) => {
      this.#wake = resolve
      AbortSignal.timeout(PATIENCE_MS).onabort = () =>
        reject(new Error(`the server did nothing for ${PATIENCE_MS} ms`))
    })
  }
}

/** Connects, and takes what comes before a client has said anything: the handshake, and on v2 the hello. */
export async function aWire(
  { port }: { port: number },
  protocol = 'payer-status-v2',
): Promise<Wire> {
  const wire = new Wire(port)
  wire.socket.write(handshakeText({ 'Sec-WebSocket-Protocol': protocol }))
  const [status] = await wire.head()
  assert.equal(status, 'HTTP/1.1 101 Switching Protocols')
  if (protocol === 'payer-status-v2') assert.equal((await wire.said()).type, 'hello')
  return wire
}

/** The code in a close frame; 1005 stands for none: RFC 6455 section 7.1.5. */
export function codeOf({ payload }: Received): number {
  return payload.length === 0 ? 1005 : payload.readUInt16BE(0)
}

/** A frame of v2 that is answered by a pong with the same number. JSON takes spaces, so it may have any length from there. */
export function question(id: number, length = 0): string {
  return JSON.stringify({ type: 'ping', id }).padEnd(length)
}

/** The answer to a question. */
export function answer(id: number): Said {
  return { type: 'pong', id }
}

/** Bytes one by one. */
export function* singly(bytes: Uint8Array): Iterable<Uint8Array> {
  for (let i = 0; i < bytes.length; i++) yield bytes.subarray(i, i + 1)
}
