/**
 * Frames of v2 and SSE as bytes. Records come as JSON that the board has cached; what is about one client is small.
 */
import type { ServerFrame } from '@payer-status/protocol'
import { eventText, webSocketText } from './framing.ts'
import type { Channel } from './hub-counters.ts'

/** One record of a frame: which list it stands in, and its JSON. */
export type Piece = { list: (typeof LISTS)[number]; json: string }

/** One part of one read of the board. */
export type Part = {
  kind: 'snapshot' | 'updates'
  epoch: string
  /** The position of a client before the read, and after its last part. */
  from: number
  rev: number
  part: number
  of: number
  pieces: readonly Piece[]
}

/** A part as bytes, and how many messages a client sees in it. */
export type Framed = { bytes: Buffer; messages: number }

const LISTS = ['payers', 'endpoints', 'incidents', 'maintenance'] as const

/** Frames one part for a kind of connection. */
export function encodePart(channel: Channel, part: Part): Framed {
  if (channel === 'v1') {
    const frames = part.pieces.map(({ json }) => webSocketText(json))
    return { bytes: Buffer.concat(frames), messages: frames.length }
  }
  const json = recordsJson(part)
  const isLast = part.part === part.of
  const bytes =
    channel === 'v2'
      ? webSocketText(json)
      : // The id of an event is a position to resume from: nobody is there before the last part of a snapshot.
        eventText(part.kind, json, isLast ? positionId(part.epoch, part.rev) : undefined)
  return { bytes, messages: 1 }
}

/** Frames one message for one client, or for several that are to be told the same. */
export function encodeFrame(channel: 'v2' | 'sse', frame: ServerFrame, epoch: string): Buffer {
  const json = JSON.stringify(frame)
  if (channel === 'v2') return webSocketText(json)
  const id = frame.type === 'heartbeat' ? positionId(epoch, frame.rev) : undefined
  return eventText(frame.type, json, id)
}

/** A position as the id of an event. */
function positionId(epoch: string, rev: number): string {
  return `${epoch}:${rev}`
}

/** Of several parts of `updates`, only the last moves the client's position: a cut between them loses nothing. */
function recordsJson({ kind, epoch, from, rev, part, of, pieces }: Part): string {
  const head =
    kind === 'snapshot'
      ? `{"type":"snapshot","epoch":${JSON.stringify(epoch)},"rev":${rev},"part":${part},"of":${of}`
      : `{"type":"updates","rev":${part === of ? rev : from}`
  let json = head
  for (const list of LISTS) {
    const records = pieces.filter((piece) => piece.list === list).map((piece) => piece.json)
    if (records.length > 0) json += `,"${list}":[${records.join(',')}]`
  }
  return `${json}}`
}
