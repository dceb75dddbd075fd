/**
 * The frames of subprotocol `payer-status-v2`, and of `GET /events`, which carries the same ones.
 * A client's whole position is `{ epoch, rev }`; see docs/protocol.md.
 */
import * as z from 'zod'
import { Filter } from './filter.ts'
import { Incident, Payer, Removed, RemovedPayer, State, Window } from './model.ts'

/** Subprotocols the server speaks, the preferred one first. */
export const SUBPROTOCOLS = ['payer-status-v2', 'payer-status-v1'] as const
export type Subprotocol = (typeof SUBPROTOCOLS)[number]

const Rev = z.int().nonnegative()

/** A place in the log: which log, and how far. */
export const Position = z.strictObject({ epoch: z.string().max(64), rev: Rev })
export type Position = z.infer<typeof Position>

/** `result`: every new result. `status`: only when status, reason or an incident changes. */
export const Detail = z.enum(['result', 'status'])
export type Detail = z.infer<typeof Detail>

export const ClientFrame = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('subscribe'),
    filter: Filter.optional(),
    detail: Detail.optional(),
    since: Position.optional(),
  }),
  z.strictObject({ type: z.literal('unsubscribe') }),
  z.strictObject({ type: z.literal('authenticate'), token: z.string().min(1).max(4096) }),
  z.strictObject({ type: z.literal('ping'), id: z.int().optional() }),
])
export type ClientFrame = z.infer<typeof ClientFrame>

/** The records of a `snapshot` or `updates` frame; an absent list is empty. */
const records = {
  payers: z.array(z.union([Payer, RemovedPayer])).optional(),
  endpoints: z.array(z.union([State, Removed])).optional(),
  incidents: z.array(Incident).optional(),
  maintenance: z.array(Window).optional(),
}

export const ErrorCode = z.enum([
  'invalid_frame',
  'invalid_filter',
  'unknown_name',
  'unauthenticated',
  'forbidden',
  'rate_limited',
  'too_large',
  'internal',
])
export type ErrorCode = z.infer<typeof ErrorCode>

export const Hello = z.strictObject({
  type: z.literal('hello'),
  epoch: z.string(),
  rev: Rev,
  server: z.string(),
  node: z.string(),
  heartbeatMs: z.int().positive(),
  auth: z.enum(['none', 'required']),
  limits: z.strictObject({
    maxFrameBytes: z.int(),
    framesPerSecond: z.number(),
    frameBurst: z.int(),
    framesPerMinute: z.int(),
    maxFilterClauses: z.int(),
    maxFilterNames: z.int(),
  }),
})
export type Hello = z.infer<typeof Hello>

export const Snapshot = z.strictObject({
  type: z.literal('snapshot'),
  epoch: z.string(),
  rev: Rev,
  part: z.int().positive(),
  of: z.int().positive(),
  ...records,
})
export type Snapshot = z.infer<typeof Snapshot>

export const Updates = z.strictObject({ type: z.literal('updates'), rev: Rev, ...records })
export type Updates = z.infer<typeof Updates>

export const Heartbeat = z.strictObject({
  type: z.literal('heartbeat'),
  rev: Rev,
  at: z.iso.datetime({ precision: 3 }),
  stale: z.boolean(),
  lagMs: z.number().nonnegative(),
})
export type Heartbeat = z.infer<typeof Heartbeat>

export const ErrorFrame = z.strictObject({
  type: z.literal('error'),
  code: ErrorCode,
  message: z.string(),
  issues: z.array(z.string()),
})
export type ErrorFrame = z.infer<typeof ErrorFrame>

export const ServerFrame = z.discriminatedUnion('type', [
  Hello,
  z.strictObject({
    type: z.literal('authenticated'),
    subject: z.string(),
    scopes: z.array(z.string()),
    expiresAt: z.iso.datetime({ precision: 3 }).nullable(),
  }),
  Snapshot,
  Updates,
  Heartbeat,
  z.strictObject({ type: z.literal('drain'), reconnectAfterMs: z.tuple([z.int(), z.int()]) }),
  z.strictObject({ type: z.literal('pong'), id: z.int().optional() }),
  ErrorFrame,
])
export type ServerFrame = z.infer<typeof ServerFrame>
