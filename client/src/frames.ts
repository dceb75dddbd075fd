/**
 * Reads what the server sends. The checks are only as deep as this client relies on: the frame's own fields, and of
 * each record its id and `rev`. A full validation would cost a browser more than the whole client.
 */
import type { ServerFrame } from '@payer-status/protocol'

/** A frame of the protocol; `unknown` when its type is of a later version; `unreadable` when it makes no sense. */
export type Frame = ServerFrame | { type: 'unknown' } | { type: 'unreadable' }

/** Most parts of one snapshot: 1 GiB of frames. */
const MAX_PARTS = 4_096

type Loose = Readonly<Record<string, unknown>>

const CHECKS: { readonly [T in ServerFrame['type']]: (frame: Loose) => boolean } = {
  hello: ({ epoch, rev, heartbeatMs }) =>
    isText(epoch) && isCount(rev) && isCount(heartbeatMs) && heartbeatMs > 0,
  authenticated: ({ expiresAt }) => expiresAt === null || isText(expiresAt),
  snapshot: (frame) => isText(frame.epoch) && isPart(frame) && hasRecords(frame),
  updates: hasRecords,
  heartbeat: ({ rev, lagMs, stale }) =>
    isCount(rev) && Number.isFinite(lagMs) && typeof stale === 'boolean',
  drain: ({ reconnectAfterMs }) =>
    Array.isArray(reconnectAfterMs) &&
    reconnectAfterMs.length === 2 &&
    reconnectAfterMs.every(isCount),
  pong: () => true,
  error: ({ code, message, issues }) =>
    isText(code) && isText(message) && Array.isArray(issues) && issues.every(isText),
}

/** Reads one message. Never throws. */
export function readFrame(data: unknown): Frame {
  const frame = parsed(data)
  if (!isLoose(frame) || !isText(frame.type)) return { type: 'unreadable' }
  if (!isKnown(frame.type)) return { type: 'unknown' }
  return CHECKS[frame.type](frame) ? checked(frame) : { type: 'unreadable' }
}

/** The one cast: the frame's type is known and its check has passed. */
function checked(frame: Loose): ServerFrame {
  return frame as ServerFrame
}

function parsed(data: unknown): unknown {
  if (typeof data !== 'string') return undefined
  try {
    return JSON.parse(data)
  } catch {
    return undefined
  }
}

function isKnown(type: string): type is ServerFrame['type'] {
  return Object.hasOwn(CHECKS, type)
}

function isPart({ part, of }: Loose): boolean {
  return isCount(part) && isCount(of) && part >= 1 && part <= of && of <= MAX_PARTS
}

function hasRecords({ rev, payers, endpoints, incidents, maintenance }: Loose): boolean {
  return (
    isCount(rev) &&
    areRecords(payers, 'payer') &&
    areRecords(endpoints, 'endpoint') &&
    areRecords(incidents, 'id') &&
    areRecords(maintenance, 'id')
  )
}

function areRecords(list: unknown, id: string): boolean {
  if (list === undefined) return true
  return Array.isArray(list) && list.every((r) => isLoose(r) && isText(r[id]) && isCount(r.rev))
}

function isLoose(value: unknown): value is Loose {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0
}
