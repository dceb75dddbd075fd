/**
 * Frames as RFC 6455 section 5.2 draws them, written and read without any library: the measure that the server is
 * held to. The writer makes whatever it is asked for, the reader takes only what a server may send.
 */
import assert from 'node:assert/strict'
import { isUtf8 } from 'node:buffer'

/** RFC 6455 section 11.8. */
export const OPCODE = {
  more: 0x0,
  text: 0x1,
  binary: 0x2,
  close: 0x8,
  ping: 0x9,
  pong: 0xa,
} as const

/** One frame of a client; what is not given is as it ought to be. */
export type FrameParts = {
  opcode: number
  payload?: Uint8Array | string
  fin?: boolean
  /** The three reserved bits as one number: RSV1 is 4, RSV2 is 2, RSV3 is 1. */
  rsv?: number
  /** Four bytes; null leaves them out, and the bit that announces them. */
  mask?: Uint8Array | null
  /** How many bytes of their own the length is written in. */
  lengthBytes?: 0 | 2 | 8
}

const MASK = Buffer.from([0x37, 0xfa, 0x21, 0x3d]) // of the example in RFC 6455 section 5.7

/** Writes a frame. */
export function frame({ opcode, payload = '', fin = true, rsv = 0, ...rest }: FrameParts): Buffer {
  const { mask = MASK, lengthBytes } = rest
  const body = Buffer.from(payload)
  const first = (fin ? 0x80 : 0) | (rsv << 4) | opcode
  const head = [Buffer.from([first]), lengthOf(body.length, mask !== null, lengthBytes)]
  if (mask === null) return Buffer.concat([...head, body])
  return Buffer.concat([...head, mask, body.map((byte, i) => byte ^ mask[i % 4]!)])
}

/** A whole message of text in one frame. */
export function text(payload: Uint8Array | string): Buffer {
  return frame({ opcode: OPCODE.text, payload })
}

/** A ping of RFC 6455 section 5.5.2. */
export function ping(payload: Uint8Array | string = ''): Buffer {
  return frame({ opcode: OPCODE.ping, payload })
}

/** A close frame of RFC 6455 section 5.5.1: empty without a code. */
export function close(code?: number, reason: Uint8Array | string = ''): Buffer {
  if (code === undefined) return frame({ opcode: OPCODE.close })
  const payload = Buffer.concat([Buffer.from([code >> 8, code & 0xff]), Buffer.from(reason)])
  return frame({ opcode: OPCODE.close, payload })
}

/** A message of text as one frame per piece. */
export function fragments(pieces: readonly (Uint8Array | string)[], opcode = 0x1): Buffer[] {
  return pieces.map((payload, i) =>
    frame({ opcode: i === 0 ? opcode : OPCODE.more, fin: i === pieces.length - 1, payload }),
  )
}

function lengthOf(length: number, isMasked: boolean, lengthBytes = leastBytes(length)): Buffer {
  const bit = isMasked ? 0x80 : 0
  if (lengthBytes === 0) return Buffer.from([bit | length])
  const bytes = Buffer.alloc(1 + lengthBytes, bit | (lengthBytes === 2 ? 126 : 127))
  if (lengthBytes === 2) bytes.writeUInt16BE(length, 1)
  else bytes.writeBigUInt64BE(BigInt(length), 1)
  return bytes
}

/** RFC 6455 section 5.2: the minimal number of bytes must be used. */
function leastBytes(length: number): 0 | 2 | 8 {
  if (length < 126) return 0
  return length < 65_536 ? 2 : 8
}

/** One frame of the server. */
export type Received = { opcode: number; payload: Buffer }

/**
 * Takes the first whole frame off the bytes; undefined while it has not arrived.
 * @throws {assert.AssertionError} when it is one that a server may not send, or that ours promises not to
 */
export function takeFrame(bytes: Buffer): { received: Received; rest: Buffer } | undefined {
  if (bytes.length < 2) return undefined
  const first = bytes.readUInt8(0)
  const short = bytes.readUInt8(1)
  const opcode = first & 0x0f
  assert.equal(first & 0x70, 0, 'no extension was agreed on, so RSV1, RSV2 and RSV3 are zero')
  assert.equal(first & 0x80, 0x80, 'the server does not fragment')
  assert.ok(SENT.has(opcode), `the server sends text and control frames, not opcode ${opcode}`)
  assert.equal(short & 0x80, 0, 'section 5.1: a server does not mask')
  const lengthBytes = short < 126 ? 0 : short === 126 ? 2 : 8
  const start = 2 + lengthBytes
  if (bytes.length < start) return undefined
  const length = lengthBytes === 0 ? short : Number(`0x${bytes.toString('hex', 2, start)}`)
  assert.equal(lengthBytes, leastBytes(length), `section 5.2: the length ${length} is minimal`)
  if (bytes.length < start + length) return undefined
  const received = { opcode, payload: bytes.subarray(start, start + length) }
  inspect(received)
  return { received, rest: bytes.subarray(start + length) }
}

const SENT = new Set<number>([OPCODE.text, OPCODE.close, OPCODE.ping, OPCODE.pong])

function inspect({ opcode, payload }: Received): void {
  if (opcode === OPCODE.text) assert.ok(isUtf8(payload), 'section 5.6: text is UTF-8')
  else assert.ok(payload.length <= 125, 'section 5.5: a control frame has at most 125 bytes')
  if (opcode !== OPCODE.close || payload.length === 0) return
  assert.notEqual(payload.length, 1, 'section 5.5.1: a close frame is empty or begins with a code')
  assert.ok(isUtf8(payload.subarray(2)), 'section 5.5.1: a reason is UTF-8')
}
