/** The few packets of MQTT 3.1.1 that a publisher and a subscriber need. OASIS MQTT 3.1.1 chapter 3. */

const CONNECT = 0x10
const PUBLISH = 0x30
const SUBSCRIBE = 0x82
const CLEAN_SESSION = 0x02
const PROTOCOL_LEVEL = 4

/** CONNECT with a clean session, an empty client id and no keep-alive. */
export function connectPacket(): Buffer {
  return packet(CONNECT, [
    text('MQTT'),
    Buffer.from([PROTOCOL_LEVEL, CLEAN_SESSION, 0, 0]),
    text(''),
  ])
}

/** SUBSCRIBE to one topic at QoS 0, as packet 1. */
export function subscribePacket(topic: string): Buffer {
  return packet(SUBSCRIBE, [Buffer.from([0, 1]), text(topic), Buffer.from([0])])
}

/** PUBLISH at QoS 0. */
export function publishPacket(topic: string, body: string): Buffer {
  return packet(PUBLISH, [text(topic), Buffer.from(body)])
}

function packet(type: number, parts: readonly Buffer[]): Buffer {
  const rest = Buffer.concat(parts)
  return Buffer.concat([Buffer.from([type, ...lengthBytes(rest.length)]), rest])
}

/** "Remaining length": seven bits a byte, the lowest first. Section 2.2.3. */
function lengthBytes(length: number): number[] {
  if (length < 128) return [length]
  return [(length % 128) | 128, ...lengthBytes(Math.floor(length / 128))]
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value)
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 255]), bytes])
}
