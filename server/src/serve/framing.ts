/**
 * Text as bytes on the wire, once for every socket that is sent it: RFC 6455 section 5.2 frames, and events of
 * the HTML standard's `text/event-stream`.
 */

const FINAL_TEXT = 0x81
/** Payload lengths from here on need two, then eight, bytes of their own. */
const LONG = 126
const VERY_LONG = 65_536

/** One unmasked, unfragmented text frame, as servers send them. */
export function webSocketText(text: string): Buffer {
  const length = Buffer.byteLength(text)
  const start = headerLength(length)
  const frame = Buffer.allocUnsafe(start + length)
  frame[0] = FINAL_TEXT
  if (length < LONG) frame[1] = length
  else if (length < VERY_LONG) {
    frame[1] = 126
    frame.writeUInt16BE(length, 2)
  } else {
    frame[1] = 127
    frame.writeBigUInt64BE(BigInt(length), 2)
  }
  frame.write(text, start)
  return frame
}

function headerLength(length: number): number {
  if (length < LONG) return 2
  return length < VERY_LONG ? 4 : 10
}

/** One server-sent event. `data` must be of one line, which JSON is. `id` is what the client resumes from. */
export function eventText(event: string, data: string, id?: string): Buffer {
  const idLine = id === undefined ? '' : `id: ${id}\n`
  return Buffer.from(`event: ${event}\n${idLine}data: ${data}\n\n`)
}

/** Tells an event source how long to wait before it reconnects, ms. */
export function retryText(ms: number): Buffer {
  return Buffer.from(`retry: ${Math.round(ms)}\n\n`)
}
