/**
 * The client of Payer Status IO, for browsers and Node: `for await (const change of follow(url))`.
 */

export type {
  Filter,
  Incident,
  Payer,
  Position,
  State,
  Window,
} from '@payer-status/protocol'
export type { Reconnect } from './backoff.ts'
export type { Change } from './change.ts'
export type { Token, WebSocketConstructor, WebSocketLike } from './connection.ts'
export { type ConnectionState, type Following, type FollowOptions, follow } from './follow.ts'
export { RefusedError } from './refused-error.ts'
export { systemTiming, type Timing } from './timing.ts'
