import type { Peer } from '../../src/serve/settings.ts'

/** Any frame, of v2 or v1, as tests look into it. */
export type Seen = {
  type: string
  rev: number
  part: number
  of: number
  code: string
  message: string
  issues: string[]
  payer: string
  lagMs: number
  payers?: SeenRecord[]
  endpoints?: SeenRecord[]
  incidents?: SeenRecord[]
}
export type SeenRecord = {
  id: string
  endpoint: string
  payer: string
  rev: number
  statusRev: number
  status: string
  removed?: true
}

/** A socket that keeps what was written to it, and is as slow as it is told to be. */
export class FakeSocket implements Peer {
  writable = true
  unsentBytes = 0
  pings = 0
  terminated = false
  #closedWith: { code: number; reason: string } | undefined
  readonly writes: Uint8Array[] = []

  write(framed: Uint8Array): void {
    this.writes.push(framed)
  }

  close(code: number, reason: string): void {
    this.#closedWith ??= { code, reason }
  }

  /** The first close, if there was one. */
  get closedWith(): { code: number; reason: string } | undefined {
    return this.#closedWith
  }

  get isClosed(): boolean {
    return this.#closedWith !== undefined
  }

  ping(): void {
    this.pings++
  }

  terminate(): void {
    this.terminated = true
  }

  /** The text frames that were written, and forgets them. */
  takeTexts(): string[] {
    return this.writes.splice(0).flatMap((bytes) => webSocketTexts(Buffer.from(bytes)))
  }

  /** The frames that were written, as JSON, and forgets them. */
  take(): Seen[] {
    return this.takeTexts().map((text) => JSON.parse(text))
  }
}

/** Reads unmasked text frames by RFC 6455 section 5.2, without the code under test. */
export function webSocketTexts(bytes: Buffer): string[] {
  const texts: string[] = []
  for (let at = 0; at < bytes.length; ) {
    if (bytes[at] !== 0x81) throw new Error('expected a final text frame')
    const { start, length } = payloadOf(bytes, at)
    texts.push(bytes.subarray(start, start + length).toString())
    at = start + length
  }
  return texts
}

function payloadOf(bytes: Buffer, at: number): { start: number; length: number } {
  const short = bytes.readUInt8(at + 1)
  if (short === 127) return { start: at + 10, length: Number(bytes.readBigUInt64BE(at + 2)) }
  if (short === 126) return { start: at + 4, length: bytes.readUInt16BE(at + 2) }
  return { start: at + 2, length: short }
}
